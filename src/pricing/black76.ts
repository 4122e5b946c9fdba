/**
 * European options on a forward by Black (1976), with a bound on the error:
 *
 *   s    = volatility * sqrt(seconds / 365 days)
 *   d1   = ln(F / K) / s + s / 2,   d2 = d1 - s
 *   call = discount * (F N(d1) - K N(d2)),   put = discount * (K N(-d2) - F N(-d1))
 *
 * A year is 365 days, as in derivexyz/lyra-utils (src/math/Black76.sol). With s = 0, or F or K = 0, the price is the
 * discounted intrinsic value. For exact inputs the error is at most 1e-36 + 1e-46 (1 + 1 / s) (F + K) discount; errors of
 * volatility and discount are carried into it.
 */
import { SolvencyError } from '../errors.js';
import { divide, type Rational, rational, subtract, ZERO } from '../numbers/rational.js';
import { type Approximation, betweenProducts, exact, lowerBound, upperBound } from './approximation.js';
import {
  addIntervals,
  divideIntervals,
  fromRational,
  halveInterval,
  type Interval,
  ln,
  lowerEnd,
  multiplyIntervals,
  negateInterval,
  normalCdf,
  sqrt,
  subtractIntervals,
  UNIT,
  upperEnd,
} from './fixedPoint.js';

export interface OptionInputs {
  /** in quote units, not negative, as is the strike */
  readonly forward: Rational;
  readonly strike: Rational;
  /** per square root of a year, not negative: 0.5 is 50% */
  readonly volatility: Rational | Approximation;
  /** not negative */
  readonly secondsToExpiry: Rational;
  /** factor on the undiscounted price, not negative */
  readonly discount: Rational | Approximation;
  readonly isCall: boolean;
}

const SECONDS_PER_YEAR = rational(31_536_000n);

/** Seconds as a fraction of a year of 365 days. */
export const yearsOf = (seconds: Rational): Rational => divide(seconds, SECONDS_PER_YEAR);

const approximate = (value: Rational | Approximation): Approximation => ('den' in value ? exact(value) : value);
const notBelowZero = (value: Rational): Rational => (value.num < 0n ? ZERO : value);

function requireNotNegative(value: Rational, what: string): void {
  if (value.num < 0n)
    throw new SolvencyError('INVALID_INPUT', `the ${what} of an option is negative; it is 0 or above`);
}

const hull = (low: Rational, high: Rational): Interval => ({
  lo: fromRational(notBelowZero(low)).lo,
  hi: fromRational(high).hi,
});

const clip = ({ lo, hi }: Interval, low: bigint, high: bigint): Interval => ({
  lo: lo < low ? low : lo,
  hi: hi > high ? high : hi,
});

/** The price in units of the forward, before discounting, for F > 0 and K > 0. */
function unitPrice(forward: Rational, strike: Rational, deviation: Interval, isCall: boolean): Interval {
  const moneyness = fromRational(divide(strike, forward));
  const intrinsic = isCall ? UNIT - moneyness.hi : moneyness.lo - UNIT;
  const least = intrinsic < 0n ? 0n : intrinsic;
  const most = isCall ? UNIT : moneyness.hi;
  if (deviation.lo === 0n) {
    // d1 and d2 have no bound here. The value of time is largest at the money: 2 N(s / 2) - 1 <= 2 s / 5
    return clip({ lo: least, hi: least + (moneyness.hi - moneyness.lo) + deviation.hi }, least, most);
  }
  const ratio = divideIntervals(ln(divide(forward, strike)), deviation);
  const half = halveInterval(deviation);
  const [d1, d2] = [addIntervals(ratio, half), subtractIntervals(ratio, half)];
  const price = isCall
    ? subtractIntervals(normalCdf(d1), multiplyIntervals(moneyness, normalCdf(d2)))
    : subtractIntervals(multiplyIntervals(moneyness, normalCdf(negateInterval(d2))), normalCdf(negateInterval(d1)));
  return clip(price, least, most);
}

/**
 * Value of one call or put in quote units. Throws INVALID_INPUT when an input is negative. Source of the formula: F. Black,
 * "The pricing of commodity contracts" (1976).
 */
export function black76(inputs: OptionInputs): Approximation {
  const { forward, strike, secondsToExpiry, isCall } = inputs;
  const [volatility, discount] = [approximate(inputs.volatility), approximate(inputs.discount)];
  requireNotNegative(forward, 'forward');
  requireNotNegative(strike, 'strike');
  requireNotNegative(secondsToExpiry, 'time to expiry');
  requireNotNegative(volatility.value, 'volatility');
  requireNotNegative(discount.value, 'discount');
  const discounted = (low: readonly Rational[], high: readonly Rational[]): Approximation =>
    betweenProducts([...low, notBelowZero(lowerBound(discount))], [...high, upperBound(discount)]);

  const steepest = upperBound(volatility);
  const isCertain = steepest.num === 0n || secondsToExpiry.num === 0n;
  if (isCertain || forward.num === 0n || strike.num === 0n) {
    const intrinsic = notBelowZero(isCall ? subtract(forward, strike) : subtract(strike, forward));
    return discounted([intrinsic], [intrinsic]);
  }
  const deviation = multiplyIntervals(
    hull(lowerBound(volatility), steepest),
    sqrt(fromRational(yearsOf(secondsToExpiry))),
  );
  const price = unitPrice(forward, strike, deviation, isCall);
  return discounted([forward, lowerEnd(price)], [forward, upperEnd(price)]);
}
