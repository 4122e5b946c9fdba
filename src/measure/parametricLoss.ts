import { constrain } from '../numbers/constraint.js';
import { ranged } from '../numbers/ranged.js';
import { MEASURE } from '../protocol/constants.js';
import { type RowOpening, tableLookup } from '../risk/tableLookup.js';
import { rowKey } from '../risk/tableRow.js';
import { exposuresHash } from './exposuresHash.js';
import { type FactorsRowFields, factorsRowHash } from './factorsRow.js';
import type { MeasuredContract } from './measureRow.js';

/** Twin of ParametricLoss: the least whole number whose square is not below the sum of squares, 1e-21 quote. */
export function parametricLoss(
  size: readonly bigint[],
  contracts: readonly MeasuredContract[],
  { row, place }: RowOpening<FactorsRowFields>,
  nodes: readonly bigint[],
): bigint {
  for (const { row: contract, exposures } of contracts) {
    const hash = exposuresHash(exposures);
    constrain(hash === contract.exposures, 'ParametricLoss', 'other exposures than those of the row');
  }
  const key = rowKey('factors', 1n);
  tableLookup('factors', 1n, 1n, { key, hash: factorsRowHash({ ...row, key }) }, place, nodes);
  return factorLoss(size, contracts, row.cholesky);
}

/** The same of a matrix that was looked up. */
export function factorLoss(
  size: readonly bigint[],
  contracts: readonly MeasuredContract[],
  cholesky: readonly (readonly bigint[])[],
): bigint {
  const exposure = cholesky.map((_, factor) =>
    contracts.reduce((sum, { exposures }, k) => sum + (size[k] as bigint) * (exposures[factor] as bigint), 0n),
  );
  const squares = cholesky
    .map((_, j) => {
      const along = exposure.reduce((sum, each, i) => sum + (cholesky[i]?.[j] as bigint) * each, 0n);
      ranged(MEASURE.componentBits + 1, along + (1n << BigInt(MEASURE.componentBits)));
      return along * along;
    })
    .reduce((sum, square) => sum + square, 0n);
  const loss = ceilingRoot(squares);
  ranged(MEASURE.normBits, loss);
  ranged(MEASURE.normBits + 1, loss * loss - squares);
  return loss;
}

/** The least whole number whose square is at least `value`, which is not negative. */
function ceilingRoot(value: bigint): bigint {
  let [below, above] = [0n, 1n << BigInt((value.toString(2).length / 2 + 1) | 0)];
  while (below < above) {
    const middle = (below + above) / 2n;
    if (middle * middle >= value) above = middle;
    else below = middle + 1n;
  }
  return below;
}
