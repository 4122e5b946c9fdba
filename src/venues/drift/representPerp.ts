import { ceiling, multiply, rational, subtract } from '../../numbers/rational.js';
import { BITS, COST_DECIMALS, VALUE_DECIMALS, WEIGHTED } from '../../protocol/constants.js';
import { bounded, notRepresentable, scaled } from '../caseAccount.js';
import { NO_PART, roundedUnits, type WeightedPart } from '../weightedAccount.js';
import {
  assetWeightAt,
  byRequirement,
  type DriftPerpPosition,
  type DriftRules,
  higher,
  lower,
  perpLiability,
} from './model.js';
import { BASE_DECIMALS, type DriftClaim, inUnit, QUANTUM, ratesOf, usd, WEIGHT_ONE } from './representation.js';

const PRICE_ONE = 1_000_000n;
const BASE_ONE = 1_000_000_000n;
/** 1e-6 of money in the 1e-9 of which the venue takes roots, and in 1e-16 */
const MONEY_TO_SIZE = 1_000n;
const MONEY_TO_VALUE = 10n ** 10n;
const WEIGHT_DECIMALS = 6;

interface GainRule {
  /** of the venue's weights, 1e-4 */
  readonly weight: bigint;
  /** profit that counts, 1e-6; null: all */
  readonly cap: bigint | null;
}

/** The venue's weight of a profit, at most 1. */
function weightOf(profit: bigint, { market }: DriftPerpPosition, { type }: DriftClaim): bigint {
  const full = lower(byRequirement(market.unrealizedAssetWeight, type), WEIGHT_ONE);
  const sized = type === 'initial' && full > 0n && profit > 0n;
  return sized ? assetWeightAt(profit * MONEY_TO_SIZE, market.unrealizedImfFactor, full) : full;
}

/**
 * What of a profit counts. The initial requirement caps the weighted profit, so that beyond cap / weight nothing more
 * counts; up to there the weight, which falls with the profit, is at least what it is there. For an imf factor up to 0.01
 * a profit of the usual cap has its full weight, and this is exact.
 */
function gainRuleOf(position: DriftPerpPosition, { unrealizedCap }: DriftRules, claim: DriftClaim): GainRule {
  const full = weightOf(0n, position, claim);
  if (claim.type === 'maintenance') return { weight: full, cap: null };
  if (full === 0n) return { weight: 0n, cap: 0n };
  const cap = (unrealizedCap * WEIGHT_ONE * PRICE_ONE) / (full * claim.quoteLow);
  return { weight: weightOf(cap, position, claim), cap };
}

/** The venue's weights are whole 1e-4, so that an immense profit counts for nothing there: no public row says that. */
function refuseImmense(
  profit: bigint,
  { weight, cap }: GainRule,
  position: DriftPerpPosition,
  claim: DriftClaim,
): void {
  const counted = weight * (cap !== null && cap < profit ? cap : profit);
  if (profit > 0n && profit * weightOf(profit, position, claim) < counted) {
    throw notRepresentable('a profit whose weight the venue truncates to almost nothing');
  }
}

/**
 * A perp position with its orders. A profit without base is an instrument of its own, held in the smallest size, that
 * asks for nothing. A position is held with the size that asks for more, all bids or all asks filled at the mark, so
 * that its profit stays what it is. What the venue truncates against the account is reserved, a quantum each.
 */
export function representPerp(
  position: DriftPerpPosition,
  symbol: string,
  rules: DriftRules,
  claim: DriftClaim,
): WeightedPart {
  const { market, base, quoteEntry, openBids, openAsks, openOrders } = position;
  const { price, isPrediction } = market;
  const orders = multiply(rational(openOrders), usd(rules.marginPerOpenOrder));
  const [bidsBase, asksBase] = [base + openBids, base + openAsks];
  const worst = perpLiability(asksBase, market) >= perpLiability(bidsBase, market) ? asksBase : bidsBase;
  const profit = rational(base * price + quoteEntry * BASE_ONE, BASE_ONE * PRICE_ONE);
  if (worst === 0n && profit.num === 0n) return { ...NO_PART, reserved: [inUnit(orders, claim)] };

  const size = bounded(worst === 0n ? 1n : worst, BITS.amount, `the size of ${symbol}`);
  const mark = price * 10n ** BigInt(VALUE_DECIMALS - BASE_DECIMALS - 6);
  const value = rational(size * price, BASE_ONE * PRICE_ONE);
  const cost = ceiling(scaled(subtract(value, profit), COST_DECIMALS));

  const gain = gainRuleOf(position, rules, claim);
  const truncatedProfit = (base * price) / BASE_ONE + quoteEntry;
  refuseImmense(truncatedProfit, gain, position, claim);
  const weightThere = weightOf(truncatedProfit, position, claim);
  const weightedProfit = (truncatedProfit * weightThere) / WEIGHT_ONE;
  const cuts = [
    base > 0n && (base * price) % BASE_ONE !== 0n,
    truncatedProfit > 0n && (truncatedProfit * weightThere) % WEIGHT_ONE !== 0n,
    truncatedProfit > 0n && (weightedProfit * claim.quoteLow) % PRICE_ONE !== 0n,
  ].filter((cut) => cut).length;
  // a quantum of the quote token may be worth more than one of USD
  const quantum = claim.quoteHigh > PRICE_ONE ? multiply(QUANTUM, usd(claim.quoteHigh)) : QUANTUM;

  const custom = claim.type === 'initial' ? position.customMarginRatio : 0n;
  const customRatio = higher(custom, claim.customRatio);
  const rates = ratesOf(byRequirement(market.marginRatio, claim.type), market.imfFactor, customRatio, symbol);
  const tablePrice = bounded(mark, WEIGHTED.priceBits, `the mark of ${symbol}`);
  const marginMark = worst === 0n ? 0n : tablePrice;
  const shortLoss = isPrediction ? (price < PRICE_ONE ? PRICE_ONE - price : 0n) * (mark / price) : marginMark;
  const weight = gainWeightOf(gain.weight, symbol, claim);
  return {
    assets: [],
    instruments: [
      {
        symbol: worst === 0n ? `${symbol}-SETTLING` : symbol,
        amountDecimals: BASE_DECIMALS,
        size,
        cost: bounded(cost, BITS.cost, `the cost of ${symbol}`),
        terms: {
          price: tablePrice,
          long: { price: tablePrice, marginPrice: marginMark, ...rates },
          short: { price: tablePrice, marginPrice: shortLoss, ...rates },
          gainWeight: weight.units,
          gainCap: capOf(gain),
        },
      },
    ],
    reserved: [orders, multiply(rational(BigInt(cuts)), quantum)].map((value) => inUnit(value, claim)),
    roundings: weight.roundings,
  };
}

/** Losses count at the higher price of the quote token and profits at the lower one. */
const gainWeightOf = (weight: bigint, symbol: string, { quoteLow, quoteHigh }: DriftClaim) =>
  roundedUnits(
    rational(weight * quoteLow, WEIGHT_ONE * quoteHigh),
    WEIGHT_DECIMALS,
    false,
    `profit weight of ${symbol}`,
  );

function capOf({ cap }: GainRule): bigint | null {
  const value = cap === null ? null : cap * MONEY_TO_VALUE;
  return value !== null && value < 1n << BigInt(WEIGHTED.profitBits) ? value : null;
}
