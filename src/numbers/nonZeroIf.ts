import { constrain } from './constraint.js';

/** Twin of NonZeroIf: flag = 1 means value != 0. */
export function nonZeroIf(value: bigint, flag: bigint): void {
  constrain(flag === 0n || value !== 0n, 'NonZeroIf', 'a value that must not be zero is zero');
}
