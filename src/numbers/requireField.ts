import { SolvencyError } from '../errors.js';
import { FIELD_ORDER } from '../protocol/constants.js';

/**
 * OUT_OF_RANGE unless a value is one bigint from 0 to r - 1. The hashes and the library convert and reduce whatever they
 * are given: -3, r + 3, 3 and "3" would be the same, and a nullifier of r + 3 a new one.
 */
export function requireField(name: string, value: bigint): void {
  if (typeof value === 'bigint' && value >= 0n && value < FIELD_ORDER) return;
  throw new SolvencyError('OUT_OF_RANGE', `${name} must be a bigint from 0 to r - 1.`, { details: { name } });
}
