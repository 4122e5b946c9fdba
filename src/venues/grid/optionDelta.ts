import { SolvencyError } from '../../errors.js';
import { divide, multiply, ONE, type Rational, rational, subtract } from '../../numbers/rational.js';
import { type Approximation, between } from '../../pricing/approximation.js';
import { yearsOf } from '../../pricing/black76.js';
import {
  addIntervals,
  divideIntervals,
  fromRational,
  halveInterval,
  ln,
  lowerEnd,
  multiplyIntervals,
  normalCdf,
  sqrt,
  upperEnd,
} from '../../pricing/fixedPoint.js';
import type { OptionContract } from './gridMarket.js';

/**
 * How much a Black-76 price changes with its forward: discount x N(d1) of a call, discount x (N(d1) - 1) of a put, with a
 * certain bound. Throws INVALID_INPUT where there is no slope: forward, strike, volatility and time must be above zero.
 */
export function optionDelta(
  { strike, isCall, volatility }: Omit<OptionContract, 'kind' | 'instrumentId'>,
  {
    forward,
    secondsToExpiry,
    discount,
  }: { readonly forward: Rational; readonly secondsToExpiry: bigint; readonly discount: Rational },
): Approximation {
  if ([forward, strike, volatility].some(({ num }) => num <= 0n) || secondsToExpiry <= 0n || discount.num < 0n) {
    throw new SolvencyError(
      'INVALID_INPUT',
      'an option has a delta only above a zero forward, strike, volatility, time',
    );
  }
  const deviation = multiplyIntervals(fromRational(volatility), sqrt(fromRational(yearsOf(rational(secondsToExpiry)))));
  if (deviation.lo <= 0n) {
    throw new SolvencyError('INVALID_INPUT', 'the volatility or the time of an option is too small for a delta');
  }
  const d1 = addIntervals(divideIntervals(ln(divide(forward, strike)), deviation), halveInterval(deviation));
  const called = normalCdf(d1);
  const ends = [lowerEnd(called), upperEnd(called)] as const;
  const [low, high] = ends.map((end) => multiply(discount, isCall ? end : subtract(end, ONE)));
  return between(low as Rational, high as Rational);
}
