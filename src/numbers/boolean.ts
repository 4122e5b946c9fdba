import { constrain } from './constraint.js';

/** Twin of Boolean: 0 or 1. */
export function boolean(value: bigint): void {
  constrain(value === 0n || value === 1n, 'Boolean', 'a flag is neither 0 nor 1');
}
