import { constrain } from './constraint.js';

/** Twin of Ranged: 0 <= value < 2^bits. */
export function ranged(bits: number, value: bigint): void {
  constrain(value >= 0n && value < 1n << BigInt(bits), 'Ranged', `a value does not fit ${bits} bits`);
}
