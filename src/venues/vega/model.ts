/**
 * Vega's margin levels in exact rationals, rounded where the venue rounds. With v the open volume, b and s the volumes of
 * open buy and sell orders, all over the position factor, market orders counted as filled:
 *
 *   long  = mark (lin v+ + quad v+^2) + v+ rfLong mark + b rfLong mark                            when v + b > 0, else 0
 *   short = the same of v- = max(0, -v) and s with rfShort                                        when v - s < 0, else 0
 *   in an auction an order counts at its own price, a side at no less than the auction price
 *   maintenance = ceil(max(long, short) + max(0, funding v)), funding the payment due per unit of volume
 *   search, initial, release = floor(maintenance factor), the factor truncated to five decimals
 *
 * Isolated: position = floor(|entry size| factor); orders = the worse side's floor(sum price size factor), after the best
 * priced orders against the position, up to its size, which would only reduce it. Money in the asset's smallest units.
 * Read in vegaprotocol/vega (commit a50750cc), core/risk: margins_calculation.go, isolated_margin.go.
 */
import {
  absolute,
  add,
  ceiling,
  compare,
  divide,
  floor,
  multiply,
  negate,
  type Rational,
  rational,
  subtract,
  sum,
  ZERO,
} from '../../numbers/rational.js';

export interface VegaOrder {
  readonly price: Rational;
  readonly size: Rational;
}

/** Volumes and sizes are already divided by the position factor. */
export interface VegaPosition {
  readonly openVolume: Rational;
  readonly buys: readonly VegaOrder[];
  readonly sells: readonly VegaOrder[];
}

export interface VegaMarket {
  readonly mark: Rational;
  readonly linearSlippage: Rational;
  readonly quadraticSlippage: Rational;
  readonly riskFactorLong: Rational;
  readonly riskFactorShort: Rational;
  /** due by a long position per unit of volume; negative when it is due by a short one */
  readonly fundingPerUnit: Rational;
  /** whether orders count at their prices, and the least price that they count at, if any */
  readonly auction?: { readonly price: Rational };
}

export interface ScalingFactors {
  readonly search: Rational;
  readonly initial: Rational;
  readonly release: Rational;
}

const FACTOR_UNITS = rational(100_000n);

const higher = (a: Rational, b: Rational): Rational => (compare(a, b) > 0 ? a : b);
const lower = (a: Rational, b: Rational): Rational => (compare(a, b) < 0 ? a : b);
const product = (...factors: readonly [Rational, ...Rational[]]): Rational => factors.reduce(multiply);
const volumeOf = (orders: readonly VegaOrder[]): Rational => sum(orders.map(({ size }) => size));
const notionalOf = (orders: readonly VegaOrder[]): Rational =>
  sum(orders.map(({ price, size }) => multiply(price, size)));

/** One side's requirement: of the volume already open on it, and of its orders. */
function sideMargin(
  volume: Rational,
  orders: readonly VegaOrder[],
  riskFactor: Rational,
  market: VegaMarket,
): Rational {
  const { mark, linearSlippage, quadraticSlippage, auction } = market;
  const slippage = add(multiply(linearSlippage, volume), product(quadraticSlippage, volume, volume));
  const orderVolume = volumeOf(orders);
  const orderValue =
    auction === undefined
      ? multiply(orderVolume, mark)
      : higher(notionalOf(orders), multiply(orderVolume, auction.price));
  return sum([multiply(mark, slippage), product(volume, riskFactor, mark), multiply(orderValue, riskFactor)]);
}

/** The maintenance margin before it is rounded up. */
export function maintenanceMargin({ openVolume, buys, sells }: VegaPosition, market: VegaMarket): Rational {
  const canBeLong = add(openVolume, volumeOf(buys)).num > 0n;
  const canBeShort = subtract(openVolume, volumeOf(sells)).num < 0n;
  const long = canBeLong ? sideMargin(higher(openVolume, ZERO), buys, market.riskFactorLong, market) : ZERO;
  const short = canBeShort ? sideMargin(higher(negate(openVolume), ZERO), sells, market.riskFactorShort, market) : ZERO;
  return add(higher(long, short), higher(ZERO, multiply(market.fundingPerUnit, openVolume)));
}

/** Maintenance margin as the venue holds it: whole units, rounded up. */
export const maintenanceLevel = (margin: Rational): bigint => ceiling(margin);

/** Another level from the rounded maintenance margin: factor cut to five decimals, result rounded down. */
export const scaledLevel = (maintenance: bigint, factor: Rational): bigint =>
  (maintenance * floor(multiply(factor, FACTOR_UNITS))) / floor(FACTOR_UNITS);

/** Margin of an isolated position from the notional at its entry prices. */
export const isolatedPositionMargin = (entryNotional: Rational, marginFactor: Rational): bigint =>
  floor(multiply(absolute(entryNotional), marginFactor));

function isolatedSideNotional(orders: readonly VegaOrder[], covered: Rational, auctionPrice: Rational): Rational {
  let left = covered;
  return sum(
    orders.map(({ price, size }) => {
      const offset = lower(size, left);
      left = subtract(left, offset);
      return multiply(subtract(size, offset), higher(price, auctionPrice));
    }),
  );
}

/** Margin of an isolated market's open orders: the worse side, best prices first against an opposite position. */
export function isolatedOrderMargin(
  { openVolume, buys, sells }: VegaPosition,
  marginFactor: Rational,
  auctionPrice: Rational = ZERO,
): bigint {
  const byPrice = (orders: readonly VegaOrder[], sign: 1 | -1): readonly VegaOrder[] =>
    orders.toSorted((a, b) => sign * compare(a.price, b.price));
  const buying = isolatedSideNotional(byPrice(buys, -1), higher(ZERO, negate(openVolume)), auctionPrice);
  const selling = isolatedSideNotional(byPrice(sells, 1), higher(ZERO, openVolume), auctionPrice);
  return floor(multiply(higher(buying, selling), marginFactor));
}

/** Orders in the venue's integer sizes as volumes. */
export const scaleOrders = (orders: readonly VegaOrder[], positionFactor: Rational): readonly VegaOrder[] =>
  orders.map(({ price, size }) => ({ price, size: divide(size, positionFactor) }));
