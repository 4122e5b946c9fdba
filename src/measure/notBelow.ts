import { ranged } from '../numbers/ranged.js';

/** Twin of NotBelow: max(0, value). */
export function notBelow(bits: number, value: bigint): bigint {
  const out = value > 0n ? value : 0n;
  ranged(bits, out);
  ranged(bits + 1, out - value);
  return out;
}
