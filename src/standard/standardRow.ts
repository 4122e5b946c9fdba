import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** One contract as StandardMargin sees it, in hash order; units in circuits/standard/standardRow.circom. */
export interface StandardRowFields {
  readonly key: bigint;
  readonly expiry: bigint;
  readonly strike: bigint;
  readonly call: bigint;
  readonly put: bigint;
  readonly price: bigint;
  readonly isolated: bigint;
  readonly unpaired: bigint;
  readonly longCharge: bigint;
  readonly shortCharge: bigint;
}

export const standardRowElements = (row: StandardRowFields): readonly bigint[] => [
  row.key,
  row.expiry,
  row.strike,
  row.call,
  row.put,
  row.price,
  row.isolated,
  row.unpaired,
  row.longCharge,
  row.shortCharge,
];

/** Twin of StandardRowHash. */
export const standardRowHash = (row: StandardRowFields): bigint =>
  taggedHash(TAGS.standardRow, standardRowElements(row));
