/**
 * Hyperliquid perpetuals in exact rationals:
 *
 *   account value     = rawUsd + sum of signed notionals
 *   initial margin    = N / leverage, the leverage being the account's own choice
 *   maintenance       = N * mmr_n - ded_n, mmr_n = 1 / (2 * maxLeverage_n), ded_n = ded_(n-1) + lower_n * (mmr_n - mmr_(n-1))
 *   withdrawable      = account value - initial margin, not below zero
 *   liquidation price = P - side * available / (|q| * (1 - side * mmr)), available = account value - maintenance
 *
 * The recorded withdrawable figures of 2023 and 2024 are account value less initial margin, and less what resting orders
 * hold; the floor of a tenth of the notional that the venue's later documents state is not in them.
 * Checked against recordings in hyperliquid-python-sdk (commit 7ee976d1) and ccxt (commit 0117dcb9).
 */
import {
  add,
  compare,
  divide,
  multiply,
  negate,
  ONE,
  type Rational,
  rational,
  subtract,
  sum,
  ZERO,
} from '../../numbers/rational.js';

/** A margin tier as the venue states it: the highest leverage for notionals from `lowerBound` on. */
export interface HyperliquidTier {
  readonly lowerBound: Rational;
  readonly maxLeverage: Rational;
}

export interface HyperliquidPosition {
  readonly coin: string;
  /** signed: negative for a short */
  readonly size: Rational;
  /** |size| * mark, not negative */
  readonly notional: Rational;
  readonly leverage: Rational;
  /** from the lowest bound, 0, upward */
  readonly tiers: readonly HyperliquidTier[];
}

export interface MaintenanceTier {
  readonly lowerBound: Rational;
  readonly rate: Rational;
  readonly deduction: Rational;
}

/** Rates and deductions of a coin's tiers. */
export function maintenanceTiers(tiers: readonly HyperliquidTier[]): readonly MaintenanceTier[] {
  const result: MaintenanceTier[] = [];
  for (const { lowerBound, maxLeverage } of tiers) {
    const rate = divide(ONE, multiply(rational(2n), maxLeverage));
    const previous = result.at(-1);
    const deduction =
      previous === undefined ? ZERO : add(previous.deduction, multiply(lowerBound, subtract(rate, previous.rate)));
    result.push({ lowerBound, rate, deduction });
  }
  return result;
}

export function maintenanceMargin({ notional, tiers }: HyperliquidPosition): Rational {
  const tier = maintenanceTiers(tiers).findLast(({ lowerBound }) => compare(lowerBound, notional) <= 0);
  return tier === undefined ? ZERO : subtract(multiply(notional, tier.rate), tier.deduction);
}

export const initialMargin = ({ notional, leverage }: HyperliquidPosition): Rational => divide(notional, leverage);

export const signedNotional = ({ size, notional }: HyperliquidPosition): Rational =>
  size.num < 0n ? negate(notional) : notional;

export interface HyperliquidSummary {
  readonly accountValue: Rational;
  readonly totalNotional: Rational;
  readonly initialMargin: Rational;
  readonly maintenanceMargin: Rational;
  readonly withdrawable: Rational;
}

export function summarize(rawUsd: Rational, positions: readonly HyperliquidPosition[]): HyperliquidSummary {
  const accountValue = add(rawUsd, sum(positions.map(signedNotional)));
  const initial = sum(positions.map(initialMargin));
  const free = subtract(accountValue, initial);
  return {
    accountValue,
    totalNotional: sum(positions.map(({ notional }) => notional)),
    initialMargin: initial,
    maintenanceMargin: sum(positions.map(maintenanceMargin)),
    withdrawable: free.num < 0n ? ZERO : free,
  };
}

/**
 * The mark of `position` at which the account just covers maintenance, the other marks unchanged. The tier is that of
 * the notional at that price. Null when no positive price does it.
 */
export function liquidationPrice(
  position: HyperliquidPosition,
  { accountValue, maintenanceMargin: total }: HyperliquidSummary,
): Rational | null {
  const quantity = position.size.num < 0n ? negate(position.size) : position.size;
  if (quantity.num === 0n) return null;
  const side = rational(position.size.num < 0n ? -1n : 1n);
  const mark = divide(position.notional, quantity);
  const withoutThis = subtract(accountValue, subtract(total, maintenanceMargin(position)));
  const tiers = maintenanceTiers(position.tiers);
  for (const [index, tier] of tiers.entries()) {
    const available = subtract(withoutThis, subtract(multiply(position.notional, tier.rate), tier.deduction));
    const slope = multiply(quantity, subtract(ONE, multiply(side, tier.rate)));
    const price = subtract(mark, divide(multiply(side, available), slope));
    const notional = multiply(quantity, price);
    const next = tiers[index + 1];
    const inTier =
      compare(tier.lowerBound, notional) <= 0 && (next === undefined || compare(notional, next.lowerBound) <= 0);
    if (price.num > 0n && inTier) return price;
  }
  return null;
}
