import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** One expiry as PortfolioMargin sees it, in hash order; units in circuits/portfolio/expiryRow.circom. */
export interface ExpiryRowFields {
  readonly key: bigint;
  readonly underlying: bigint;
  readonly perpetual: bigint;
  readonly positiveDown: bigint;
  readonly positiveUp: bigint;
  readonly negativeDown: bigint;
  readonly negativeUp: bigint;
  readonly charge: bigint;
  readonly chargeWithPerpetual: bigint;
}

export const expiryRowElements = (row: ExpiryRowFields): readonly bigint[] => [
  row.key,
  row.underlying,
  row.perpetual,
  row.positiveDown,
  row.positiveUp,
  row.negativeDown,
  row.negativeUp,
  row.charge,
  row.chargeWithPerpetual,
];

/** Twin of ExpiryRowHash. */
export const expiryRowHash = (row: ExpiryRowFields): bigint => taggedHash(TAGS.expiryRow, expiryRowElements(row));
