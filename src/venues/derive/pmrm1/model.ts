/**
 * Derive's first portfolio margin manager in exact rationals, over values per option and scenario:
 *
 *   M_s      = sum of amount * value in scenario s, per expiry; M_0 the mark
 *   pnl_s    = sum over expiries of (M_s > 0 ? discount * M_s : M_s) - M_0
 *              + base * spot * (shock - 1) / stable + perp * perpPrice * (shock - 1)
 *   basis    = sum over expiries of min(up - M_0, down - M_0, 0) * (add + multiple * years)
 *   static   = (|perp| * p + base * b + naked shorts * o) * spot
 *   oracle   = (1 - confidence) * margin * amount * spot where the confidence is below the threshold
 *   maintenance = min(basis, min pnl_s) - static + mark to market
 *   initial     = (min(basis, min pnl_s) - static) * (factor + (threshold - stable)^+ * pegFactor) - oracle + mark to market
 *
 * Traps: the discount is applied to positive sums only; the perp's confidence counts only while a perp is held, and then for
 * the base and every expiry too; shorts are naked per strike, calls and puts together.
 * Formulas: derivexyz/v2-core (commit 7736900d), src/risk-managers/PMRM.sol and PMRMLib.sol, which truncate every step at
 * 1e-18; nothing is truncated here.
 */
import { absolute, add, divide, multiply, ONE, type Rational, subtract, sum, ZERO } from '../../../numbers/rational.js';
import {
  basisContingency,
  type ConfidenceParameters,
  confidenceRate,
  grossAmount,
  nakedShorts,
  totalValue,
  type ValuedOption,
} from '../shared/expiry.js';
import { smaller } from '../shared/extremes.js';

export interface Pmrm1Expiry {
  /** the least confidence of the expiry's own feeds and of the volatilities held */
  readonly confidence: Rational;
  /** on positive sums */
  readonly staticDiscount: Rational;
  readonly basisFactor: Rational;
  readonly options: readonly ValuedOption[];
}

export interface Pmrm1Perp {
  /** signed */
  readonly amount: Rational;
  readonly price: Rational;
  readonly confidence: Rational;
  /** profit and funding not yet settled into cash */
  readonly unsettled: Rational;
}

export interface Pmrm1Account {
  readonly cash: Rational;
  /** units of the underlying itself, not negative */
  readonly base: Rational;
  readonly perp: Pmrm1Perp;
  readonly spot: Rational;
  readonly spotConfidence: Rational;
  /** price of the quote stablecoin */
  readonly stable: Rational;
  readonly expiries: readonly Pmrm1Expiry[];
}

export interface Pmrm1MarginParameters {
  readonly perpPercent: Rational;
  readonly basePercent: Rational;
  readonly optionPercent: Rational;
  readonly confidence: ConfidenceParameters;
  readonly initialFactor: Rational;
  readonly pegThreshold: Rational;
  readonly pegFactor: Rational;
  /** factor on the spot price, per scenario */
  readonly spotShocks: readonly Rational[];
}

/** What one unit costs, in quote units: all that is public about the contingencies. */
export interface Pmrm1Rates {
  /** value of a unit of the base */
  readonly base: Rational;
  /** per unit of |perp|, of base, and of naked short options */
  readonly perpContingency: Rational;
  readonly baseContingency: Rational;
  readonly optionContingency: Rational;
  /** per unit of |perp| and of base; initial margin only, as are the expiries' */
  readonly linearOracle: Rational;
  /** per unit of |option|, for each expiry in its order */
  readonly optionOracle: readonly Rational[];
  /** factor on the worst loss and the contingencies before the oracle's, for initial margin */
  readonly lossFactor: Rational;
}

/** All in quote units, contingencies not negative but for the basis, which is a loss and not positive. */
export interface Pmrm1Risk {
  readonly markToMarket: Rational;
  readonly scenarioPnl: readonly Rational[];
  /** the least of the scenarios */
  readonly leastPnl: Rational;
  readonly basis: Rational;
  readonly perpContingency: Rational;
  readonly baseContingency: Rational;
  readonly optionContingency: Rational;
  readonly oracleContingency: Rational;
  readonly lossFactor: Rational;
  readonly netMaintenance: Rational;
  readonly netInitial: Rational;
}

