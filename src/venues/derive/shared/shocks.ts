/**
 * Volatility shocks and discounts of an expiry, with certain bounds. Formulas: derivexyz/v2-core (commit 7736900d),
 * src/risk-managers/PMRMLib.sol and PMRMLib_2.sol, _addVolShocks and _addStaticDiscount. There every step is truncated at
 * 1e-18; here nothing is.
 */
import { SolvencyError } from '../../../errors.js';
import { add, multiply, negate, type Rational, rational } from '../../../numbers/rational.js';
import { type Approximation, fromInterval } from '../../../pricing/approximation.js';
import { yearsOf } from '../../../pricing/black76.js';
import {
  addIntervals,
  exactly,
  exp,
  fromRational,
  greatestOf,
  type Interval,
  multiplyIntervals,
  power,
  subtractIntervals,
  UNIT,
} from '../../../pricing/fixedPoint.js';

const MONTH = 2_592_000n;

export interface VolatilityShockParameters {
  readonly rangeUp: Rational;
  readonly rangeDown: Rational;
  readonly shortTermPower: Rational;
  readonly longTermPower: Rational;
  /** seconds */
  readonly floor: bigint;
}

export interface VolatilityFactors {
  readonly up: Approximation;
  readonly down: Approximation;
}

/**
 * Factors on volatility: 1 + rangeUp * (30 days / t)^p and 1 - rangeDown * (30 days / t)^p, the latter at least 0; t the
 * time to expiry but at least the floor, p the power of the short or the long term. The power goes by the true time: at
 * most 30 days is short.
 */
export function volatilityFactors(seconds: bigint, parameters: VolatilityShockParameters): VolatilityFactors {
  const time = seconds > parameters.floor ? seconds : parameters.floor;
  if (time <= 0n) {
    throw new SolvencyError('INVALID_INPUT', 'an expired option has no volatility shock without a floor on its time');
  }
  const exponent = seconds <= MONTH ? parameters.shortTermPower : parameters.longTermPower;
  const multiple = power(rational(MONTH, time), exponent);
  const one = exactly(UNIT);
  const up = addIntervals(one, multiplyIntervals(fromRational(parameters.rangeUp), multiple));
  const down = subtractIntervals(one, multiplyIntervals(fromRational(parameters.rangeDown), multiple));
  return { up: fromInterval(up), down: fromInterval(greatestOf(exactly(0n), down)) };
}

export interface RateShock {
  readonly multiple: Rational;
  readonly add: Rational;
}

/** e^(sign * years * (rate * multiple + add)). */
export function shockedRateFactor(seconds: bigint, rate: Rational, shock: RateShock, sign: 1 | -1): Interval {
  const growth = multiply(yearsOf(rational(seconds)), add(multiply(rate, shock.multiple), shock.add));
  return exp(fromRational(sign === 1 ? growth : negate(growth)));
}

/** e^(-years * rate), the factor on an option's undiscounted price. */
export const discountFactor = (seconds: bigint, rate: Rational): Interval =>
  exp(fromRational(negate(multiply(rate, yearsOf(rational(seconds))))));
