/**
 * Binance USDT-margined futures in exact rationals, in the venue's own order of formulas:
 *
 *   maintenance(N) = N * mmr_k - cum_k                         with k such that floor_k <= N <= cap_k
 *   initial(N)     = N / leverage
 *   liquidation price = (WB + sum_others(uPnL - MM) + cum - side*q*EP) / (q*mmr - side*q)
 *
 * N = q * mark, side = 1 for a long and -1 for a short, WB the wallet balance, EP the entry price.
 * Checked against the figures in freqtrade's test suite (tests/exchange/test_binance.py, commit c9ae5e1e).
 */
import { add, compare, divide, multiply, negate, type Rational, subtract, sum, ZERO } from '../../numbers/rational.js';

/** One leverage bracket; notionals in units of the settle asset. */
export interface BinanceBracket {
  readonly floor: Rational;
  readonly cap: Rational;
  readonly maintenanceRate: Rational;
  /** the bracket's maintenance amount, "cum" in the venue's interface */
  readonly cum: Rational;
  readonly maxLeverage: Rational;
}

export interface BinancePosition {
  readonly symbol: string;
  /** signed: negative for a short */
  readonly size: Rational;
  readonly entry: Rational;
  readonly maintenanceRate: Rational;
  readonly cum: Rational;
  /** absent where only this position's liquidation price is asked: the formula does not need it */
  readonly mark?: Rational;
  readonly leverage?: Rational;
}

/** The bracket of a notional; at a shared boundary the lower one. Undefined above the last cap. */
export const bracketOf = (notional: Rational, brackets: readonly BinanceBracket[]): BinanceBracket | undefined =>
  brackets.find((bracket) => compare(bracket.floor, notional) <= 0 && compare(notional, bracket.cap) <= 0);

/** Maintenance margin of a notional in a bracket, or under one stated rate and maintenance amount. */
export const maintenanceMargin = (
  notional: Rational,
  { maintenanceRate, cum }: Pick<BinanceBracket, 'maintenanceRate' | 'cum'>,
): Rational => subtract(multiply(notional, maintenanceRate), cum);

/** Initial margin of a notional at a leverage. */
export const initialMargin = (notional: Rational, leverage: Rational): Rational => divide(notional, leverage);

const magnitude = (value: Rational): Rational => (value.num < 0n ? negate(value) : value);

/** |size| * mark. */
export const notionalOf = (size: Rational, mark: Rational): Rational => multiply(magnitude(size), mark);

export const unrealizedPnl = (size: Rational, entry: Rational, mark: Rational): Rational =>
  multiply(size, subtract(mark, entry));

/** Wallet balance plus unrealised profit and loss; undefined when a mark is missing. */
export function equityOf(walletBalance: Rational, positions: readonly BinancePosition[]): Rational | undefined {
  const pnls = positions.map(({ size, entry, mark }) => mark && unrealizedPnl(size, entry, mark));
  return pnls.includes(undefined) ? undefined : add(walletBalance, sum(pnls as Rational[]));
}

/** Sum of the maintenance margins; undefined when a mark is missing. */
export function maintenanceOf(positions: readonly BinancePosition[]): Rational | undefined {
  const margins = positions.map(
    (position) => position.mark && maintenanceMargin(notionalOf(position.size, position.mark), position),
  );
  return margins.includes(undefined) ? undefined : sum(margins as Rational[]);
}

/**
 * The mark at which wallet balance and profit and loss just cover maintenance, every other position's mark unchanged.
 * `others` is empty for an isolated position. Undefined when another position has no mark or no price exists.
 */
export function liquidationPrice(
  walletBalance: Rational,
  position: BinancePosition,
  others: readonly BinancePosition[],
): Rational | undefined {
  const balance = equityOf(walletBalance, others);
  const margin = maintenanceOf(others);
  if (balance === undefined || margin === undefined) return undefined;
  const quantity = magnitude(position.size);
  const numerator = subtract(add(subtract(balance, margin), position.cum), multiply(position.size, position.entry));
  const denominator = subtract(multiply(quantity, position.maintenanceRate), position.size);
  return compare(denominator, ZERO) === 0 ? undefined : divide(numerator, denominator);
}
