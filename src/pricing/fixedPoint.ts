/**
 * Certain bounds of exp, ln, square root and the normal distribution in bigint fixed point. A number is an interval
 * [lo, hi] of integers in units of 2^-160 (7e-49) that contains the true value; every operation rounds its two ends apart,
 * so the width of a result is its error bound and nobody has to trust an estimate.
 *
 * The transcendental series run with 32 guard bits. Their own errors, in units of 2^-192, are derived at each function.
 */
import { SolvencyError } from '../errors.js';
import { type Rational, rational } from '../numbers/rational.js';

const SCALE_BITS = 160n;
/** 1 in fixed point. */
export const UNIT = 1n << SCALE_BITS;
const GUARD_BITS = 32n;
const WIDE_BITS = SCALE_BITS + GUARD_BITS;
const WIDE_UNIT = 1n << WIDE_BITS;

/** lo <= true value * 2^160 <= hi. */
export interface Interval {
  readonly lo: bigint;
  readonly hi: bigint;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
const floorShift = (value: bigint, bits: bigint): bigint => value >> bits;
const ceilShift = (value: bigint, bits: bigint): bigint => -(-value >> bits);

const floorDivide = (numerator: bigint, denominator: bigint): bigint => {
  const quotient = numerator / denominator;
  return numerator < 0n !== denominator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient;
};
const ceilDivide = (numerator: bigint, denominator: bigint): bigint => -floorDivide(-numerator, denominator);

const bitLength = (value: bigint): bigint => BigInt(value.toString(2).length);

export const exactly = (value: bigint): Interval => ({ lo: value, hi: value });

export function fromRational({ num, den }: Rational): Interval {
  const scaled = num << SCALE_BITS;
  return { lo: floorDivide(scaled, den), hi: ceilDivide(scaled, den) };
}

export const addIntervals = (a: Interval, b: Interval): Interval => ({ lo: a.lo + b.lo, hi: a.hi + b.hi });
export const negateInterval = (a: Interval): Interval => ({ lo: -a.hi, hi: -a.lo });
export const subtractIntervals = (a: Interval, b: Interval): Interval => addIntervals(a, negateInterval(b));
export const halveInterval = (a: Interval): Interval => ({ lo: floorShift(a.lo, 1n), hi: ceilShift(a.hi, 1n) });

const ascending = (values: readonly bigint[]): readonly bigint[] => [...values].sort((a, b) => (a < b ? -1 : 1));

export function multiplyIntervals(a: Interval, b: Interval): Interval {
  const products = ascending([a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi]);
  return {
    lo: floorShift(products[0] as bigint, SCALE_BITS),
    hi: ceilShift(products[3] as bigint, SCALE_BITS),
  };
}

/** a / b; throws RangeError unless b is certainly positive. */
export function divideIntervals(a: Interval, b: Interval): Interval {
  if (b.lo <= 0n) throw new RangeError('the divisor is not certainly positive');
  return {
    lo: floorDivide(a.lo << SCALE_BITS, a.lo < 0n ? b.lo : b.hi),
    hi: ceilDivide(a.hi << SCALE_BITS, a.hi < 0n ? b.hi : b.lo),
  };
}

function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

export const leastOf = (a: Interval, b: Interval): Interval => ({ lo: lesser(a.lo, b.lo), hi: lesser(a.hi, b.hi) });
export const greatestOf = (a: Interval, b: Interval): Interval =>
  negateInterval(leastOf(negateInterval(a), negateInterval(b)));

/** The largest integer whose square is not above value; Newton's method from above. */
function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << ((bitLength(value) + 1n) / 2n);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

/** Square root of an interval that is not negative. */
export function sqrt(value: Interval): Interval {
  if (value.lo < 0n) throw new RangeError('the square root of a negative number');
  const hi = integerRoot(value.hi << SCALE_BITS);
  return {
    lo: integerRoot(value.lo << SCALE_BITS),
    hi: hi * hi === value.hi << SCALE_BITS ? hi : hi + 1n,
  };
}

/**
 * 2 atanh(z) in units of 2^-bits for |z| <= 1/3, z = numerator / denominator. Error below 512 units for bits up to 256:
 * z is off by one unit, each of at most 85 terms by 2 (its power and its division are floored, and errors shrink with z^2
 * < 1/9), the sum is doubled, and the rest after the last term is below one unit.
 */
function twiceArtanh(numerator: bigint, denominator: bigint, bits: bigint): bigint {
  const z = (numerator << bits) / denominator;
  const square = (z * z) >> bits;
  let total = 0n;
  let [power, odd] = [magnitude(z), 1n];
  for (; power > 0n; odd += 2n) {
    total += power / odd;
    power = (power * square) >> bits;
  }
  return z < 0n ? -2n * total : 2n * total;
}

const SERIES_ERROR = 512n;
/** ln 2 in 2^-192, computed with 64 bits more, so that it is off by at most one unit. */
const LN2 = twiceArtanh(1n, 3n, WIDE_BITS + 64n) >> 64n;

const narrow = (value: bigint, error: bigint): Interval => ({
  lo: floorShift(value - error, GUARD_BITS),
  hi: ceilShift(value + error, GUARD_BITS),
});

/** Natural logarithm of a positive rational: k ln 2 + ln m with m in (1/2, 2); throws RangeError otherwise. */
export function ln({ num, den }: Rational): Interval {
  if (num <= 0n) throw new RangeError('the logarithm of a number that is not positive');
  const k = bitLength(num) - bitLength(den);
  const [top, bottom] = k >= 0n ? [num, den << k] : [num << -k, den];
  return narrow(k * LN2 + twiceArtanh(top - bottom, top + bottom, WIDE_BITS), SERIES_ERROR + magnitude(k));
}

const EXPONENT_LIMIT = 4096n * UNIT;

/**
 * e^x for one x in 2^-160: 2^k e^r with r in [0, ln 2 + 2^-150). In 2^-192, r is off by |k| + 1, the at most 60 terms of
 * the series by 1 each, and e^r is below 2.1.
 */
function expAt(x: bigint): Interval {
  if (x > EXPONENT_LIMIT) {
    throw new SolvencyError(
      'INVALID_INPUT',
      'an exponent is above 4096; check the rates, powers and times of the case',
    );
  }
  if (x < -EXPONENT_LIMIT) return { lo: 0n, hi: 1n };
  const wide = x << GUARD_BITS;
  const k = floorDivide(wide, LN2);
  const r = wide - k * LN2;
  let total = 0n;
  let term = WIDE_UNIT;
  for (let n = 1n; term > 0n; n++) {
    total += term;
    // shifted first, since a division by a small number is quick: floor(floor(a / 2^192) / n) = floor(a / (n 2^192))
    term = ((term * r) >> WIDE_BITS) / n;
  }
  const error = 64n + 3n * (magnitude(k) + 1n);
  const shift = GUARD_BITS - k;
  return shift >= 0n
    ? { lo: floorShift(total - error, shift), hi: ceilShift(total + error, shift) }
    : { lo: (total - error) << -shift, hi: (total + error) << -shift };
}

/** e^x; throws INVALID_INPUT above x = 4096. */
export function exp(x: Interval): Interval {
  const atLo = expAt(x.lo);
  return { lo: atLo.lo < 0n ? 0n : atLo.lo, hi: x.lo === x.hi ? atLo.hi : expAt(x.hi).hi };
}

/** base^exponent for a positive base. */
export const power = (base: Rational, exponent: Rational): Interval =>
  exp(multiplyIntervals(ln(base), fromRational(exponent)));

/** pi in 2^-192 by Machin's formula, off by at most one unit. */
const PI = ((): bigint => {
  const bits = WIDE_BITS + 64n;
  const arctanOfInverse = (n: bigint): bigint => {
    let total = 0n;
    let [term, odd, sign] = [(1n << bits) / n, 1n, 1n];
    for (; term > 0n; odd += 2n, sign = -sign) {
      total += (sign * term) / odd;
      term /= n * n;
    }
    return total;
  };
  return (4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n))) >> 64n;
})();
/** Square root of 2 pi. */
export const ROOT_TWO_PI: Interval = sqrt(narrow(2n * PI, 2n));

