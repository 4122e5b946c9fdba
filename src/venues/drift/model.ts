/**
 * Drift v2 in exact integers: money in 1e-6 USD, base in 1e-9, weights and ratios in 1e-4, imf factors in 1e-6, tokens in
 * the units of their mint. Divisions truncate toward zero but for the value of a negative token amount, which is floored.
 *
 *   root(size)        = isqrt(10 size + 1), size in 1e-9
 *   liability weight  = max(w, w - floor(w / 5) + floor(root imf / 1e7))      a perp's margin ratio likewise; w if imf = 0
 *   asset weight      = min(w, floor(1.1e6 1e4 / (1e6 + floor(root imf / 1e5))))                               w if imf = 0
 *   token value       = amount price / 10^decimals; strict: the lower of price and average for assets, the higher for debts
 *   spot with orders  = the worse of all bids and all asks filled, by weighted value plus what the fills pay
 *   perp requirement  = value of the larger of |base + bids|, |base + asks|, times the higher quote price, times the ratio
 *   unrealised profit = base price / 1e9 + quote entry; weighted when positive, then times the quote price, then for the
 *                       initial requirement capped at 100 USD a market
 *
 * Every open order of a position in use requires 0.01 USD more. The account is healthy when collateral >= requirement.
 * Read in drift-labs/protocol-v2 (commit 0ae3e3b1), programs/drift/src: math/margin.rs, math/position.rs,
 * math/spot_balance.rs, state/perp_market.rs, state/spot_market.rs, state/user.rs.
 */

export type RequirementType = 'initial' | 'fill' | 'maintenance';

const WEIGHT_ONE = 10_000n;
const PRICE_ONE = 1_000_000n;
const BASE_ONE = 1_000_000_000n;
const QUOTE_TO_BASE = 1_000n;
const IMF_ONE = 1_000_000n;
const ROOT_ONE = 100_000n;

/** A market's two values of one parameter; fills take the mean of both, truncated. */
export interface ByRequirement {
  readonly initial: bigint;
  readonly maintenance: bigint;
}

export interface StrictPrice {
  readonly current: bigint;
  /** average over five minutes where the requirement is a strict one */
  readonly average?: bigint;
}

export interface DriftToken {
  readonly price: StrictPrice;
  readonly decimals: number;
}

export interface DriftSpotMarket extends DriftToken {
  readonly assetWeight: ByRequirement;
  readonly liabilityWeight: ByRequirement;
  readonly imfFactor: bigint;
}

export interface OpenOrders {
  readonly openBids: bigint;
  /** negative, as the venue states it */
  readonly openAsks: bigint;
  readonly openOrders: bigint;
}

export interface DriftSpotPosition extends OpenOrders {
  readonly market: DriftSpotMarket;
  /** negative: a borrow */
  readonly amount: bigint;
}

export interface DriftPerpMarket {
  readonly price: bigint;
  readonly marginRatio: ByRequirement;
  readonly imfFactor: bigint;
  readonly unrealizedAssetWeight: ByRequirement;
  readonly unrealizedImfFactor: bigint;
  /** a short of a prediction market can lose only up to a price of 1 */
  readonly isPrediction: boolean;
}

export interface DriftPerpPosition extends OpenOrders {
  readonly market: DriftPerpMarket;
  readonly base: bigint;
  /** what was received (positive) or paid for the base, with fees and funding settled */
  readonly quoteEntry: bigint;
  /** the account's own choice for this market, 0 for none; initial requirement only */
  readonly customMarginRatio: bigint;
}

/** What the venue fixes for all markets. */
export interface DriftRules {
  readonly marginPerOpenOrder: bigint;
  readonly unrealizedCap: bigint;
}

export interface DriftAccount {
  readonly rules: DriftRules;
  readonly quote: DriftToken & { readonly amount: bigint };
  readonly spots: readonly DriftSpotPosition[];
  readonly perps: readonly DriftPerpPosition[];
  /** the account's own choice for all markets, 0 for none; initial requirement only */
  readonly customMarginRatio: bigint;
}

export interface PerpRisk {
  readonly requirement: bigint;
  readonly marginRatio: bigint;
  readonly liabilityValue: bigint;
  readonly unrealized: bigint;
  readonly weightedUnrealized: bigint;
}

