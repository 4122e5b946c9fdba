import { constrain } from '../numbers/constraint.js';
import { ranged } from '../numbers/ranged.js';
import { MEASURE } from '../protocol/constants.js';
import { changesHash } from './changesHash.js';
import type { MeasuredContract } from './measureRow.js';

/** Twin of ScenarioLosses: totals of the account, three scenarios an element, as the lanes of its contracts. */
export function scenarioLosses(
  magnitude: readonly bigint[],
  size: readonly bigint[],
  contracts: readonly MeasuredContract[],
): readonly bigint[] {
  for (const { row, lanes } of contracts) {
    constrain(changesHash(lanes) === row.changes, 'ScenarioLosses', 'other changes than those of the row');
  }
  ranged(
    MEASURE.totalBits,
    contracts.reduce((sum, { row }, k) => sum + (magnitude[k] as bigint) * row.bound, 0n),
  );
  return totalsOf(size, contracts);
}

/** Totals alone, for whoever chooses pivots. */
export function totalsOf(size: readonly bigint[], contracts: readonly MeasuredContract[]): readonly bigint[] {
  const elements = contracts[0]?.lanes.length ?? 0;
  return Array.from({ length: elements }, (_, element) =>
    contracts.reduce((sum, { lanes }, k) => sum + (size[k] as bigint) * (lanes[element] as bigint), 0n),
  );
}
