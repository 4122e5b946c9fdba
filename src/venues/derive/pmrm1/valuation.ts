/**
 * From volatilities to values: what one unit of each option is worth in every scenario, with a certain error bound, and the
 * factors of each expiry. Black-76 at the shocked forward and the shocked volatility, undiscounted in this model.
 * Formulas: derivexyz/v2-core (commit 7736900d), src/risk-managers/PMRMLib.sol.
 */
import { add, multiply, ONE, type Rational, rational, ZERO } from '../../../numbers/rational.js';
import { type Approximation, fromInterval } from '../../../pricing/approximation.js';
import { black76 } from '../../../pricing/black76.js';
import { fromRational, multiplyIntervals } from '../../../pricing/fixedPoint.js';
import { type BasisFactor, basisFactorOf } from '../shared/expiry.js';
import { larger } from '../shared/extremes.js';
import type { Forward, HeldOption, OptionValues, VolatilityShock } from '../shared/scenario.js';
import {
  type RateShock,
  shockedRateFactor,
  type VolatilityFactors,
  type VolatilityShockParameters,
  volatilityFactors,
} from '../shared/shocks.js';

export interface Pmrm1ExpiryInputs {
  /** 0 once expired: the options are then worth their intrinsic value */
  readonly seconds: bigint;
  readonly forward: Forward;
  /** per year; a negative one counts as 0 */
  readonly rate: Rational;
  readonly options: readonly HeldOption[];
}

export interface Pmrm1Scenario {
  readonly spotShock: Rational;
  readonly volatilityShock: Extract<VolatilityShock, 'up' | 'down' | 'none'>;
}

export interface Pmrm1ValuationParameters {
  readonly scenarios: readonly Pmrm1Scenario[];
  readonly volatilityShocks: VolatilityShockParameters;
  readonly basisSpotUp: Rational;
  readonly basisSpotDown: Rational;
  readonly basisFactor: BasisFactor;
  readonly baseStaticDiscount: Rational;
  readonly rateShock: RateShock;
}

export interface Pmrm1ExpiryValues {
  readonly volatilityFactors: VolatilityFactors;
  readonly staticDiscount: Approximation;
  readonly basisFactor: Rational;
  /** in the order of the expiry's options */
  readonly options: readonly OptionValues<Approximation>[];
}

/** baseStaticDiscount * e^(-years * (rate * multiple + add)), the rate at least 0. */
function staticDiscountOf(inputs: Pmrm1ExpiryInputs, parameters: Pmrm1ValuationParameters): Approximation {
  const factor = shockedRateFactor(inputs.seconds, larger(inputs.rate, ZERO), parameters.rateShock, -1);
  return fromInterval(multiplyIntervals(fromRational(parameters.baseStaticDiscount), factor));
}

const scaledBy = (volatility: Rational, { value, error }: Approximation): Approximation => ({
  value: multiply(volatility, value),
  error: multiply(volatility, error),
});

/** Values and factors of one expiry. Throws INVALID_INPUT when a volatility, strike or forward is negative. */
export function pmrm1ExpiryValues(inputs: Pmrm1ExpiryInputs, parameters: Pmrm1ValuationParameters): Pmrm1ExpiryValues {
  const { seconds, forward } = inputs;
  const factors = volatilityFactors(seconds, parameters.volatilityShocks);
  const priceOf = (option: HeldOption, { spotShock, volatilityShock }: Pmrm1Scenario): Approximation =>
    black76({
      forward: add(multiply(forward.variable, spotShock), forward.fixed),
      strike: option.strike,
      volatility:
        volatilityShock === 'none' ? option.volatility : scaledBy(option.volatility, factors[volatilityShock]),
      secondsToExpiry: rational(seconds),
      discount: ONE,
      isCall: option.isCall,
    });
  const unshocked = (option: HeldOption, spotShock: Rational): Approximation =>
    priceOf(option, { spotShock, volatilityShock: 'none' });
  return {
    volatilityFactors: factors,
    staticDiscount: staticDiscountOf(inputs, parameters),
    basisFactor: basisFactorOf(parameters.basisFactor, seconds),
    options: inputs.options.map((option) => ({
      mark: unshocked(option, ONE),
      basisUp: unshocked(option, parameters.basisSpotUp),
      basisDown: unshocked(option, parameters.basisSpotDown),
      scenarios: parameters.scenarios.map((scenario) => priceOf(option, scenario)),
    })),
  };
}