/** Beyond 15 the tail is below 4e-51, less than one unit. */
const TAIL = 15n * UNIT;

/**
 * N(x) - 1/2 for 0 <= x < 15 as S / (sqrt(2 pi) e^(x^2/2)), S = x + x^3/3 + x^5/(3 5) + ...: all terms positive, so nothing
 * cancels, and dividing by the large exponential keeps the relative precision of S. A unit lost in one term of S is carried
 * on by at most S / term where the terms grow and by at most their count where they fall, so with n terms S is off by less
 * than n (S + n) units.
 */
function aboveHalf(x: bigint): Interval {
  const square = x * x;
  const wideSquare = square >> (2n * SCALE_BITS - WIDE_BITS);
  let [total, term, count] = [0n, x << GUARD_BITS, 0n];
  for (; term > 0n; count++) {
    total += term;
    term = ((term * wideSquare) >> WIDE_BITS) / (2n * count + 3n);
  }
  const error = (count + 1n) * ((total >> WIDE_BITS) + count + 2n);
  const halfSquare = { lo: square >> (SCALE_BITS + 1n), hi: (square >> (SCALE_BITS + 1n)) + 1n };
  return divideIntervals(narrow(total, error), multiplyIntervals(ROOT_TWO_PI, exp(halfSquare)));
}

function normalAt(x: bigint): Interval {
  if (x >= TAIL) return { lo: UNIT - 1n, hi: UNIT };
  if (x <= -TAIL) return { lo: 0n, hi: 1n };
  const half = exactly(UNIT / 2n);
  const distance = aboveHalf(magnitude(x));
  const { lo, hi } = x < 0n ? subtractIntervals(half, distance) : addIntervals(half, distance);
  return { lo: lo < 0n ? 0n : lo, hi: hi > UNIT ? UNIT : hi };
}

/** The standard normal distribution function. Its slope is below 2/5, so one evaluation bounds a whole interval. */
export function normalCdf(x: Interval): Interval {
  if (x.hi <= -TAIL) return { lo: 0n, hi: 1n };
  const atLo = normalAt(x.lo);
  const hi = atLo.hi + ceilDivide(2n * (x.hi - x.lo), 5n);
  return { lo: atLo.lo, hi: hi > UNIT ? UNIT : hi };
}

/** The interval's ends as exact rationals. */
export const lowerEnd = ({ lo }: Interval): Rational => rational(lo, UNIT);
export const upperEnd = ({ hi }: Interval): Rational => rational(hi, UNIT);
