/**
 * Sensitivities of European options on a forward by Black (1976), with certain bounds; terms as in black76.ts:
 *
 *   delta = discount * N(d1) of a call, discount * (N(d1) - 1) of a put
 *   gamma = discount * n(d1) / (F s)
 *   vega  = discount * F * n(d1) * sqrt(seconds / 365 days)
 *
 * n is the normal density. Source: E. G. Haug, The Complete Guide to Option Pricing Formulas (2007), chapter 2, with
 * cost of carry 0.
 */
import { SolvencyError } from '../errors.js';
import { divide, multiply, type Rational } from '../numbers/rational.js';
import { type Approximation, betweenProducts, exact, lowerBound, upperBound } from './approximation.js';
import { type OptionInputs, yearsOf } from './black76.js';
import {
  addIntervals,
  divideIntervals,
  exactly,
  exp,
  fromRational,
  halveInterval,
  type Interval,
  ln,
  lowerEnd,
  multiplyIntervals,
  negateInterval,
  normalCdf,
  ROOT_TWO_PI,
  sqrt,
  subtractIntervals,
  UNIT,
  upperEnd,
} from './fixedPoint.js';

export interface Greeks {
  /** change of value per unit of the forward */
  readonly delta: Approximation;
  /** change of delta per unit of the forward */
  readonly gamma: Approximation;
  /** change of value when volatility rises by 1 */
  readonly vega: Approximation;
}

/** d1 and the standard deviation s up to expiry; s is certainly above 0. */
function position({ forward, strike, volatility, secondsToExpiry }: GreeksInputs): {
  readonly d1: Interval;
  readonly deviation: Interval;
  readonly rootTime: Interval;
} {
  const rootTime = sqrt(fromRational(yearsOf(secondsToExpiry)));
  const deviation = multiplyIntervals(fromRational(volatility), rootTime);
  if (deviation.lo <= 0n) {
    throw new SolvencyError('INVALID_INPUT', 'the volatility or the time of an option is too small for its Greeks');
  }
  const d1 = addIntervals(divideIntervals(ln(divide(forward, strike)), deviation), halveInterval(deviation));
  return { d1, deviation, rootTime };
}

export type GreeksInputs = Omit<OptionInputs, 'volatility'> & { readonly volatility: Rational };

/** e^(-x^2 / 2) / sqrt(2 pi): falls with |x|. */
function density(x: Interval): Interval {
  const square = multiplyIntervals(x, x);
  // of an interval around 0 the product of the ends is negative, and no square is
  const notNegative = { lo: square.lo < 0n ? 0n : square.lo, hi: square.hi };
  return divideIntervals(exp(negateInterval(halveInterval(notNegative))), ROOT_TWO_PI);
}

/**
 * Greeks of one call or put in quote units. Throws INVALID_INPUT unless forward, strike, volatility and time are above zero:
 * at their ends a price has a corner and no slope.
 */
export function greeks(inputs: GreeksInputs): Greeks {
  const { forward, strike, volatility, secondsToExpiry, isCall } = inputs;
  const discount = 'den' in inputs.discount ? exact(inputs.discount) : inputs.discount;
  if ([forward, strike, volatility, secondsToExpiry].some(({ num }) => num <= 0n) || discount.value.num < 0n) {
    throw new SolvencyError(
      'INVALID_INPUT',
      'an option has Greeks only above a zero forward, strike, volatility and time',
    );
  }
  const { d1, deviation, rootTime } = position(inputs);
  const [least, most] = [lowerBound(discount), upperBound(discount)];
  const discounted = (low: readonly Rational[], high: readonly Rational[]): Approximation =>
    betweenProducts([...low, least], [...high, most]);

  const called = normalCdf(d1);
  const n = density(d1);
  const bend = divideIntervals(n, deviation);
  const slope = multiplyIntervals(n, rootTime);
  return {
    delta: isCall ? discounted([lowerEnd(called)], [upperEnd(called)]) : putDelta(called, least, most),
    gamma: discounted([divide(lowerEnd(bend), forward)], [divide(upperEnd(bend), forward)]),
    vega: discounted([forward, lowerEnd(slope)], [forward, upperEnd(slope)]),
  };
}

/** Not positive: the larger discount makes it smaller. */
function putDelta(called: Interval, least: Rational, most: Rational): Approximation {
  const put = subtractIntervals(called, exactly(UNIT));
  return betweenProducts([lowerEnd(put), most], [upperEnd(put), least]);
}

/** What a relative move of 1 of the forward, squared where it is gamma, is worth: delta F, gamma F^2, and vega. */
export function cashGreeks({ delta, gamma, vega }: Greeks, forward: Rational): Greeks {
  const times = ({ value, error }: Approximation, factor: Rational): Approximation => ({
    value: multiply(value, factor),
    error: multiply(error, factor),
  });
  return { delta: times(delta, forward), gamma: times(gamma, multiply(forward, forward)), vega };
}
