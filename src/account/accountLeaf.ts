import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** The five parts of a leaf, in hash order. */
export interface LeafOpening {
  readonly ownerCommitment: bigint;
  readonly accountId: bigint;
  readonly collateralHash: bigint;
  readonly positionsHash: bigint;
  readonly salt: bigint;
}

/** Twin of AccountLeaf. */
export const accountLeaf = (leaf: LeafOpening): bigint =>
  taggedHash(TAGS.accountLeaf, [
    leaf.ownerCommitment,
    leaf.accountId,
    leaf.collateralHash,
    leaf.positionsHash,
    leaf.salt,
  ]);
