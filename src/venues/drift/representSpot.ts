import { ceiling, floor, multiply, type Rational, rational, subtract } from '../../numbers/rational.js';
import { BITS } from '../../protocol/constants.js';
import { bounded, notRepresentable } from '../caseAccount.js';
import { type AssetPart, NO_PART, NO_SIDE, type WeightedPart } from '../weightedAccount.js';
import { depositLadder } from './depositLadder.js';
import {
  assetWeightAt,
  byRequirement,
  type DriftRules,
  type DriftSpotPosition,
  type DriftToken,
  higher,
  highest,
  liabilityWeightAt,
  lower,
  lowest,
  worstSpotOutcome,
} from './model.js';
import {
  BASE_DECIMALS,
  type DriftClaim,
  inUnit,
  QUANTUM,
  ratesOf,
  tablePrice,
  usd,
  WEIGHT_ONE,
} from './representation.js';

/** Tokens in whole units. */
const tokens = (amount: bigint, decimals: number): Rational => rational(amount, 10n ** BigInt(decimals));
const atLeastZero = (value: Rational): Rational => (value.num < 0n ? rational(0n) : value);
const inUnits = (amount: Rational, decimals: number): Rational => multiply(amount, rational(10n ** BigInt(decimals)));
const leafDecimals = (decimals: number): number => Math.min(decimals, BASE_DECIMALS);

/**
 * A balance of the quote token, which is never weighted. A debt is an instrument of its own, held short: it is not valued
 * in equity, and the requirement asks for it in full, as the venue does.
 */
export function representQuote(
  token: DriftToken & { readonly amount: bigint },
  symbol: string,
  claim: DriftClaim,
): WeightedPart {
  const price = usd(token.amount > 0n ? claim.quoteLow : claim.quoteHigh);
  const value = multiply(tokens(token.amount, token.decimals), price);
  const part =
    token.amount < 0n
      ? debt(token.amount, token, symbol, claim, { weight: WEIGHT_ONE, imfFactor: 0n, custom: 0n })
      : deposit(token.amount, token, symbol, claim, { weight: WEIGHT_ONE, imfFactor: 0n });
  // the venue truncates a value against the account
  return { ...part, reserved: inUnits(value, 6).den === 1n ? [] : [inUnit(QUANTUM, claim)] };
}

/**
 * A spot position after the worse of its bids and asks filled. What the fills pay in is a balance of the unit of account;
 * what they cost is reserved. Where fills were valued at another price than the table's, the difference is reserved too.
 */
export function representSpot(
  position: DriftSpotPosition,
  symbol: string,
  { marginPerOpenOrder }: DriftRules,
  claim: DriftClaim,
): WeightedPart {
  const { market, openOrders } = position;
  if (position.amount === 0n && openOrders === 0n) return NO_PART;
  const { amount, value, ordersValue } = worstSpotOutcome(position, claim.type);
  const orders = multiply(rational(openOrders), usd(marginPerOpenOrder));
  const paid = ordersValue < 0n ? usd(-ordersValue) : rational(0n);
  const received = ordersValue > 0n ? [cash(usd(ordersValue), symbol, claim)] : [];
  const size = ((amount < 0n ? -amount : amount) * 10n ** BigInt(BASE_DECIMALS)) / 10n ** BigInt(market.decimals);
  const part = value > 0n ? held() : value < 0n ? owed() : NO_PART;
  return {
    assets: [...part.assets, ...received.map(({ asset }) => asset)],
    instruments: part.instruments,
    reserved: [orders, paid, ...part.reserved].map((value) => inUnit(value, claim)),
    roundings: [...part.roundings, ...received.flatMap(({ roundings }) => roundings)],
  };

  function held(): WeightedPart {
    const stated = byRequirement(market.assetWeight, claim.type);
    const most = claim.customRatio === 0n ? WEIGHT_ONE : higher(0n, WEIGHT_ONE - claim.customRatio);
    const weight = lower(stated, most);
    if (amount <= 0n) return NO_PART;
    const owned = multiply(tokens(amount, market.decimals), usd(lowest(market.price)));
    const over = multiply(atLeastZero(subtract(owned, usd(value))), rational(weight, WEIGHT_ONE));
    const venueWeight = assetWeightAt(size, market.imfFactor, weight);
    const cut = (value * venueWeight) % WEIGHT_ONE === 0n ? rational(0n) : QUANTUM;
    const part = deposit(amount, market, symbol, claim, { weight, imfFactor: market.imfFactor });
    if (venueWeight < MIN_WEIGHT && venueWeight < weight) {
      throw notRepresentable(`a balance of ${symbol} whose weight the venue truncates to almost nothing`);
    }
    return { ...part, reserved: [over, cut] };
  }

  function owed(): WeightedPart {
    const stated = byRequirement(market.liabilityWeight, claim.type);
    const custom = claim.customRatio > 0n ? WEIGHT_ONE + claim.customRatio : 0n;
    const weight = higher(custom, liabilityWeightAt(size, market.imfFactor, stated));
    const owing = amount < 0n ? tokens(-amount, market.decimals) : rational(0n);
    const listed = multiply(owing, usd(highest(market.price)));
    const under = multiply(atLeastZero(subtract(usd(-value), listed)), rational(weight, WEIGHT_ONE));
    if (amount >= 0n) return { ...NO_PART, reserved: [under] };
    const part = debt(amount, market, symbol, claim, { weight: stated, imfFactor: market.imfFactor, custom });
    return { ...part, reserved: [under] };
  }
}

