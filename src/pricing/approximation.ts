import { add, ceiling, floor, type Rational, rational, subtract, ZERO } from '../numbers/rational.js';
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
const GRID = 10n ** 36n;

/** A product as a fraction that need not be in lowest terms: what is rounded at once is not worth a common divisor. */
const unreduced = (factors: readonly Rational[]): Rational =>
  factors.reduce((product, { num, den }) => ({ num: product.num * num, den: product.den * den }));
const onGrid = ({ num, den }: Rational): Rational => ({ num: num * GRID, den });

/** The middle of two bounds, on a grid of 1e-36, with an error that still covers both. */
export const between = (lower: Rational, upper: Rational): Approximation => betweenProducts([lower], [upper]);

/** The same of two bounds that are products. */
export function betweenProducts(lower: readonly Rational[], upper: readonly Rational[]): Approximation {
  const [lo, hi] = [floor(onGrid(unreduced(lower))), ceiling(onGrid(unreduced(upper)))];
  const middle = (lo + hi) >> 1n;
  return { value: rational(middle, GRID), error: rational(hi - middle, GRID) };
}

export const fromInterval = (interval: Interval): Approximation => between(lowerEnd(interval), upperEnd(interval));