export interface DriftRisk {
  readonly requirement: bigint;
  readonly collateral: bigint;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
export const higher = (a: bigint, b: bigint): bigint => (a > b ? a : b);
export const lower = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** floor(sqrt(value)) of a non-negative integer, by Newton's steps from above. */
export function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

const rootOfSize = (size: bigint): bigint => integerRoot(size * 10n + 1n);

export const byRequirement = ({ initial, maintenance }: ByRequirement, type: RequirementType): bigint =>
  type === 'initial' ? initial : type === 'maintenance' ? maintenance : (initial + maintenance) / 2n;

/** Weight of a debt, or margin ratio of a perp, of a size in 1e-9. */
export function liabilityWeightAt(size: bigint, imfFactor: bigint, weight: bigint): bigint {
  if (imfFactor === 0n) return weight;
  const premium = (rootOfSize(size) * imfFactor) / ((ROOT_ONE * IMF_ONE) / WEIGHT_ONE);
  return higher(weight, weight - weight / 5n + premium);
}

/** Weight of an asset, or of unrealised profit, of a size in 1e-9. */
export function assetWeightAt(size: bigint, imfFactor: bigint, weight: bigint): bigint {
  if (imfFactor === 0n) return weight;
  const discounted = ((IMF_ONE + IMF_ONE / 10n) * WEIGHT_ONE) / (IMF_ONE + (rootOfSize(size) * imfFactor) / ROOT_ONE);
  return lower(weight, discounted);
}

export const highest = ({ current, average }: StrictPrice): bigint => higher(current, average ?? current);
export const lowest = ({ current, average }: StrictPrice): bigint => lower(current, average ?? current);

/** Value of tokens at a price: truncated when positive, floored when negative, so against the account in both. */
function valueAt(amount: bigint, decimals: number, price: bigint): bigint {
  const unit = 10n ** BigInt(decimals);
  const product = amount * price;
  return product < 0n ? -((-product + unit - 1n) / unit) : product / unit;
}

const strictValue = (amount: bigint, { decimals, price }: DriftToken): bigint =>
  valueAt(amount, decimals, amount > 0n ? lowest(price) : highest(price));

/** A token amount in 1e-9, truncated: what the square root is taken of. */
const sizeOf = (amount: bigint, decimals: number): bigint => (magnitude(amount) * BASE_ONE) / 10n ** BigInt(decimals);

const weighted = (value: bigint, weight: bigint): bigint => (value * weight) / WEIGHT_ONE;

export interface SpotOutcome {
  readonly amount: bigint;
  readonly value: bigint;
  readonly weightedValue: bigint;
  /** received (positive) or paid for the fills */
  readonly ordersValue: bigint;
}

function weightedSpotValue(
  amount: bigint,
  value: bigint,
  market: DriftSpotMarket,
  type: RequirementType,
  customRatio = 0n,
): bigint {
  const size = sizeOf(amount, market.decimals);
  // which weight applies is the value's matter: a dust amount of either sign may be worth nothing
  if (value > 0n) {
    const weight = assetWeightAt(size, market.imfFactor, byRequirement(market.assetWeight, type));
    return weighted(value, customRatio === 0n ? weight : lower(weight, higher(0n, WEIGHT_ONE - customRatio)));
  }
  const weight = liabilityWeightAt(size, market.imfFactor, byRequirement(market.liabilityWeight, type));
  return weighted(value, customRatio === 0n ? weight : higher(weight, WEIGHT_ONE + customRatio));
}

/**
 * The worse outcome of all bids or all asks filling. The side is chosen without the account's own ratio, which the venue
 * applies only to the chosen one.
 */
export function worstSpotOutcome(position: DriftSpotPosition, type: RequirementType): SpotOutcome {
  const { market, amount, openBids, openAsks } = position;
  const value = strictValue(amount, market);
  const fill = (orders: bigint): SpotOutcome => {
    const ordersValue = valueAt(-orders, market.decimals, highest(market.price));
    const filled = { amount: amount + orders, value: value - ordersValue };
    return { ...filled, ordersValue, weightedValue: weightedSpotValue(filled.amount, filled.value, market, type) };
  };
  const [bid, ask] = [fill(openBids), fill(openAsks)];
  return ask.weightedValue + ask.ordersValue <= bid.weightedValue + bid.ordersValue ? ask : bid;
}

/** What one spot position adds to the requirement and to the collateral. */
export function spotRisk(
  position: DriftSpotPosition,
  type: RequirementType,
  { marginPerOpenOrder }: DriftRules,
  accountRatio = 0n,
): DriftRisk {
  const { market, openOrders } = position;
  // a slot without balance and without counted orders is free, whatever else it states
  if (position.amount === 0n && openOrders === 0n) return { requirement: 0n, collateral: 0n };
  const { amount, value, weightedValue, ordersValue } = worstSpotOutcome(position, type);
  const customRatio = type === 'initial' ? accountRatio : 0n;
  const final =
    customRatio === 0n || weightedValue === 0n
      ? weightedValue
      : weightedSpotValue(amount, value, market, type, customRatio);
  const positive = (term: bigint): bigint => higher(0n, term);
  return {
    requirement: openOrders * marginPerOpenOrder + positive(-final) + positive(-ordersValue),
    collateral: positive(final) + positive(ordersValue),
  };
}

/** Value that a perp position of this base can lose, in 1e-6 of its quote token. */
export function perpLiability(base: bigint, { price, isPrediction }: DriftPerpMarket): bigint {
  const lossPerBase = isPrediction && base < 0n ? higher(0n, PRICE_ONE - price) : price;
  return (magnitude(base) * lossPerBase) / BASE_ONE;
}

function unrealizedWeight(unrealized: bigint, market: DriftPerpMarket, type: RequirementType): bigint {
  if (unrealized <= 0n) return WEIGHT_ONE;
  if (type === 'maintenance') return market.unrealizedAssetWeight.maintenance;
  // a fill is weighted as the initial requirement is, not by the mean
  const weight = market.unrealizedAssetWeight.initial;
  return weight === 0n ? 0n : assetWeightAt(unrealized * QUOTE_TO_BASE, market.unrealizedImfFactor, weight);
}

/** Requirement and unrealised profit or loss of one perp position under a price of its quote token. */
export function perpRisk(
  position: DriftPerpPosition,
  type: RequirementType,
  quotePrice: StrictPrice,
  rules: DriftRules,
  accountRatio = 0n,
): PerpRisk {
  const { market, base, quoteEntry, openBids, openAsks, openOrders } = position;
  const unrealized = (base * market.price) / BASE_ONE + quoteEntry;

  const sides = [base + openBids, base + openAsks] as const;
  const [bidsValue, asksValue] = [perpLiability(sides[0], market), perpLiability(sides[1], market)];
  const [worstBase, worstValue] = asksValue >= bidsValue ? [sides[1], asksValue] : [sides[0], bidsValue];
  const liabilityValue = (worstValue * highest(quotePrice)) / PRICE_ONE;
  const customRatio = type === 'initial' ? higher(accountRatio, position.customMarginRatio) : 0n;
  const marginRatio = higher(
    customRatio,
    liabilityWeightAt(magnitude(worstBase), market.imfFactor, byRequirement(market.marginRatio, type)),
  );

  const effectivePrice = unrealized > 0n ? lowest(quotePrice) : highest(quotePrice);
  const priced = (weighted(unrealized, unrealizedWeight(unrealized, market, type)) * effectivePrice) / PRICE_ONE;
  return {
    requirement: weighted(liabilityValue, marginRatio) + openOrders * rules.marginPerOpenOrder,
    marginRatio,
    liabilityValue,
    unrealized,
    weightedUnrealized: type === 'initial' ? lower(priced, rules.unrealizedCap) : priced,
  };
}

export function riskOf(account: DriftAccount, type: RequirementType): DriftRisk {
  const { quote, rules, customMarginRatio } = account;
  // the quote token itself is never weighted, in either direction
  const quoteValue = strictValue(quote.amount, quote);
  const parts: readonly DriftRisk[] = [
    { requirement: higher(0n, -quoteValue), collateral: higher(0n, quoteValue) },
    ...account.spots.map((position) => spotRisk(position, type, rules, customMarginRatio)),
    ...account.perps.map((position) => {
      const { requirement, weightedUnrealized } = perpRisk(position, type, quote.price, rules, customMarginRatio);
      return { requirement, collateral: weightedUnrealized };
    }),
  ];
  return parts.reduce((total, part) => ({
    requirement: total.requirement + part.requirement,
    collateral: total.collateral + part.collateral,
  }));
}

export const isHealthy = ({ requirement, collateral }: DriftRisk): boolean => collateral >= requirement;
