/** What the contracts of a market are worth now and after a move of their underlying. */
import {
  add,
  formatRational,
  multiply,
  negate,
  ONE,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../numbers/rational.js';
import { type Approximation, exact, fromInterval } from '../../pricing/approximation.js';
import { black76, yearsOf } from '../../pricing/black76.js';
import { exp, fromRational } from '../../pricing/fixedPoint.js';
import type { CheckedMarket, ListedInstrument } from './checkMarket.js';
import { fromFine } from './figures.js';
import type { MarketOption } from './market.js';

/** A move of one underlying, in 1e-9: relative of its price, absolute of the volatility of its options. */
export interface FineMove {
  readonly move: bigint;
  readonly volatility: bigint;
}

export const spotOf = (market: CheckedMarket, underlying: number): Rational =>
  market.underlyings[underlying]?.spot as Rational;

/** e^(-rate x years to expiry). */
export const discountOf = ({ discountRate, time }: CheckedMarket, { expiry }: MarketOption): Approximation =>
  discountRate.num === 0n
    ? exact(ONE)
    : fromInterval(exp(fromRational(negate(multiply(discountRate, yearsOf(rational(BigInt(expiry - time))))))));

const difference = (a: Approximation, b: Approximation): Approximation => ({
  value: subtract(a.value, b.value),
  error: add(a.error, b.error),
});

const notBelowZero = (value: Rational): Rational => (value.num < 0n ? ZERO : value);

/**
 * Value of a contract by its model, quote per whole thing of size: a linear one stands at its mark, which is the price of
 * its underlying unless the market says otherwise, an option at Black-76 with its underlying's price as the forward.
 */
export function modelValue(market: CheckedMarket, { contract, mark, underlying }: ListedInstrument): Approximation {
  const spot = spotOf(market, underlying);
  if (contract.kind === 'linear') return exact(mark ?? spot);
  return optionValue(market, contract, contract.isCall, spot, contract.volatility);
}

const optionValue = (
  market: CheckedMarket,
  option: MarketOption,
  isCall: boolean,
  forward: Rational,
  volatility: Rational,
): Approximation =>
  black76({
    forward,
    strike: option.strike,
    volatility,
    secondsToExpiry: rational(BigInt(option.expiry - market.time)),
    discount: discountOf(market, option),
    isCall,
  });

/**
 * Change of value of every instrument in each move of its underlying, quote per whole thing of size: of a linear contract
 * mark x move; of an option its value at spot x (1 + move) and volatility + change, not below 0, less its value now, at the
 * same time to expiry. What a mark differs from its model by stays. Call and put of a strike share one Black-76 value by
 * put-call parity, put = call - discount x (forward - strike).
 */
export function scenarioChanges(
  market: CheckedMarket,
  movesOf: (underlying: number) => readonly FineMove[],
  onFraction: (done: number) => void = () => undefined,
): readonly (readonly Approximation[])[] {
  const calls = new Map<string, readonly Approximation[]>();
  return market.instruments.map((instrument, index) => {
    const { contract, mark, underlying } = instrument;
    const spot = spotOf(market, underlying);
    const moves = movesOf(underlying);
    onFraction(index / market.instruments.length);
    if (contract.kind === 'linear') {
      return moves.map(({ move }) => exact(multiply(mark ?? spot, fromFine(move))));
    }
    const key = [
      underlying,
      contract.expiry,
      formatRational(contract.strike),
      formatRational(contract.volatility),
    ].join(' ');
    const ofCall = calls.get(key) ?? callChanges(market, contract, spot, moves);
    calls.set(key, ofCall);
    if (contract.isCall) return ofCall;
    const discount = discountOf(market, contract);
    return ofCall.map((change, scenario) => {
      const shift = multiply(spot, fromFine((moves[scenario] as FineMove).move));
      return difference(change, {
        value: multiply(discount.value, shift),
        error: multiply(discount.error, shift.num < 0n ? negate(shift) : shift),
      });
    });
  });
}

function callChanges(
  market: CheckedMarket,
  option: MarketOption,
  spot: Rational,
  moves: readonly FineMove[],
): readonly Approximation[] {
  const now = optionValue(market, option, true, spot, option.volatility);
  return moves.map(({ move, volatility }) =>
    difference(
      optionValue(
        market,
        option,
        true,
        multiply(spot, add(ONE, fromFine(move))),
        notBelowZero(add(option.volatility, fromFine(volatility))),
      ),
      now,
    ),
  );
}
