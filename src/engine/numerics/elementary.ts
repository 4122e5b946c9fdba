/**
 * exp, ln and the normal distribution on doubles. Math.exp, Math.log and their like may differ between machines in their
 * last bits, and one bit is enough to change a risk root. Here the certain bounds of src/pricing/fixedPoint.ts are
 * computed in integers, and the double nearest to their middle is given: it is the double nearest to the true value,
 * except where that lies within 2^-157 (for exp, of itself) of the middle between two doubles: there it is one of the two.
 */
import { SolvencyError } from '../../errors.js';
import {
  exactly,
  exp as expBounds,
  type Interval,
  ln as lnBounds,
  normalCdf as normalBounds,
  UNIT,
} from '../../pricing/fixedPoint.js';
import { fractionOf, nearestDouble, partsOf } from './doubles.js';

const SCALE_BITS = 160n;

/** The double in units of 2^-160, rounded apart where it has smaller bits. */
function fixed(value: number): Interval {
  const { significand, exponent } = partsOf(value);
  const shift = exponent + SCALE_BITS;
  if (shift >= 0n) return exactly(significand << shift);
  return { lo: significand >> -shift, hi: -(-significand >> -shift) };
}

const middle = ({ lo, hi }: Interval): number => nearestDouble({ num: lo + hi, den: 2n * UNIT });

/** e^x for x up to 709; 0 below -650, where it is less than 1e-282. Throws INVALID_INPUT above 709 and when not finite. */
export function exp(x: number): number {
  const at = fixed(x);
  if (x > 709) throw new SolvencyError('INVALID_INPUT', 'an exponent is above 709; check volatilities and horizons');
  if (x < -650) return 0;
  if (x >= 0) return middle(expBounds(at));
  // by the reciprocal, which keeps the relative precision of small values
  const { lo, hi } = expBounds({ lo: -at.hi, hi: -at.lo });
  return nearestDouble({ num: 2n * UNIT, den: lo + hi });
}

/** Natural logarithm. Throws INVALID_INPUT unless x is positive and finite. */
export function ln(x: number): number {
  if (!(x > 0))
    throw new SolvencyError('INVALID_INPUT', 'the logarithm of a number that is not positive; check the prices');
  return middle(lnBounds(fractionOf(x)));
}

/** Standard normal distribution function. Below x = -11, where it is less than 2e-28, it is exact to 1e-47 and no better. */
export const normalCdf = (x: number): number => middle(normalBounds(fixed(x)));

/** sqrt(2 pi), OEIS A019727 */
const ROOT_TWO_PI = 2.5066282746310002;

/** Start for p < 1/2, off by less than 4.5e-4: M. Abramowitz, I. Stegun, Handbook of Mathematical Functions, 26.2.23. */
function roughQuantile(p: number): number {
  const t = Math.sqrt(-2 * ln(p));
  return (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
}

/**
 * z with N(z) = p, for p from 1e-30 to the largest double below 1; throws INVALID_INPUT otherwise.
 *
 * Newton's method on z in units of 2^-160, with N from its integer bounds. A step from an error e leaves e^2 |z| / 2, so
 * after one below 1e-12 the error is below 1e-22, and the double is the nearest but for ties of that closeness.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 1e-30 && p < 1)) {
    throw new SolvencyError('INVALID_INPUT', 'a probability is not between 1e-30 and 1; check the confidence level');
  }
  if (p === 0.5) return 0;
  // 1 - p is exact from 1/2 on
  if (p > 0.5) return -normalQuantile(1 - p);
  // p >= 1e-30 has no bits below 2^-160
  const target = fixed(p).lo;
  let z = fixed(roughQuantile(p)).lo;
  for (;;) {
    const { lo, hi } = normalBounds(exactly(z));
    const at = middle(exactly(z));
    const step = nearestDouble({ num: lo + hi - 2n * target, den: 2n * UNIT }) * ROOT_TWO_PI * exp((at * at) / 2);
    z -= fixed(step).lo;
    if (Math.abs(step) < 1e-12) return middle(exactly(z));
  }
}
