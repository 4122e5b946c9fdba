import { taggedHash } from '../hash/taggedHash.js';
import { requireField } from '../numbers/requireField.js';
import { TAGS } from '../protocol/constants.js';

/** Twin of Nullifier: one per owner and scope, unlinkable across scopes. OUT_OF_RANGE unless both are field elements. */
export function nullifier(ownerSecret: bigint, scope: bigint): bigint {
  requireField('ownerSecret', ownerSecret);
  requireField('scope', scope);
  return taggedHash(TAGS.nullifier, [ownerSecret, scope]);
}