/** A discounted weight is a whole number of 1e-4: below some of them its truncation outweighs what more tokens add. */
const MIN_WEIGHT = 10n;

function deposit(
  amount: bigint,
  { decimals, price }: DriftToken,
  symbol: string,
  claim: DriftClaim,
  rule: { readonly weight: bigint; readonly imfFactor: bigint },
): WeightedPart {
  const amountDecimals = leafDecimals(decimals);
  const { units, roundings } = assetPrice(usd(lowest(price)), amountDecimals, symbol, claim);
  const held = bounded(
    floor(inUnits(tokens(amount, decimals), amountDecimals)),
    BITS.amount,
    `the balance of ${symbol}`,
  );
  if (units === 0n) return { ...NO_PART, roundings };
  const ladder = depositLadder({ ...rule, amountDecimals, price: units });
  return {
    ...NO_PART,
    assets: [{ symbol, amountDecimals, amount: held, terms: { price: units, ladder } }],
    roundings,
  };
}

function debt(
  amount: bigint,
  { decimals, price }: DriftToken,
  symbol: string,
  claim: DriftClaim,
  rule: { readonly weight: bigint; readonly imfFactor: bigint; readonly custom: bigint },
): WeightedPart {
  const amountDecimals = leafDecimals(decimals);
  const { units, roundings } = tablePrice(usd(highest(price)), amountDecimals, true, `price of owed ${symbol}`, claim);
  const size = ceiling(inUnits(tokens(-amount, decimals), amountDecimals));
  const rates = ratesOf(rule.weight, rule.imfFactor, rule.custom, symbol);
  return {
    ...NO_PART,
    instruments: [
      {
        symbol: `${symbol}-DEBT`,
        amountDecimals,
        size: -bounded(size, BITS.amount, `the debt of ${symbol}`),
        cost: 0n,
        terms: {
          price: units,
          long: { ...NO_SIDE, marginPrice: units, ...rates },
          short: { ...NO_SIDE, marginPrice: units, ...rates },
          gainWeight: 0n,
          gainCap: 0n,
        },
      },
    ],
    roundings,
  };
}

const assetPrice = (price: Rational, amountDecimals: number, symbol: string, claim: DriftClaim) =>
  tablePrice(price, amountDecimals, false, `price of ${symbol}`, claim);

const CASH_DECIMALS = 6;

/** USD that filled orders pay in. */
function cash(value: Rational, symbol: string, claim: DriftClaim) {
  const { units, roundings } = assetPrice(rational(1n), CASH_DECIMALS, `proceeds of ${symbol}`, claim);
  const amount = bounded(floor(inUnits(value, CASH_DECIMALS)), BITS.amount, `the proceeds of ${symbol}`);
  const asset: AssetPart = {
    symbol: `${symbol}-PROCEEDS`,
    amountDecimals: CASH_DECIMALS,
    amount,
    terms: {
      price: units,
      ladder: depositLadder({ weight: WEIGHT_ONE, imfFactor: 0n, amountDecimals: CASH_DECIMALS, price: units }),
    },
  };
  return { asset, roundings };
}
