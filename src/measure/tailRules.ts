import { SolvencyError } from '../errors.js';
import { FINE_SCALE, RATE_SCALE } from '../protocol/constants.js';
import type { TailMeasure } from '../snapshot/snapshot.js';
import type { ScenarioRules } from './scenarioMeasures.js';

/** What a circuit opens of a tail measure: its confidence level, parts per million, and what follows from it. */
export interface TailRules extends Omit<ScenarioRules, 'stressCount'> {
  readonly confidence: bigint;
}

/**
 * The numbers by which ScenarioMeasures measures a tail. Expected shortfall weighs what lies beyond the pivot by
 * 1 / ((1 - confidence) x count), rounded up to 1e-9, which asks for more; historical value at risk lets the whole number of
 * losses below (1 - confidence) x count lie beyond.
 */
export function tailRules({ measure, confidence, scenarios }: TailMeasure): TailRules {
  const count = BigInt(scenarios.length);
  // scenarios in the tail, parts per million
  const tail = (RATE_SCALE - confidence) * count;
  return measure === 'expected shortfall'
    ? { confidence, count, tailWeight: (FINE_SCALE * RATE_SCALE + tail - 1n) / tail, allowed: count }
    : { confidence, count, tailWeight: 0n, allowed: tail / RATE_SCALE };
}

/**
 * Scenarios with which one whole one lies in the tail of a confidence level (parts per million, below 1): with fewer, a
 * measure of the tail says nothing that the largest loss does not.
 */
export function scenariosNeeded(confidence: bigint): bigint {
  const tail = RATE_SCALE - confidence;
  return (RATE_SCALE + tail - 1n) / tail;
}

/** Throws TOO_FEW_SCENARIOS where no whole scenario lies in the tail. */
export function requireTail(scenarios: number, confidence: bigint): void {
  const needed = scenariosNeeded(confidence);
  if (BigInt(scenarios) >= needed) return;
  throw new SolvencyError(
    'TOO_FEW_SCENARIOS',
    `A confidence level of ${confidence} parts per million needs at least ${needed} scenarios, and there are ${scenarios}. Add scenarios, or lower the level.`,
    { details: { scenarios, needed: Number(needed) } },
  );
}
