import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** Twin of Nullifier: one per owner and scope, unlinkable across scopes. */
export const nullifier = (ownerSecret: bigint, scope: bigint): bigint =>
  taggedHash(TAGS.nullifier, [ownerSecret, scope]);
