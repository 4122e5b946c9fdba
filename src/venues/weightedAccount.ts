import type { Holdings } from '../account/account.js';
import { formatAmount } from '../numbers/decimal.js';
import { ceiling, floor, formatRational, type Rational, sum } from '../numbers/rational.js';
import { BITS, MODEL_VERSION, RATE_SCALE, VALUE_DECIMALS } from '../protocol/constants.js';
import type {
  AssetParameters,
  Rounding,
  WeightedInstrument,
  WeightedSide,
  WeightedSnapshot,
} from '../snapshot/snapshot.js';
import { bounded, CASE_TIME, scaled } from './caseAccount.js';

/** A balance with its row: ids are given when all parts of an account are known. */
export interface AssetPart {
  readonly symbol: string;
  readonly amountDecimals: number;
  readonly amount: bigint;
  readonly terms: Omit<AssetParameters, 'assetId'>;
}

/** A position with its row. */
export interface InstrumentPart {
  readonly symbol: string;
  readonly amountDecimals: number;
  readonly size: bigint;
  readonly cost: bigint;
  readonly terms: Omit<WeightedInstrument, 'instrumentId'>;
}

/** What one market adds to an account of the weighted model. */
export interface WeightedPart {
  readonly assets: readonly AssetPart[];
  readonly instruments: readonly InstrumentPart[];
  /** asked for beside all rates, in quote: margin of open orders, and what the venue rounds against the account */
  readonly reserved: readonly Rational[];
  readonly roundings: readonly Rounding[];
}

export const NO_PART: WeightedPart = { assets: [], instruments: [], reserved: [], roundings: [] };

/** A side that counts nothing and asks for nothing. */
export const NO_SIDE: WeightedSide = {
  price: 0n,
  marginPrice: 0n,
  rate: 0n,
  premiumBase: 0n,
  premium: 0n,
  quadratic: 0n,
};

/** A figure in units of 10^-decimals with what was rounded to get there. */
export function roundedUnits(
  exact: Rational,
  decimals: number,
  up: boolean,
  where: string,
): { readonly units: bigint; readonly roundings: readonly Rounding[] } {
  const value = scaled(exact, decimals);
  const units = up ? ceiling(value) : floor(value);
  const rounding = { where, exact: formatRational(exact), used: formatAmount(units, decimals) };
  return { units, roundings: value.den === 1n ? [] : [rounding] };
}

/** Puts the parts of an account together under one claim, with what is asked for beside all rates as a position. */
export function weightedAccount(
  { venue, quote, claim, rateStep }: { venue: string; quote: string; claim: string; rateStep: bigint },
  parts: readonly WeightedPart[],
): { readonly snapshot: WeightedSnapshot; readonly holdings: Holdings } {
  const held = parts.flatMap((part) => part.assets);
  const assets = held.length === 0 ? [noBalance(quote)] : held;
  const instruments = [
    ...parts.flatMap((part) => part.instruments),
    reservedPart(sum(parts.flatMap((part) => part.reserved))),
  ];
  const assetId = (index: number): number => index + 1;
  const instrumentId = (index: number): number => assets.length + 1 + index;
  return {
    snapshot: {
      registry: {
        venue,
        version: 1,
        quote,
        entries: [
          ...assets.map(({ symbol, amountDecimals }, index) => ({
            id: assetId(index),
            symbol,
            kind: 'asset' as const,
            amountDecimals,
          })),
          ...instruments.map(({ symbol, amountDecimals }, index) => ({
            id: instrumentId(index),
            symbol,
            kind: 'perpetual' as const,
            settleAsset: assetId(0),
            amountDecimals,
          })),
        ],
      },
      model: { family: 'weighted', version: MODEL_VERSION.weighted, claim, haircuts: 'marginal', rateStep },
      time: CASE_TIME,
      assets: assets.map(({ terms }, index) => ({ assetId: assetId(index), ...terms })),
      instruments: instruments.map(({ terms }, index) => ({ instrumentId: instrumentId(index), ...terms })),
      roundings: parts.flatMap((part) => part.roundings),
    },
    holdings: {
      collateral: assets.flatMap(({ amount }, index) => (amount === 0n ? [] : [{ assetId: assetId(index), amount }])),
      positions: instruments.flatMap(({ size, cost }, index) =>
        size === 0n ? [] : [{ instrumentId: instrumentId(index), size, cost }],
      ),
    },
  };
}

/** A table holds an asset even where an account has no balance. */
const noBalance = (quote: string): AssetPart => ({
  symbol: quote,
  amountDecimals: 6,
  amount: 0n,
  terms: { price: 10n ** BigInt(VALUE_DECIMALS - 6), ladder: [{ valueCap: null, factor: RATE_SCALE }] },
});

const RESERVED_DECIMALS = 8;

/** An instrument that is worth nothing and asks for 1 quote a unit. */
function reservedPart(amount: Rational): InstrumentPart {
  const price = 10n ** BigInt(VALUE_DECIMALS - RESERVED_DECIMALS);
  const side = { ...NO_SIDE, marginPrice: price, rate: RATE_SCALE };
  return {
    symbol: 'RESERVED',
    amountDecimals: RESERVED_DECIMALS,
    size: bounded(ceiling(scaled(amount, RESERVED_DECIMALS)), BITS.amount, 'what orders reserve'),
    cost: 0n,
    terms: { price, long: side, short: side, gainWeight: 0n, gainCap: 0n },
  };
}
