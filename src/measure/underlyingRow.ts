import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** One underlying with its shocks, padded with zeros; units in circuits/measure/underlyingRow.circom. */
export interface UnderlyingRowFields {
  readonly key: bigint;
  readonly move: readonly bigint[];
  readonly volatility: readonly bigint[];
}

const PART = 12;
const hashParts = (values: readonly bigint[]): readonly bigint[] =>
  Array.from({ length: values.length / PART }, (_, part) =>
    taggedHash(TAGS.shocks, values.slice(part * PART, (part + 1) * PART)),
  );

export const underlyingRowElements = ({ key, move, volatility }: UnderlyingRowFields): readonly bigint[] => [
  key,
  ...move,
  ...volatility,
];

/** Twin of UnderlyingRowHash. */
export const underlyingRowHash = ({ key, move, volatility }: UnderlyingRowFields): bigint =>
  taggedHash(TAGS.underlyingRow, [key, ...hashParts(move), ...hashParts(volatility)]);
