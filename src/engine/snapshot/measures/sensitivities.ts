import { SolvencyError } from '../../../errors.js';
import { rational, ZERO } from '../../../numbers/rational.js';
import { exact } from '../../../pricing/approximation.js';
import { cashGreeks, type Greeks, greeks } from '../../../pricing/greeks.js';
import type { CheckedMarket, ListedInstrument } from '../checkMarket.js';
import { discountOf, spotOf } from '../valuation.js';

const NONE = exact(ZERO);

/**
 * Cash Greeks of one whole thing of size: what a relative move of 1 of the underlying is worth, its second derivative, and
 * what a change of 1 in volatility is worth. Throws INVALID_VOLATILITY for an option without volatility, which has none.
 */
export function sensitivities(market: CheckedMarket, instrument: ListedInstrument): Greeks {
  const { contract, mark, underlying, entry } = instrument;
  const spot = spotOf(market, underlying);
  if (contract.kind === 'linear') return { delta: exact(mark ?? spot), gamma: NONE, vega: NONE };
  if (contract.volatility.num === 0n) {
    throw new SolvencyError(
      'INVALID_VOLATILITY',
      `The volatility of ${entry.symbol} is 0, and an option without volatility has no Greeks. State it, or leave the option out.`,
      { details: { symbol: entry.symbol } },
    );
  }
  const { strike, volatility, isCall, expiry } = contract;
  const secondsToExpiry = rational(BigInt(expiry - market.time));
  const discount = discountOf(market, contract);
  return cashGreeks(greeks({ forward: spot, strike, volatility, secondsToExpiry, discount, isCall }), spot);
}
