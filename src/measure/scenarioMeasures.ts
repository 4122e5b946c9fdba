import { usedSlots } from '../account/usedSlots.js';
import { constrain } from '../numbers/constraint.js';
import { ranged } from '../numbers/ranged.js';
import { MEASURE } from '../protocol/constants.js';
import { notBelow } from './notBelow.js';
import { pivotSplit } from './pivotSplit.js';

/** What is measured over a list of scenarios; units in circuits/measure/scenarioMeasures.circom. */
export interface ScenarioRules {
  readonly count: bigint;
  readonly stressCount: bigint;
  readonly tailWeight: bigint;
  readonly allowed: bigint;
}

/** What the prover chooses. */
export interface Pivots {
  readonly pivot: bigint;
  readonly worst: bigint;
}

/** Twin of ScenarioMeasures: both in 1e-21 quote. */
export function scenarioMeasures(
  total: readonly bigint[],
  { count, stressCount, tailWeight, allowed }: ScenarioRules,
  { pivot, worst }: Pivots,
): { readonly tail: bigint; readonly stress: bigint } {
  const { lanes, totalBits, measureBits, measureScale, countBits } = MEASURE;
  const scenarios = total.length * lanes;
  const likely = usedSlots(scenarios, count);
  const listed = usedSlots(scenarios, count + stressCount);
  ranged(totalBits + 1, pivot + (1n << BigInt(totalBits)));
  ranged(totalBits, worst);

  const splits = total.flatMap((element, e) =>
    pivotSplit(
      element,
      Array.from({ length: lanes }, (_, i) => (likely[e * lanes + i] === 1n ? pivot : worst)),
    ),
  );
  const sumOf = (term: (split: (typeof splits)[number], s: number) => bigint): bigint =>
    splits.reduce((sum, split, s) => sum + term(split, s), 0n);
  const beyond = sumOf((split, s) => (likely[s] as bigint) * split.beyond);
  const exceeding = sumOf((split, s) => (likely[s] as bigint) * split.exceeds);
  const worse = sumOf((split, s) => ((listed[s] as bigint) - (likely[s] as bigint)) * split.exceeds);
  ranged(countBits, allowed - exceeding);
  constrain(worse === 0n, 'ScenarioMeasures', 'a stress loss is worse than the worst');
  return {
    tail: notBelow(measureBits, measureScale * pivot + tailWeight * beyond),
    stress: measureScale * worst,
  };
}
