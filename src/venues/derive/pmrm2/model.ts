/**
 * Derive's second portfolio margin manager in exact rationals, over values per option and scenario:
 *
 *   M_s      = sum of amount * value in scenario s, per expiry; M_0 the mark
 *   y_s      = damp_s * ((M_s >= 0 ? discountPositive : discountNegative) * M_s - M_0), and -|y_s| in a skew scenario
 *   pnl_s    = damp_s * (shock_s - 1) * (perp * perpPrice + value of risk-cancelling collateral) + sum of y_s
 *   basis    = sum over expiries of min(up - M_0, down - M_0, 0) * (add + multiple * years)
 *   maintenance = mmFactor * min(basis, min pnl_s) - C_MM + mark to market
 *   initial     = (imFactor + (threshold - stable)^+ * pegFactor) * min(basis, min pnl_s) - C_MM - C_IM + mark to market
 *   C        = |perp| * spot * p + value of collateral * haircut + naked shorts * spot * o, and for initial margin
 *              (1 - confidence) * margin * notional where the confidence is below the threshold
 *
 * Traps: a collateral's confidence is the lesser of its own and the spot feed's, taken before the perp's is merged into it;
 * the perp's counts only while a perp is held, and then for every expiry; the discounts need not be in order, so neither is a
 * minimum; shorts are naked per strike, calls and puts together; C_IM comes on top of C_MM.
 * Formulas: derivexyz/v2-core (commit 7736900d), src/risk-managers/PMRM_2.sol and PMRMLib_2.sol, which truncate every step at
 * 1e-18; nothing is truncated here.
 */
import {
  absolute,
  add,
  divide,
  multiply,
  negate,
  ONE,
  type Rational,
  subtract,
  sum,
  ZERO,
} from '../../../numbers/rational.js';
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
import type { VolatilityShock } from '../shared/scenario.js';

export interface Pmrm2Scenario {
  /** factor on the spot price; 1 in a skew scenario */
  readonly spotShock: Rational;
  readonly volatilityShock: VolatilityShock;
  readonly dampening: Rational;
}

export interface Pmrm2Expiry {
  /** the least confidence of the expiry's own feeds and of the volatilities held */
  readonly confidence: Rational;
  readonly discountPositive: Rational;
  readonly discountNegative: Rational;
  readonly basisFactor: Rational;
  readonly options: readonly ValuedOption[];
}

export interface Pmrm2Collateral {
  readonly name: string;
  /** not negative */
  readonly amount: Rational;
  readonly price: Rational;
  readonly confidence: Rational;
  /** whether its value moves with the spot price in a scenario */
  readonly isRiskCancelling: boolean;
  readonly maintenanceHaircut: Rational;
  /** on top of the maintenance haircut */
  readonly initialHaircut: Rational;
}

export interface Pmrm2Perp {
  /** signed */
  readonly amount: Rational;
  readonly price: Rational;
  readonly confidence: Rational;
  /** profit and funding not yet settled into cash */
  readonly unsettled: Rational;
}

export interface Pmrm2Account {
  readonly cash: Rational;
  readonly collaterals: readonly Pmrm2Collateral[];
  readonly perp: Pmrm2Perp;
  readonly spot: Rational;
  readonly spotConfidence: Rational;
  /** price of the quote stablecoin */
  readonly stable: Rational;
  readonly expiries: readonly Pmrm2Expiry[];
}

/** What maintenance margin asks, and what initial margin asks on top of it. */
export interface Pmrm2Percent {
  readonly maintenance: Rational;
  readonly initial: Rational;
}

export interface Pmrm2MarginParameters {
  readonly scenarios: readonly Pmrm2Scenario[];
  readonly perpPercent: Pmrm2Percent;
  readonly optionPercent: Pmrm2Percent;
  readonly confidence: ConfidenceParameters;
  readonly maintenanceFactor: Rational;
  readonly initialFactor: Rational;
  readonly pegThreshold: Rational;
  readonly pegFactor: Rational;
}

/** The factors on the worst loss; the initial one stands alone, not on top. */
export interface Pmrm2LossFactor {
  readonly maintenance: Rational;
  readonly initial: Rational;
}

/** What one unit costs, in quote units: all that is public about the contingencies. */
export interface Pmrm2Rates {
  /** per unit of |perp|; the oracle's for initial margin only, as everywhere */
  readonly perp: Pmrm2Percent & { readonly oracle: Rational };
  /** per unit of naked short options */
  readonly nakedShort: Pmrm2Percent;
  /** per unit of |option|, for each expiry in its order */
  readonly optionOracle: readonly Rational[];
  /** value of a unit and what is asked of it, for each collateral in its order */
  readonly collaterals: readonly (Pmrm2Percent & { readonly value: Rational; readonly oracle: Rational })[];
  readonly lossFactor: Pmrm2LossFactor;
}

export interface Pmrm2Contingency {
  readonly perp: Rational;
  readonly collateral: Rational;
  readonly option: Rational;
}

/** All in quote units, contingencies not negative but for the basis, which is a loss and not positive. */
export interface Pmrm2Risk {
  readonly markToMarket: Rational;
  readonly scenarioPnl: readonly Rational[];
  readonly basis: Rational;
  readonly maintenanceContingency: Pmrm2Contingency;
  /** on top of the maintenance contingency */
  readonly initialContingency: Pmrm2Contingency & { readonly oracle: Rational };
  readonly lossFactor: Pmrm2LossFactor;
  readonly netMaintenance: Rational;
  readonly netInitial: Rational;
}

const markOf = ({ options }: Pmrm2Expiry): Rational => totalValue(options, (values) => values.mark);

