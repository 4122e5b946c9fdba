/**
 * The factor by which a skew scenario turns the volatility surface at one strike. Formula: derivexyz/v2-core (commit
 * 7736900d), src/risk-managers/PMRMLib_2.sol, _getKStar and _getExpirySkewedShockedMTM.
 */
import { compare, divide, type Rational, rational } from '../../../numbers/rational.js';
import { type Approximation, fromInterval } from '../../../pricing/approximation.js';
import { yearsOf } from '../../../pricing/black76.js';
import {
  addIntervals,
  divideIntervals,
  exactly,
  fromRational,
  greatestOf,
  type Interval,
  leastOf,
  ln,
  multiplyIntervals,
  negateInterval,
  sqrt,
  UNIT,
} from '../../../pricing/fixedPoint.js';
import { refuse } from '../shared/fields.js';

export interface SkewParameters {
  /** the cap of the factor's distance from 1: base + slope * sqrt(years) */
  readonly linearCap: SkewCap;
  readonly absoluteCap: SkewCap;
  readonly leastKStar: Rational;
  readonly widthScale: Rational;
  readonly volatilityStatic: Rational;
  readonly volatilityScale: Rational;
}

export interface SkewCap {
  readonly base: Rational;
  readonly slope: Rational;
}

/** The log-moneyness from which the factor stays at its cap. */
function kStarOf(rootYears: Interval, parameters: SkewParameters): Interval {
  const volatility = addIntervals(
    fromRational(parameters.volatilityStatic),
    multiplyIntervals(rootYears, fromRational(parameters.volatilityScale)),
  );
  const width = multiplyIntervals(rootYears, fromRational(parameters.widthScale));
  return greatestOf(fromRational(parameters.leastKStar), multiplyIntervals(width, volatility));
}

/**
 * 1 + min(cap, k * cap / kStar) for k >= 0 and 1 + max(-cap, k * cap / kStar) below, at least 0; k = ln(strike / forward),
 * its magnitude in the absolute scenario. Throws INVALID_INPUT where the venue would divide by zero or take the logarithm of
 * zero.
 */
export function skewFactor(
  kind: 'linearSkew' | 'absoluteSkew',
  option: { readonly strike: Rational; readonly forward: Rational; readonly seconds: bigint },
  parameters: SkewParameters,
): Approximation {
  const { strike, forward, seconds } = option;
  if (strike.num <= 0n || forward.num <= 0n) throw refuse('a skew scenario needs a strike and a forward above 0');
  const rootYears = sqrt(fromRational(yearsOf(rational(seconds))));
  const { base, slope } = kind === 'linearSkew' ? parameters.linearCap : parameters.absoluteCap;
  const cap = addIntervals(fromRational(base), multiplyIntervals(fromRational(slope), rootYears));
  const kStar = kStarOf(rootYears, parameters);
  if (kStar.lo <= 0n) throw refuse('a skew scenario has no width: the least k* and the time to expiry are both 0');

  const isAbove = compare(strike, forward) >= 0;
  const logMoneyness = ln(divide(strike, forward));
  const isNegative = !isAbove && kind === 'linearSkew';
  const k = isAbove || isNegative ? logMoneyness : negateInterval(logMoneyness);
  const slanted = divideIntervals(multiplyIntervals(k, cap), kStar);
  const tilt = isNegative ? greatestOf(negateInterval(cap), slanted) : leastOf(cap, slanted);
  return fromInterval(greatestOf(exactly(0n), addIntervals(exactly(UNIT), tilt)));
}
