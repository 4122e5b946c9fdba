import { add, multiply, type Rational, rational, ZERO } from '../../numbers/rational.js';
import type { PortfolioParameters } from '../../portfolio/portfolioParameters.js';
import type { Approximation } from '../../pricing/approximation.js';
import { contractValue } from '../grid/contractValue.js';
import type { ForwardContract, GridMarket, OptionContract, PricedExpiry, StandingAsset } from '../grid/gridMarket.js';
import { gridParameters, PLAIN_CONTRACT } from '../grid/gridParameters.js';
import { SPAN_SCENARIOS, type SpanScenario, spanScenarios } from './spanScenarios.js';

/** An expiry with the ranges of its tier. */
export interface SpanExpiry extends PricedExpiry {
  /** price scan range, quote per unit of size */
  readonly priceRange: Rational;
  /** volatility scan range as a part of the volatility: 0.35 is 35% of it */
  readonly volatilityRange: Rational;
  /** quote for each option short: the short option minimum; 0 for none */
  readonly shortMinimum: Rational;
}

export interface SpanRule {
  /** an extreme move in price scan ranges, 3 at most products of CME */
  readonly extremeMultiple: Rational;
  /** the part of an extreme loss that counts, 33% at most products of CME */
  readonly cover: Rational;
  /** seconds until the prices of the scenarios are reached: a trading day, by which options are closer to their expiry */
  readonly lookAhead: bigint;
}

const notBelowZero = (value: Rational): Rational => (value.num < 0n ? ZERO : value);

/**
 * Parameters of SPAN scanning risk where only ranges are public and no arrays: futures move by a part of the range, options
 * are revalued by Black-76 at the moved price and volatility, `lookAhead` later. Extreme move and cover: CME Clearing
 * advisories (Chadv08-303: "Extreme Move Value 3, Extreme Move Coverage 0.33"). What is left out is left out as in spanArray,
 * and is stricter in the same way.
 *
 * Errors: INVALID_INPUT where a range takes the price of an option's future below zero, and as black76.
 */
export function spanParameters(market: GridMarket<SpanExpiry, StandingAsset>, rule: SpanRule): PortfolioParameters {
  const assets = market.assets.map((asset) => ({ ...asset, underlying: null }));
  const scenarios = { plain: spanScenarios(rule.cover), absolute: [] };
  return gridParameters({ ...market, assets }, scenarios, (expiry) => {
    const { forward, discount, priceRange, volatilityRange, secondsToExpiry, contracts, shortMinimum } = expiry;
    const left = secondsToExpiry > rule.lookAhead ? secondsToExpiry - rule.lookAhead : 0n;
    const valueIn = (
      contract: ForwardContract | OptionContract,
      { ranges, volatility, extreme }: SpanScenario,
    ): Approximation => {
      const share = extreme ? multiply(ranges, rule.extremeMultiple) : ranges;
      const factor = add(rational(1n), multiply(rational(volatility), volatilityRange));
      return contractValue(contract, {
        forward: add(forward, multiply(share, priceRange)),
        volatility: contract.kind === 'option' ? multiply(contract.volatility, notBelowZero(factor)) : ZERO,
        secondsToExpiry: left,
        discount,
      });
    };
    return contracts.map((contract) => ({
      ...PLAIN_CONTRACT,
      instrumentId: contract.instrumentId,
      nakedCharge: contract.kind === 'option' ? shortMinimum : ZERO,
      mark: contractValue(contract, {
        forward,
        volatility: contract.kind === 'option' ? contract.volatility : ZERO,
        secondsToExpiry,
        discount,
      }),
      values: SPAN_SCENARIOS.map((each) => valueIn(contract, each)),
    }));
  });
}
