import { constrain } from './constraint.js';

/** Twin of Below: 0 <= value < bound. */
export function below(bound: bigint, value: bigint): void {
  constrain(value >= 0n && value < bound, 'Below', `a value does not lie below ${bound}`);
}
