import { ranged } from './ranged.js';

/** Twin of SignSplit: max(x, 0) and max(-x, 0). */
export function signSplit(bits: number, value: bigint): { readonly positive: bigint; readonly negative: bigint } {
  const magnitude = value < 0n ? -value : value;
  ranged(bits, magnitude);
  return value < 0n ? { positive: 0n, negative: magnitude } : { positive: magnitude, negative: 0n };
}
