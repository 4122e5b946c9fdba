import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** The factor matrix as a row: a square with zeros above the diagonal; units in circuits/measure/factorsRow.circom. */
export interface FactorsRowFields {
  readonly key: bigint;
  readonly cholesky: readonly (readonly bigint[])[];
}

/** Twin of FactorsRowHash. */
export const factorsRowHash = ({ key, cholesky }: FactorsRowFields): bigint =>
  cholesky.reduce((hash, row) => taggedHash(TAGS.factors, [hash, ...row]), key);
