import { maximum } from '../numbers/maximum.js';
import { FINE_SCALE } from '../protocol/constants.js';
import { lossesOf } from './pivotSplit.js';
import type { Pivots, ScenarioRules } from './scenarioMeasures.js';

/**
 * The pivots with which ScenarioMeasures asks for least. What lies beyond adds tailWeight for each loss, and a pivot one
 * higher costs 1: so it stands at the largest loss that at most 1 / tailWeight others exceed, and at most `allowed`.
 */
export function leastPivots(
  total: readonly bigint[],
  { count, stressCount, tailWeight, allowed }: ScenarioRules,
): Pivots {
  const losses = total.flatMap(lossesOf);
  const descending = losses.slice(0, Number(count)).sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  const beyond = tailWeight === 0n ? count : FINE_SCALE / tailWeight;
  const rank = [beyond, allowed, count - 1n].reduce((least, each) => (each < least ? each : least));
  const worst = maximum([0n, ...losses.slice(Number(count), Number(count + stressCount))]);
  return { pivot: descending[Number(rank)] ?? 0n, worst };
}
