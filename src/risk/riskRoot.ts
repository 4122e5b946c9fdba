import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** What a risk root commits to. */
export interface RiskRootOpening {
  readonly registryHash: bigint;
  readonly modelHash: bigint;
  readonly tableRoot: bigint;
  /** seconds since 1970 */
  readonly time: bigint;
}

/** Twin of RiskRoot. */
export const riskRoot = (opening: RiskRootOpening): bigint =>
  taggedHash(TAGS.riskRoot, [opening.registryHash, opening.modelHash, opening.tableRoot, opening.time]);
