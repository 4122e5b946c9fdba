/**
 * From volatilities to values: what one unit of each option is worth in every scenario, with a certain error bound, and the
 * factors of each expiry. Black-76 at the shocked forward and the shocked volatility, discounted at the expiry's rate.
 * Formulas: derivexyz/v2-core (commit 7736900d), src/risk-managers/PMRM_2.sol and PMRMLib_2.sol.
 */
import { add, multiply, ONE, type Rational, rational, ZERO } from '../../../numbers/rational.js';
import { type Approximation, fromInterval } from '../../../pricing/approximation.js';
import { black76 } from '../../../pricing/black76.js';
import { fromRational, leastOf, multiplyIntervals } from '../../../pricing/fixedPoint.js';
import { type BasisFactor, basisFactorOf } from '../shared/expiry.js';
import { larger } from '../shared/extremes.js';
import type { Forward, HeldOption, OptionValues } from '../shared/scenario.js';
import {
  discountFactor,
  type RateShock,
  shockedRateFactor,
  type VolatilityFactors,
  type VolatilityShockParameters,
  volatilityFactors,
} from '../shared/shocks.js';
import type { Pmrm2Scenario } from './model.js';
import { type SkewParameters, skewFactor } from './skew.js';

export interface Pmrm2ExpiryInputs {
  /** 0 once expired: the options are then worth their intrinsic value */
  readonly seconds: bigint;
  readonly forward: Forward;
  /** per year; a negative one counts as 0 */
  readonly rate: Rational;
  readonly options: readonly HeldOption[];
}

export interface Pmrm2ValuationParameters {
  readonly scenarios: readonly Pmrm2Scenario[];
  readonly volatilityShocks: VolatilityShockParameters;
  /** floor of a volatility that is shocked up */
  readonly leastVolatilityUp: Rational;
  readonly skew: SkewParameters;
  readonly basisSpotUp: Rational;
  readonly basisSpotDown: Rational;
  readonly basisFactor: BasisFactor;
  readonly longRateShock: RateShock;
  readonly shortRateShock: RateShock;
  readonly longStaticDiscount: Rational;
  readonly shortStaticDiscount: Rational;
}

export interface Pmrm2ExpiryValues {
  /** on the undiscounted price of an option */
  readonly discount: Approximation;
  readonly volatilityFactors: VolatilityFactors;
  readonly discountPositive: Approximation;
  readonly discountNegative: Approximation;
  readonly basisFactor: Rational;
  /** in the order of the expiry's options */
  readonly options: readonly OptionValues<Approximation>[];
}

/**
 * Factors on what an expiry is worth in a scenario: longBase * e^(-years * shocked rate) where it is positive, and where it
 * is negative shortBase * e^(years * shocked rate), but no more than undoes the option's own discount, e^(years * rate).
 */
function staticDiscounts(
  seconds: bigint,
  rate: Rational,
  parameters: Pmrm2ValuationParameters,
): { readonly positive: Approximation; readonly negative: Approximation } {
  const long = shockedRateFactor(seconds, rate, parameters.longRateShock, -1);
  const short = shockedRateFactor(seconds, rate, parameters.shortRateShock, 1);
  const undone = shockedRateFactor(seconds, rate, { multiple: ONE, add: ZERO }, 1);
  return {
    positive: fromInterval(multiplyIntervals(fromRational(parameters.longStaticDiscount), long)),
    negative: fromInterval(leastOf(undone, multiplyIntervals(fromRational(parameters.shortStaticDiscount), short))),
  };
}

const scaledBy = (volatility: Rational, { value, error }: Approximation): Approximation => ({
  value: multiply(volatility, value),
  error: multiply(volatility, error),
});

const noLessThan = ({ value, error }: Approximation, floor: Rational): Approximation => ({
  value: larger(value, floor),
  error,
});

/**
 * Values and factors of one expiry. Throws INVALID_INPUT when a volatility, strike or forward is negative, and where a shock
 * has no value.
 */
export function pmrm2ExpiryValues(inputs: Pmrm2ExpiryInputs, parameters: Pmrm2ValuationParameters): Pmrm2ExpiryValues {
  const { seconds, forward } = inputs;
  const rate = larger(inputs.rate, ZERO);
  const factors = volatilityFactors(seconds, parameters.volatilityShocks);
  const discount = fromInterval(discountFactor(seconds, rate));
  const discounts = staticDiscounts(seconds, rate, parameters);

  const priceAt = (option: HeldOption, spotShock: Rational, volatility: Rational | Approximation): Approximation =>
    black76({
      forward: add(multiply(forward.variable, spotShock), forward.fixed),
      strike: option.strike,
      volatility,
      secondsToExpiry: rational(seconds),
      discount,
      isCall: option.isCall,
    });
  const priceIn = (option: HeldOption, { spotShock, volatilityShock }: Pmrm2Scenario): Approximation => {
    const { strike, volatility } = option;
    switch (volatilityShock) {
      case 'none':
        return priceAt(option, spotShock, volatility);
      case 'up':
        return priceAt(option, spotShock, noLessThan(scaledBy(volatility, factors.up), parameters.leastVolatilityUp));
      case 'down':
        return priceAt(option, spotShock, scaledBy(volatility, factors.down));
      default: {
        const unshocked = add(forward.variable, forward.fixed);
        const skew = skewFactor(volatilityShock, { strike, forward: unshocked, seconds }, parameters.skew);
        return priceAt(option, ONE, scaledBy(volatility, skew));
      }
    }
  };
  return {
    discount,
    volatilityFactors: factors,
    discountPositive: discounts.positive,
    discountNegative: discounts.negative,
    basisFactor: basisFactorOf(parameters.basisFactor, seconds),
    options: inputs.options.map((option) => ({
      mark: priceAt(option, ONE, option.volatility),
      basisUp: priceAt(option, parameters.basisSpotUp, option.volatility),
      basisDown: priceAt(option, parameters.basisSpotDown, option.volatility),
      scenarios: parameters.scenarios.map((scenario) => priceIn(option, scenario)),
    })),
  };
}
