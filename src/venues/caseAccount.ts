import type { Holdings, PositionEntry } from '../account/account.js';
import { SolvencyError } from '../errors.js';
import {
  absolute,
  ceiling,
  floor,
  formatRational,
  multiply,
  negate,
  ONE,
  type Rational,
  rational,
} from '../numbers/rational.js';
import { BITS, COST_DECIMALS, VALUE_DECIMALS } from '../protocol/constants.js';
import { buildSnapshot } from '../snapshot/build.js';
import type { Parameters, Prices, TierParameters } from '../snapshot/parameters.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import type { CaseStatement } from '../vectors/evaluator.js';

/** A position of one recorded account, in exact figures. */
export interface CasePosition {
  readonly symbol: string;
  /** signed, not zero */
  readonly size: Rational;
  /** signed: what the position cost, in quote */
  readonly cost: Rational;
  readonly mark: Rational;
  readonly tiers: readonly TierParameters[];
}

/** One recorded account with the parameters it was recorded under; one collateral asset, which is the quote. */
export interface CaseAccount {
  readonly venue: string;
  readonly quote: string;
  readonly balance: Rational;
  readonly positions: readonly CasePosition[];
}

export interface RepresentedCase {
  readonly parameters: Parameters;
  readonly prices: Prices;
  readonly holdings: Holdings;
  /** what was rounded against the prover to fit */
  readonly rounded: readonly string[];
}

export const ASSET_ID = 1;
export const FIRST_INSTRUMENT_ID = 2;
const USUAL_DECIMALS = 8;
// a recorded case states no time that a proof of it would need
export const CASE_TIME = 1;

export const notRepresentable = (what: string): SolvencyError =>
  new SolvencyError('NOT_REPRESENTABLE', `${what} does not fit an account leaf or a snapshot`);

/** How many decimals a value needs; undefined when none suffice. */
export function decimalsOf(value: Rational): number | undefined {
  const text = formatRational(value);
  return text.includes('/') ? undefined : (text.split('.')[1] ?? '').length;
}

export const scaled = (value: Rational, decimals: number): Rational =>
  multiply(value, rational(10n ** BigInt(decimals)));

export function bounded(value: bigint, bits: number, what: string): bigint {
  if (value >= 1n << BigInt(bits) || value <= -(1n << BigInt(bits))) throw notRepresentable(what);
  return value;
}

/**
 * Decimals that hold the size exactly and, where the 16 shared between size and mark allow it, the mark too.
 */
function amountDecimalsFor({ symbol, size, mark }: CasePosition): number {
  const forSize = decimalsOf(size);
  if (forSize === undefined || forSize > VALUE_DECIMALS) throw notRepresentable(`the size of ${symbol}`);
  const forMark = decimalsOf(mark) ?? VALUE_DECIMALS - USUAL_DECIMALS;
  return Math.max(forSize, Math.min(USUAL_DECIMALS, VALUE_DECIMALS - forMark), 0);
}

/**
 * Puts a recorded account into the units of an account leaf and a parameter file. Whatever has more decimals than fit is
 * rounded against the prover and listed: balances down, costs up, a long's mark down and a short's up. Throws
 * NOT_REPRESENTABLE when a figure is out of bounds or a size cannot be exact.
 */
export function representCase({ venue, quote, balance, positions }: CaseAccount): RepresentedCase {
  const symbols = positions.map(({ symbol }) => symbol);
  if (new Set(symbols).size !== symbols.length) throw notRepresentable('a second position in one instrument');
  const rounded: string[] = [];
  const toUnits = (value: Rational, decimals: number, up: boolean, what: string): bigint => {
    const exact = scaled(value, decimals);
    if (exact.den !== 1n) rounded.push(what);
    return up ? ceiling(exact) : floor(exact);
  };
  const amount = bounded(toUnits(balance, USUAL_DECIMALS, false, 'balance'), BITS.amount, 'the balance');
  const decimals = positions.map(amountDecimalsFor);
  const instruments: RegistryEntry[] = positions.map(({ symbol }, index) => ({
    id: FIRST_INSTRUMENT_ID + index,
    symbol,
    kind: 'perpetual',
    settleAsset: ASSET_ID,
    amountDecimals: decimals[index] as number,
  }));
  const priceOf = ({ symbol, mark, size }: CasePosition, index: number): Rational => {
    const priceDecimals = VALUE_DECIMALS - (decimals[index] as number);
    const price = bounded(
      toUnits(mark, priceDecimals, size.num < 0n, `mark of ${symbol}`),
      BITS.price,
      `the mark of ${symbol}`,
    );
    if (price <= 0n) throw notRepresentable(`the mark of ${symbol}, which is not positive,`);
    return rational(price, 10n ** BigInt(priceDecimals));
  };
  const entryOf = ({ symbol, size, cost }: CasePosition, index: number): PositionEntry => ({
    instrumentId: FIRST_INSTRUMENT_ID + index,
    size: bounded(floor(scaled(size, decimals[index] as number)), BITS.amount, `the size of ${symbol}`),
    cost: bounded(toUnits(cost, COST_DECIMALS, true, `cost of ${symbol}`), BITS.cost, `the cost of ${symbol}`),
  });
  return {
    parameters: {
      registry: {
        venue,
        version: 1,
        quote,
        entries: [{ id: ASSET_ID, symbol: quote, kind: 'asset', amountDecimals: USUAL_DECIMALS }, ...instruments],
      },
      maintenanceRule: 'marginal',
      initialRule: 'whole',
      haircutRule: 'marginal',
      assets: [{ assetId: ASSET_ID, ladder: [{ valueCap: null, factor: ONE }] }],
      instruments: positions.map(({ tiers }, index) => ({ instrumentId: FIRST_INSTRUMENT_ID + index, tiers })),
    },
    prices: {
      time: CASE_TIME,
      assets: new Map([[ASSET_ID, ONE]]),
      instruments: new Map(positions.map((position, index) => [FIRST_INSTRUMENT_ID + index, priceOf(position, index)])),
    },
    holdings: {
      collateral: amount === 0n ? [] : [{ assetId: ASSET_ID, amount }],
      positions: positions.map(entryOf),
    },
    rounded,
  };
}

/** What the tiered circuit is asked about a represented account. Throws as buildSnapshot does. */
export const tieredStatement = (
  { parameters, prices, holdings }: Omit<RepresentedCase, 'rounded'>,
  claim: CaseStatement['claim'],
): CaseStatement => ({ claim, snapshot: buildSnapshot(parameters, prices, claim), holdings });

/** |value| rounded down or up to a number of decimals. */
export function roundTo(value: Rational, decimals: number, up: boolean): Rational {
  const exact = scaled(absolute(value), decimals);
  const units = up ? ceiling(exact) : floor(exact);
  const result = rational(units, 10n ** BigInt(decimals));
  return value.num < 0n ? negate(result) : result;
}
