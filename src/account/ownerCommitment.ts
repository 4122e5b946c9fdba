import { taggedHash } from '../hash/taggedHash.js';
import { requireField } from '../numbers/requireField.js';
import { TAGS } from '../protocol/constants.js';

/**
 * Twin of OwnerCommitment: what an owner hands to a venue; the secret stays with the owner. OUT_OF_RANGE unless it is a field
 * element.
 */
export function ownerCommitment(ownerSecret: bigint): bigint {
  requireField('ownerSecret', ownerSecret);
  return taggedHash(TAGS.ownerCommitment, [ownerSecret]);
}
