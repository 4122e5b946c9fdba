import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** One side of an instrument as WeightedMargin sees it, in hash order; units in circuits/weighted/weightedRow.circom. */
export interface WeightedRowFields {
  readonly key: bigint;
  readonly price: bigint;
  readonly marginPrice: bigint;
  readonly rate: bigint;
  readonly premiumBase: bigint;
  readonly premium: bigint;
  readonly rootScale: bigint;
  readonly quadratic: bigint;
  readonly gainWeight: bigint;
  readonly gainCap: bigint;
}

export const weightedRowElements = (row: WeightedRowFields): readonly bigint[] => [
  row.key,
  row.price,
  row.marginPrice,
  row.rate,
  row.premiumBase,
  row.premium,
  row.rootScale,
  row.quadratic,
  row.gainWeight,
  row.gainCap,
];

/** Twin of WeightedRowHash. */
export const weightedRowHash = (row: WeightedRowFields): bigint =>
  taggedHash(TAGS.weightedRow, weightedRowElements(row));
