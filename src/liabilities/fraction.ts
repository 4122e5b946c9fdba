import { constrain } from '../numbers/constraint.js';
import { inverse, modulo } from '../setup/bn254Field.js';

/** Twin of Fraction; the circuit's quotient is free where both are zero, and here it is 0. */
export function fraction(numerator: bigint, denominator: bigint): bigint {
  const divisor = modulo(denominator);
  constrain(divisor !== 0n || modulo(numerator) === 0n, 'Fraction', 'a division by zero');
  return modulo(numerator * inverse(divisor));
}
