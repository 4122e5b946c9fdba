import { ranged } from '../numbers/ranged.js';
import { MEASURE } from '../protocol/constants.js';

/** What one scenario loses against a pivot. */
export interface PivotSplit {
  /** max(0, loss - pivot), 1e-12 quote */
  readonly beyond: bigint;
  /** 1 where the loss is larger than the pivot */
  readonly exceeds: bigint;
}

const LANE = 1n << BigInt(MEASURE.laneBits);

/** The losses in the scenarios that share an element of totals. */
export function lossesOf(total: bigint): readonly bigint[] {
  let rest = total;
  return Array.from({ length: MEASURE.lanes }, () => {
    const change = BigInt.asIntN(MEASURE.laneBits, rest);
    rest = (rest - change) / LANE;
    return -change;
  });
}

/** Twin of PivotSplit: one item a scenario of the element. */
export const pivotSplit = (total: bigint, pivot: readonly bigint[]): readonly PivotSplit[] =>
  lossesOf(total).map((loss, i) => {
    const above = loss - (pivot[i] as bigint);
    ranged(MEASURE.splitBits, above < 0n ? -above : above);
    return above > 0n ? { beyond: above, exceeds: 1n } : { beyond: 0n, exceeds: 0n };
  });
