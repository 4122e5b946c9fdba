import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** One perpetual as QuantizedMargin sees it, in hash order; units in circuits/quantized/quantizedRow.circom. */
export interface QuantizedRowFields {
  readonly key: bigint;
  readonly price: bigint;
  readonly fundingIndex: bigint;
  readonly baseRate: bigint;
  readonly fraction: bigint;
}

export const quantizedRowElements = (row: QuantizedRowFields): readonly bigint[] => [
  row.key,
  row.price,
  row.fundingIndex,
  row.baseRate,
  row.fraction,
];

/** Twin of QuantizedRowHash. */
export const quantizedRowHash = (row: QuantizedRowFields): bigint =>
  taggedHash(TAGS.quantizedRow, quantizedRowElements(row));
