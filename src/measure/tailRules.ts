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
