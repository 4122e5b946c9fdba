import { ranged } from '../numbers/ranged.js';
import { BITS } from '../protocol/constants.js';

/** Twin of WithinTier: floor <= size <= cap. */
export function withinTier(size: bigint, floor: bigint, cap: bigint): void {
  ranged(BITS.amount, size - floor);
  ranged(BITS.amount, cap - size);
}