export const isSkew = ({ volatilityShock }: Pick<Pmrm2Scenario, 'volatilityShock'>): boolean =>
  volatilityShock === 'linearSkew' || volatilityShock === 'absoluteSkew';

function expiryPnl(expiry: Pmrm2Expiry, scenario: Pmrm2Scenario, index: number): Rational {
  const shocked = totalValue(expiry.options, (values) => values.scenarios[index] as Rational);
  const discounted = multiply(shocked, shocked.num >= 0n ? expiry.discountPositive : expiry.discountNegative);
  const pnl = multiply(subtract(discounted, markOf(expiry)), scenario.dampening);
  return isSkew(scenario) ? negate(absolute(pnl)) : pnl;
}

/** The factor on the worst loss for initial margin, with what a stablecoin below its peg adds. */
function initialFactorOf(stable: Rational, parameters: Pmrm2MarginParameters): Rational {
  const missing = subtract(parameters.pegThreshold, stable);
  const { initialFactor, pegFactor } = parameters;
  return missing.num > 0n ? add(initialFactor, multiply(missing, pegFactor)) : initialFactor;
}

const scaledBy = ({ maintenance, initial }: Pmrm2Percent, scale: Rational): Pmrm2Percent => ({
  maintenance: multiply(maintenance, scale),
  initial: multiply(initial, scale),
});

/** Rates of an account's feeds. They depend on the account in one thing: whether it holds a perp. */
export function pmrm2Rates(
  { perp, spot, spotConfidence, stable, collaterals }: Omit<Pmrm2Account, 'expiries'>,
  expiries: readonly Pick<Pmrm2Expiry, 'confidence'>[],
  parameters: Pmrm2MarginParameters,
): Pmrm2Rates {
  const least = perp.amount.num === 0n ? spotConfidence : smaller(spotConfidence, perp.confidence);
  const oracleAt = (confidence: Rational, value: Rational): Rational =>
    multiply(confidenceRate(confidence, parameters.confidence), value);
  return {
    perp: { ...scaledBy(parameters.perpPercent, spot), oracle: oracleAt(least, spot) },
    nakedShort: scaledBy(parameters.optionPercent, spot),
    optionOracle: expiries.map(({ confidence }) => oracleAt(smaller(least, confidence), spot)),
    collaterals: collaterals.map(({ price, confidence, maintenanceHaircut, initialHaircut }) => {
      const value = divide(price, stable);
      const haircuts = scaledBy({ maintenance: maintenanceHaircut, initial: initialHaircut }, value);
      return { ...haircuts, value, oracle: oracleAt(smaller(spotConfidence, confidence), value) };
    }),
    lossFactor: { maintenance: parameters.maintenanceFactor, initial: initialFactorOf(stable, parameters) },
  };
}

const totalOf = ({ perp, collateral, option }: Pmrm2Contingency): Rational => sum([perp, collateral, option]);

export function pmrm2Risk(account: Pmrm2Account, parameters: Pmrm2MarginParameters): Pmrm2Risk {
  const { cash, collaterals, perp, expiries } = account;
  const rates = pmrm2Rates(account, expiries, parameters);
  const held = collaterals.map((collateral, index) => ({
    ...collateral,
    rates: rates.collaterals[index] as Pmrm2Rates['collaterals'][number],
  }));
  const values = held.map(({ amount, isRiskCancelling, rates: { value } }) => ({
    isRiskCancelling,
    value: multiply(amount, value),
  }));
  const markToMarket = sum([
    cash,
    perp.amount.num === 0n ? ZERO : perp.unsettled,
    ...expiries.map(markOf),
    ...values.map(({ value }) => value),
  ]);

  const linear = sum([
    multiply(perp.amount, perp.price),
    ...values.filter(({ isRiskCancelling }) => isRiskCancelling).map(({ value }) => value),
  ]);
  const scenarioPnl = parameters.scenarios.map((scenario, index) =>
    sum([
      multiply(multiply(linear, subtract(scenario.spotShock, ONE)), scenario.dampening),
      ...expiries.map((expiry) => expiryPnl(expiry, scenario, index)),
    ]),
  );
  const basis = sum(expiries.map(({ options, basisFactor }) => basisContingency(options, basisFactor)));
  const worst = scenarioPnl.reduce(smaller, basis);

  const size = absolute(perp.amount);
  const shorts = sum(expiries.map(({ options }) => nakedShorts(options)));
  const contingency = (of: keyof Pmrm2Percent): Pmrm2Contingency => ({
    perp: multiply(size, rates.perp[of]),
    collateral: sum(held.map((collateral) => multiply(collateral.amount, collateral.rates[of]))),
    option: multiply(shorts, rates.nakedShort[of]),
  });
  const oracle = sum([
    multiply(size, rates.perp.oracle),
    ...expiries.map(({ options }, index) => multiply(grossAmount(options), rates.optionOracle[index] as Rational)),
    ...held.map((collateral) => multiply(collateral.amount, collateral.rates.oracle)),
  ]);

  const maintenanceContingency = contingency('maintenance');
  const initialContingency = { ...contingency('initial'), oracle };
  const { lossFactor } = rates;
  const afterMaintenance = subtract(markToMarket, totalOf(maintenanceContingency));
  const onTop = add(totalOf(initialContingency), oracle);
  return {
    markToMarket,
    scenarioPnl,
    basis,
    maintenanceContingency,
    initialContingency,
    lossFactor,
    netMaintenance: add(multiply(worst, lossFactor.maintenance), afterMaintenance),
    netInitial: add(multiply(worst, lossFactor.initial), subtract(afterMaintenance, onTop)),
  };
}
