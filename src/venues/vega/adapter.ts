import type { Holdings } from '../../account/account.js';
import { SolvencyError } from '../../errors.js';
import {
  absolute,
  add,
  ceiling,
  divide,
  floor,
  multiply,
  negate,
  ONE,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../numbers/rational.js';
import { BITS, COST_DECIMALS, RATE_SCALE, VALUE_DECIMALS, WEIGHTED } from '../../protocol/constants.js';
import type { WeightedSide, WeightedSnapshot } from '../../snapshot/snapshot.js';
import type { CaseStatement } from '../../vectors/evaluator.js';
import { bounded, decimalsOf, notRepresentable, scaled } from '../caseAccount.js';
import { NO_PART, roundedUnits, type WeightedPart, weightedAccount } from '../weightedAccount.js';
import { maintenanceMargin, type ScalingFactors, type VegaMarket, type VegaPosition } from './model.js';

/** A party of Vega in cross margin: one balance behind all its markets, in the asset's smallest units. */
export interface VegaAccount {
  readonly balance: bigint;
  readonly markets: readonly VegaHolding[];
}
export interface VegaHolding {
  readonly position: VegaPosition;
  readonly market: VegaMarket;
  /** needed for the initial level only */
  readonly scaling?: ScalingFactors;
}

/** A Vega account under one claim as the weighted circuit takes it. */
export interface RepresentedVega {
  readonly snapshot: WeightedSnapshot;
  readonly holdings: Holdings;
}

const RATE_DECIMALS = 6;
const QUADRATIC_DECIMALS = 18;
/** the venue cuts a level's factor to five decimals */
const FACTOR_UNITS = 100_000n;

/**
 * A Vega account for the weighted circuit; the unit of account is the asset's smallest unit. Profit and loss is settled as
 * the mark moves, so that equity is the balance. Linear slippage, risk factor and funding due are the rate of a side,
 * rounded up to a millionth; quadratic slippage is exact to 1e-18. What orders ask for beyond the open volume is reserved,
 * and a unit for each level that the venue rounds up. Throws NOT_REPRESENTABLE when a figure is out of bounds.
 */
export const representVega = ({ balance, markets }: VegaAccount, claim: CaseStatement['claim']): RepresentedVega =>
  weightedAccount({ venue: 'vega', quote: 'ASSET', claim, rateStep: 1n }, [
    balancePart(balance),
    ...markets.map((holding, index) => marketPart(holding, `MARKET-${index}`, claim)),
  ]);

const balancePart = (balance: bigint): WeightedPart => ({
  ...NO_PART,
  assets: [
    {
      symbol: 'ASSET',
      amountDecimals: 0,
      amount: bounded(balance, BITS.amount, 'the balance'),
      terms: { price: 10n ** BigInt(VALUE_DECIMALS), ladder: [{ valueCap: null, factor: RATE_SCALE }] },
    },
  ],
});

/** Of the maintenance level: 1, or what the initial level is cut to. */
function factorOf({ scaling }: VegaHolding, claim: CaseStatement['claim']): Rational {
  if (claim === 'maintenance') return ONE;
  if (scaling === undefined)
    throw new SolvencyError('INVALID_INPUT', 'the market states no factor of its initial level');
  return rational(floor(multiply(scaling.initial, rational(FACTOR_UNITS))), FACTOR_UNITS);
}

function marketPart(holding: VegaHolding, symbol: string, claim: CaseStatement['claim']): WeightedPart {
  const { position, market } = holding;
  const { openVolume } = position;
  const factor = factorOf(holding, claim);
  const margin = maintenanceMargin(position, market);
  const ofVolume = maintenanceMargin({ openVolume, buys: [], sells: [] }, market);
  // less than a unit is lost when the venue rounds up
  const ceilingUnit = margin.num === 0n ? ZERO : ONE;
  const reserved = [multiply(add(subtract(margin, ofVolume), ceilingUnit), factor)];
  if (openVolume.num === 0n) return { ...NO_PART, reserved };
  if (market.mark.num === 0n) throw notRepresentable(`the mark of ${symbol}, which is zero,`);

  const amountDecimals = amountDecimalsFor(openVolume, multiply(market.mark, factor), symbol);
  const priceDecimals = VALUE_DECIMALS - amountDecimals;
  const isShort = openVolume.num < 0n;
  const mark = roundedUnits(market.mark, priceDecimals, isShort, `mark of ${symbol}`);
  const marginMark = roundedUnits(multiply(market.mark, factor), priceDecimals, true, `margin mark of ${symbol}`);
  const funding = divide(market.fundingPerUnit, market.mark);
  const sides = {
    long: sideOf(market, market.riskFactorLong, funding, amountDecimals, `${symbol} long`),
    short: sideOf(market, market.riskFactorShort, negate(funding), amountDecimals, `${symbol} short`),
  };
  const prices = { price: mark.units, marginPrice: marginMark.units };
  const size = bounded(floor(scaled(openVolume, amountDecimals)), BITS.amount, `the size of ${symbol}`);
  // all settled: the position costs what it is worth
  const cost = ceiling(multiply(rational(size), rational(mark.units, 10n ** BigInt(VALUE_DECIMALS - COST_DECIMALS))));
  return {
    assets: [],
    instruments: [
      {
        symbol,
        amountDecimals,
        size,
        cost: bounded(cost, BITS.cost, `the cost of ${symbol}`),
        terms: {
          price: mark.units,
          long: { ...sides.long.rates, ...prices },
          short: { ...sides.short.rates, ...prices },
          gainWeight: RATE_SCALE,
          gainCap: null,
        },
      },
    ],
    reserved,
    roundings: [...mark.roundings, ...marginMark.roundings, ...sides.long.roundings, ...sides.short.roundings],
  };
}

function sideOf(
  { linearSlippage, quadraticSlippage }: VegaMarket,
  riskFactor: Rational,
  funding: Rational,
  amountDecimals: number,
  where: string,
): { readonly rates: Omit<WeightedSide, 'price' | 'marginPrice'>; readonly roundings: WeightedPart['roundings'] } {
  const due = funding.num > 0n ? funding : ZERO;
  const linear = add(add(linearSlippage, riskFactor), due);
  const rate = roundedUnits(linear, RATE_DECIMALS, true, `rate of ${where}`);
  const quadratic = roundedUnits(
    quadraticSlippage,
    QUADRATIC_DECIMALS - amountDecimals,
    true,
    `quadratic slippage of ${where}`,
  );
  return {
    rates: {
      rate: bounded(rate.units, BITS.rate, `the rate of ${where}`),
      premiumBase: 0n,
      premium: 0n,
      quadratic: bounded(quadratic.units, WEIGHTED.growthBits, `the quadratic slippage of ${where}`),
    },
    roundings: [...rate.roundings, ...quadratic.roundings],
  };
}

/** The fewest decimals that hold the volume exactly and let the mark fit its bits. */
function amountDecimalsFor(volume: Rational, mark: Rational, symbol: string): number {
  const size = absolute(volume);
  for (let decimals = decimalsOf(size) ?? VALUE_DECIMALS + 1; decimals <= VALUE_DECIMALS; decimals++) {
    const [units, price] = [scaled(size, decimals), ceiling(scaled(mark, VALUE_DECIMALS - decimals))];
    if (units.num < 1n << BigInt(BITS.amount) && price < 1n << BigInt(WEIGHTED.priceBits)) return decimals;
  }
  throw notRepresentable(`the volume or mark of ${symbol}`);
}
