import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** What an account root commits to; a venue publishes these with the root. */
export interface AccountRootOpening {
  readonly venueId: bigint;
  readonly registryHash: bigint;
  readonly treeRoot: bigint;
  /** seconds since 1970 */
  readonly time: bigint;
}

/** Twin of AccountRoot. */
export const accountRoot = (opening: AccountRootOpening): bigint =>
  taggedHash(TAGS.accountRoot, [opening.venueId, opening.registryHash, opening.treeRoot, opening.time]);
