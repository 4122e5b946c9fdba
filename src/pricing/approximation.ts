import { add, ceiling, floor, multiply, type Rational, rational, subtract, ZERO } from '../numbers/rational.js';
import { type Interval, lowerEnd, upperEnd } from './fixedPoint.js';

/** A number that is known up to a bound: |true value - value| <= error. */
export interface Approximation {
  readonly value: Rational;
  readonly error: Rational;
}

export const exact = (value: Rational): Approximation => ({ value, error: ZERO });
export const lowerBound = ({ value, error }: Approximation): Rational => subtract(value, error);
export const upperBound = ({ value, error }: Approximation): Rational => add(value, error);

/** Values and errors are multiples of 1e-36: sums of many then stay short fractions. */
const GRID = rational(10n ** 36n);

/** The middle of two bounds, on a grid of 1e-36, with an error that still covers both. */
export function between(lower: Rational, upper: Rational): Approximation {
  const [lo, hi] = [floor(multiply(lower, GRID)), ceiling(multiply(upper, GRID))];
  const middle = floor(rational(lo + hi, 2n));
  return { value: rational(middle, GRID.num), error: rational(hi - middle, GRID.num) };
}

export const fromInterval = (interval: Interval): Approximation => between(lowerEnd(interval), upperEnd(interval));
