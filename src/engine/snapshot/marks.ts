import { maximum } from '../../numbers/maximum.js';
import { ceiling, type Rational, rational } from '../../numbers/rational.js';
import { VALUE_DECIMALS } from '../../protocol/constants.js';
import type { CheckedMarket } from './checkMarket.js';
import { exactly, type Rounder, roundBothWays } from './figures.js';
import { modelValue } from './valuation.js';

export interface MarkPrice {
  /** 1e-16 quote per unit of size */
  readonly price: bigint;
  /** quote per whole thing, as used */
  readonly quote: Rational;
  /** units by which it can be off: a mark cuts both ways */
  readonly error: bigint;
}

/**
 * Marks of all instruments. A stated mark and that of a linear contract have to be exact; an option without one stands at
 * Black-76, rounded to the nearest unit, and to one unit where it is worth less: off by at most one,
 * unless its value is not known to half a unit.
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
    if (mark !== null || contract.kind === 'linear') {
      const stated = mark ?? modelValue(market, instrument).value;
      return priced(exactly(stated, decimals, `mark of ${entry.symbol}`), 0n);
    }
    computed++;
    const { units, error } = roundBothWays([modelValue(market, instrument)], unit);
    const price = units[0] as bigint;
    return price > 0n ? priced(price, ceiling(error)) : priced(1n, maximum([1n, ceiling(error)]));
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