const markOf = ({ options }: Pmrm1Expiry): Rational => totalValue(options, (values) => values.mark);

/** Profit of every expiry in one scenario, after the discount on what remains positive. */
function expiriesPnl(expiries: readonly Pmrm1Expiry[], scenario: number): Rational {
  return sum(
    expiries.map((expiry) => {
      const shocked = totalValue(expiry.options, (values) => values.scenarios[scenario] as Rational);
      return subtract(shocked.num > 0n ? multiply(shocked, expiry.staticDiscount) : shocked, markOf(expiry));
    }),
  );
}

/** The factor on the worst loss for initial margin, with what a stablecoin below its peg adds. */
function lossFactorOf(stable: Rational, { initialFactor, pegThreshold, pegFactor }: Pmrm1MarginParameters): Rational {
  const missing = subtract(pegThreshold, stable);
  return missing.num > 0n ? add(initialFactor, multiply(missing, pegFactor)) : initialFactor;
}

/** Rates of an account's feeds. They depend on the account in one thing: whether it holds a perp. */
export function pmrm1Rates(
  { perp, spot, spotConfidence, stable }: Omit<Pmrm1Account, 'expiries'>,
  expiries: readonly Pick<Pmrm1Expiry, 'confidence'>[],
  parameters: Pmrm1MarginParameters,
): Pmrm1Rates {
  const least = perp.amount.num === 0n ? spotConfidence : smaller(spotConfidence, perp.confidence);
  const oracleAt = (confidence: Rational): Rational =>
    multiply(confidenceRate(confidence, parameters.confidence), spot);
  return {
    base: divide(spot, stable),
    perpContingency: multiply(parameters.perpPercent, spot),
    baseContingency: multiply(parameters.basePercent, spot),
    optionContingency: multiply(parameters.optionPercent, spot),
    linearOracle: oracleAt(least),
    optionOracle: expiries.map(({ confidence }) => oracleAt(smaller(least, confidence))),
    lossFactor: lossFactorOf(stable, parameters),
  };
}

export function pmrm1Risk(account: Pmrm1Account, parameters: Pmrm1MarginParameters): Pmrm1Risk {
  const { cash, base, perp, expiries } = account;
  const rates = pmrm1Rates(account, expiries, parameters);
  const baseValue = multiply(base, rates.base);
  const perpValue = multiply(perp.amount, perp.price);
  const markToMarket = sum([cash, baseValue, perp.amount.num === 0n ? ZERO : perp.unsettled, ...expiries.map(markOf)]);

  const scenarioPnl = parameters.spotShocks.map((shock, scenario) =>
    add(expiriesPnl(expiries, scenario), multiply(add(baseValue, perpValue), subtract(shock, ONE))),
  );
  const basis = sum(expiries.map(({ options, basisFactor }) => basisContingency(options, basisFactor)));
  const leastPnl = scenarioPnl.reduce(smaller);

  const size = absolute(perp.amount);
  const perpContingency = multiply(size, rates.perpContingency);
  const baseContingency = multiply(base, rates.baseContingency);
  const shorts = sum(expiries.map(({ options }) => nakedShorts(options)));
  const optionContingency = multiply(shorts, rates.optionContingency);
  const oracleContingency = sum([
    multiply(add(size, base), rates.linearOracle),
    ...expiries.map(({ options }, index) => multiply(grossAmount(options), rates.optionOracle[index] as Rational)),
  ]);

  const afterStatics = subtract(smaller(basis, leastPnl), sum([perpContingency, baseContingency, optionContingency]));
  return {
    markToMarket,
    scenarioPnl,
    leastPnl,
    basis,
    perpContingency,
    baseContingency,
    optionContingency,
    oracleContingency,
    lossFactor: rates.lossFactor,
    netMaintenance: add(afterStatics, markToMarket),
    netInitial: add(subtract(multiply(afterStatics, rates.lossFactor), oracleContingency), markToMarket),
  };
}
