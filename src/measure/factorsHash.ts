import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** Twin of FactorsHash; a square with zeros above the diagonal. */
export const factorsHash = (cholesky: readonly (readonly bigint[])[]): bigint =>
  cholesky.reduce((hash, row) => taggedHash(TAGS.factors, [hash, ...row]), 0n);
