import { ranged } from '../numbers/ranged.js';
import { RATE_SCALE } from '../protocol/constants.js';

/** Twin of RoundedUp: ceil(value / 10^6) of a value that is not negative. */
export function roundedUp(bits: number, value: bigint): bigint {
  const quotient = (value + RATE_SCALE - 1n) / RATE_SCALE;
  ranged(bits, quotient);
  return quotient;
}
