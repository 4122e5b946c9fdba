import { multiply, type Rational, rational } from '../../numbers/rational.js';
import { VALUE_DECIMALS } from '../../protocol/constants.js';
import type { CheckedMarket } from './checkMarket.js';
import { exactly, nearest, type Rounder } from './figures.js';
import { modelValue } from './valuation.js';

export interface MarkPrice {
  /** 1e-16 quote per unit of size */
  readonly price: bigint;
  /** quote per whole thing, as used */
  readonly quote: Rational;
  /** by how much of its unit it can be off: a mark cuts both ways */
  readonly error: bigint;
}

/**
 * Marks of all instruments. A stated mark and that of a linear contract have to be exact; an option without one stands at
 * Black-76, rounded to the nearest unit, and to one unit where it is worth less: off by at most one.
 *
 * Throws NOT_REPRESENTABLE for a mark with too many decimals.
 */
export function marksOf(market: CheckedMarket, rounder: Rounder): readonly MarkPrice[] {
  let computed = 0;
  const marks = market.instruments.map((instrument): MarkPrice => {
    const { entry, mark, contract } = instrument;
    const decimals = VALUE_DECIMALS - entry.amountDecimals;
    const unit = rational(10n ** BigInt(decimals));
    const priced = (price: bigint, error: bigint): MarkPrice => ({ price, quote: rational(price, unit.num), error });
    const { value, error } = mark === null ? modelValue(market, instrument) : { value: mark, error: rational(0n) };
    if (mark !== null || contract.kind === 'linear') return priced(exactly(value, decimals, `mark of ${entry.symbol}`), 0n);
    computed++;
    const units = multiply(value, unit);
    const price = nearest(units);
    if (price > 0n) return priced(price, units.den === 1n && error.num === 0n ? 0n : 1n);
    return priced(1n, 1n);
  });
  if (computed > 0) {
    rounder.record({
      where: `marks of ${computed} options`,
      exact: 'Black-76, known to 1e-30 and better',
      used: 'nearest unit of 1e-16 quote, at least one; each unit of size is charged one for it',
    });
  }
  return marks;
}
