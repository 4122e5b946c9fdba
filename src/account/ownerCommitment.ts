import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** Twin of OwnerCommitment: what an owner hands to a venue; the secret stays with the owner. */
export const ownerCommitment = (ownerSecret: bigint): bigint => taggedHash(TAGS.ownerCommitment, [ownerSecret]);
