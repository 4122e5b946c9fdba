import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** All that is claimed of a book before anything of it is proven; units in circuits/liabilities/liabilitiesStatement.circom. */
export interface LiabilitiesStatement {
  readonly accountRoot: bigint;
  readonly riskRoot: bigint;
  readonly totalsHash: bigint;
  readonly largestDebtor: bigint;
  readonly venueStart: bigint;
  readonly salt: bigint;
}

/** In the order in which it is hashed. */
export const statementElements = (statement: LiabilitiesStatement): readonly bigint[] => [
  statement.accountRoot,
  statement.riskRoot,
  statement.totalsHash,
  statement.largestDebtor,
  statement.venueStart,
  statement.salt,
];

/** Where the totals of a statement with this hash are compared. */
export const totalsChallenge = (statementHash: bigint): bigint => taggedHash(TAGS.totalsChallenge, [statementHash]);

/** Twin of StatementHash: what batches carry, and the challenge at which totals are compared. */
export function statementHash(statement: LiabilitiesStatement): { readonly hash: bigint; readonly challenge: bigint } {
  const hash = taggedHash(TAGS.liabilitiesStatement, statementElements(statement));
  return { hash, challenge: totalsChallenge(hash) };
}
