import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** Twin of ExposuresHash; one exposure per factor of the circuit. */
export const exposuresHash = (exposures: readonly bigint[]): bigint => taggedHash(TAGS.exposures, exposures);
