import { constrain } from '../numbers/constraint.js';
import { ranged } from '../numbers/ranged.js';
import { MEASURE } from '../protocol/constants.js';
import { exposuresHash } from './exposuresHash.js';
import type { MeasuredContract } from './measureRow.js';

/** Twin of ParametricLoss: the least whole number whose square is not below the sum of squares, 1e-21 quote. */
export function parametricLoss(
  size: readonly bigint[],
  contracts: readonly MeasuredContract[],
  cholesky: readonly (readonly bigint[])[],
): bigint {
  for (const { row, exposures } of contracts) {
    constrain(exposuresHash(exposures) === row.exposures, 'ParametricLoss', 'other exposures than those of the row');
  }
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
