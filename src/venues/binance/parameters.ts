/**
 * Binance's public parameters: leverage brackets of the USDT-margined futures and collateral ratio ladders, as published
 * in the venue's interface and in its proof-of-solvency repository. See examples/binance/README.md for the sources.
 */
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { SolvencyError } from '../../errors.js';
import {
  add,
  compare,
  divide,
  multiply,
  ONE,
  parseRational,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../numbers/rational.js';
import type { Parameters, Prices, TierParameters } from '../../snapshot/parameters.js';
import type { Registry, RegistryEntry } from '../../snapshot/registry.js';
import type { BinanceBracket } from './model.js';

/** Which of the three published collateral ladders counts. */
export type BinanceLadder = 'margin' | 'portfolioMargin' | 'vipLoan';

export interface BinanceInput {
  /** parsed JSON: `symbols` maps a symbol to its brackets [floor, cap, maintenance rate, cum, leverage], decimal strings */
  readonly brackets: unknown;
  /** CSV text with a row per token: its price and three ladders */
  readonly haircuts: string;
  readonly ladder?: BinanceLadder;
}

type LadderStep = Parameters['assets'][number]['ladder'][number];

const LADDER_COLUMNS: Readonly<Record<BinanceLadder, string>> = {
  margin: 'collateral_margin_ratio_tiers',
  portfolioMargin: 'collateral_portfolio_margin_ratio_tiers',
  vipLoan: 'collateral_vip_loan_ratio_tiers',
};
const VENUE = 'binance-usdm';
const QUOTE = 'USDT';
const FIRST_ASSET_ID = 1;
/** Instruments start here, so that assets can be appended without moving an id. */
const FIRST_INSTRUMENT_ID = 10_001;
/** The venue writes the largest 64-bit number where a ladder has no upper bound. */
const UNBOUNDED = (1n << 64n) - 1n;

const invalid = (message: string): SolvencyError => new SolvencyError('INVALID_INPUT', message);

const bracketFile = z.object({
  symbols: z.record(z.string(), z.array(z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()])).min(1)),
});

function decimal(text: string | undefined, where: string): Rational {
  const value = text === undefined ? undefined : parseRational(text);
  if (value === undefined) throw invalid(`${where} is not a decimal number: "${text}"`);
  return value;
}

/**
 * Checks one symbol's brackets: from zero, without gaps, rates not falling and at most 1, leverage at least 1 and not
 * rising, and each maintenance amount continuing the margin of the bracket below. Throws INVALID_INPUT.
 */
function readBrackets(symbol: string, rows: readonly (readonly string[])[]): readonly BinanceBracket[] {
  const brackets = rows.map((row, index): BinanceBracket => {
    const at = (column: number): Rational => decimal(row[column], `bracket ${index + 1} of ${symbol}`);
    return { floor: at(0), cap: at(1), maintenanceRate: at(2), cum: at(3), maxLeverage: at(4) };
  });
  for (const [index, bracket] of brackets.entries()) {
    const where = `bracket ${index + 1} of ${symbol}`;
    const previous = brackets[index - 1] ?? { cap: ZERO, maintenanceRate: ZERO, cum: ZERO, maxLeverage: undefined };
    if (compare(bracket.floor, previous.cap) !== 0 || compare(bracket.cap, bracket.floor) <= 0) {
      throw invalid(`${where} does not continue the one before: brackets run from 0 upward without gaps`);
    }
    const step = subtract(bracket.maintenanceRate, previous.maintenanceRate);
    if (step.num < 0n || compare(bracket.maintenanceRate, ONE) > 0)
      throw invalid(`${where} has a rate that falls, or above 1`);
    if (compare(bracket.cum, add(previous.cum, multiply(bracket.floor, step))) !== 0) {
      throw invalid(`${where} has a maintenance amount at which the margin jumps`);
    }
    if (
      compare(bracket.maxLeverage, ONE) < 0 ||
      compare(bracket.maxLeverage, previous.maxLeverage ?? bracket.maxLeverage) > 0
    ) {
      throw invalid(`${where} has a leverage below 1, or above that of the bracket before`);
    }
  }
  return brackets;
}

/** All brackets by symbol, in the file's order. Throws INVALID_INPUT, naming the bracket. */
export function binanceBrackets(input: unknown): ReadonlyMap<string, readonly BinanceBracket[]> {
  const file = bracketFile.safeParse(input);
  if (!file.success) {
    throw invalid(
      'the brackets are not { "symbols": { symbol: [[floor, cap, rate, amount, leverage], ...] } } of decimal strings',
    );
  }
  return new Map(Object.entries(file.data.symbols).map(([symbol, rows]) => [symbol, readBrackets(symbol, rows)]));
}

const STEP = /^(\d+)-(\d+):(\d+(?:\.\d+)?)$/;

/**
 * Reads a ladder "[0-30000000:100,30000000-50000000:98]": collateral values in quote and the percentage that counts.
 * Empty when nothing counts. Value beyond a last finite bound counts zero. Throws INVALID_INPUT.
 */
export function readLadder(text: string, token: string): readonly LadderStep[] {
  const body = /^\s*(?:\[(.*)\])?\s*$/.exec(text);
  if (body === null) throw invalid(`the ladder of ${token} is not in brackets: "${text}"`);
  if ((body[1] ?? '').trim() === '') return [];
  let next: bigint | undefined = 0n;
  return (body[1] as string).split(',').map((part): LadderStep => {
    const match = STEP.exec(part.trim());
    if (match === null)
      throw invalid(`the ladder of ${token} has a step that is not "from-to:percent": "${part.trim()}"`);
    const [from, to] = [BigInt(match[1] as string), BigInt(match[2] as string)];
    if (from !== next || to <= from) throw invalid(`the ladder of ${token} does not run from 0 upward without gaps`);
    const factor = divide(decimal(match[3], `the ladder of ${token}`), rational(100n));
    if (compare(factor, ONE) > 0) throw invalid(`the ladder of ${token} counts more than 100 percent`);
    next = to === UNBOUNDED ? undefined : to;
    return { valueCap: to === UNBOUNDED ? null : rational(to), factor };
  });
}

export interface HaircutRow {
  readonly symbol: string;
  /** USDT per unit */
  readonly price: Rational;
  readonly ladder: readonly LadderStep[];
}

/** All rows of the haircut file in order, symbols in upper case. Throws INVALID_INPUT or DUPLICATE. */
export function readHaircuts(csv: string, ladder: BinanceLadder): readonly HaircutRow[] {
  const column = LADDER_COLUMNS[ladder];
  let rows: readonly Readonly<Record<string, string | undefined>>[];
  try {
    rows = parse(csv, { columns: true, skip_empty_lines: true, bom: true });
  } catch {
    throw invalid('the haircuts are no CSV with a header line');
  }
  const seen = new Set<string>();
  return rows.map((row, index) => {
    const symbol = row['token']?.toUpperCase();
    const text = row[column];
    if (symbol === undefined || symbol === '' || text === undefined) {
      throw invalid(`row ${index + 1} of the haircuts lacks token or ${column}`);
    }
    if (seen.has(symbol))
      throw new SolvencyError('DUPLICATE', `the haircuts list ${symbol} twice; give each token one row`);
    seen.add(symbol);
    return {
      symbol,
      price: decimal(row['asset_usdt_price'], `the price of ${symbol}`),
      ladder: readLadder(text, symbol),
    };
  });
}

const DECIMALS_BY_PRICE: readonly (readonly [Rational, number])[] = [
  [rational(1n, 100n), 8],
  [rational(1n, 10_000n), 6],
  [rational(1n, 1_000_000n), 4],
];

/**
 * Decimals of an amount, from the price on the day the entry is made; a registry keeps them whatever the price does
 * later. 8 from 0.01 USDT up, 6 from 0.0001, 4 from 0.000001, else 2: so that 2^64 units are worth at least 1.8e9 USDT,
 * and the other decimals of the 16 go to the price, which a cheap token needs.
 */
export const amountDecimalsAt = (price: Rational): number =>
  DECIMALS_BY_PRICE.find(([from]) => compare(price, from) >= 0)?.[1] ?? 2;

const SYMBOL = /^([A-Z0-9]+)\/([A-Z0-9]+):([A-Z0-9]+)(-\d{6})?$/;
// a contract of 1000 or 1000000 tokens is named after that number
const MULTIPLES = [
  ['1000000', 1_000_000n],
  ['1000', 1_000n],
] as const;

/** Price of what a contract is on, in USDT; undefined when the list does not have it. */
export function basePrice(base: string, prices: ReadonlyMap<string, Rational>): Rational | undefined {
  const direct = prices.get(base);
  if (direct !== undefined) return direct;
  for (const [prefix, multiple] of MULTIPLES) {
    const price = base.startsWith(prefix) ? prices.get(base.slice(prefix.length)) : undefined;
    if (price !== undefined) return multiply(price, rational(multiple));
  }
  return undefined;
}

function instrumentEntry(
  symbol: string,
  id: number,
  assets: ReadonlyMap<string, number>,
  prices: ReadonlyMap<string, Rational>,
): RegistryEntry {
  const match = SYMBOL.exec(symbol);
  if (match === null) throw invalid(`${symbol} is no futures symbol such as BTC/USDT:USDT`);
  const settleAsset = assets.get(match[3] as string);
  if (settleAsset === undefined) {
    throw new SolvencyError(
      'UNKNOWN_ASSET',
      `${symbol} settles in ${match[3]}, which the haircuts do not list; add its row`,
    );
  }
  const price = basePrice(match[1] as string, prices);
  return {
    id,
    symbol,
    kind: match[4] === undefined ? 'perpetual' : 'future',
    settleAsset,
    amountDecimals: price === undefined ? 8 : amountDecimalsAt(price),
  };
}

const tierOf = ({ cap, maintenanceRate, cum, maxLeverage }: BinanceBracket): TierParameters => ({
  notionalCap: cap,
  maintenanceRate,
  maintenanceDeduction: cum,
  initialRate: divide(ONE, maxLeverage),
});

/**
 * Binance's parameters with a registry made from the two files: assets 1, 2, ... in the order of the haircut file, then
 * instruments 10001, 10002, ... in that of the bracket file. The same files always give the same registry. Throws
 * INVALID_INPUT, DUPLICATE or UNKNOWN_ASSET.
 */
export function binanceParameters({ brackets, haircuts, ladder = 'margin' }: BinanceInput): Parameters {
  const rows = readHaircuts(haircuts, ladder);
  const assetIds = new Map(rows.map(({ symbol }, index) => [symbol, FIRST_ASSET_ID + index]));
  const prices = new Map(rows.map(({ symbol, price }) => [symbol, price]));
  const tables = [...binanceBrackets(brackets)];
  const entries: RegistryEntry[] = [
    ...rows.map(
      ({ symbol, price }, index): RegistryEntry => ({
        id: FIRST_ASSET_ID + index,
        symbol,
        kind: 'asset',
        amountDecimals: amountDecimalsAt(price),
      }),
    ),
    ...tables.map(([symbol], index) => instrumentEntry(symbol, FIRST_INSTRUMENT_ID + index, assetIds, prices)),
  ];
  return {
    registry: { venue: VENUE, version: 1, quote: QUOTE, entries },
    maintenanceRule: 'marginal',
    initialRule: 'whole',
    haircutRule: 'marginal',
    assets: rows.map(({ ladder: steps }, index) => ({ assetId: FIRST_ASSET_ID + index, ladder: steps })),
    instruments: tables.map(([, table], index) => ({
      instrumentId: FIRST_INSTRUMENT_ID + index,
      tiers: table.map(tierOf),
    })),
  };
}

/**
 * Prices by symbol: of an asset in USDT, of an instrument in units of its settle asset. USDT itself is 1 unless given.
 * Symbols without a price are left out, and whoever needs one says so. Throws INVALID_INPUT or UNKNOWN_INSTRUMENT.
 */
export function binancePrices(registry: Registry, prices: ReadonlyMap<string, string>, time: number): Prices {
  const bySymbol = new Map(registry.entries.map((entry) => [entry.symbol, entry]));
  const assets = new Map<number, Rational>();
  const instruments = new Map<number, Rational>();
  const quote = bySymbol.get(registry.quote);
  if (quote !== undefined) assets.set(quote.id, ONE);
  for (const [symbol, text] of prices) {
    const entry = bySymbol.get(symbol);
    if (entry === undefined) {
      throw new SolvencyError(
        'UNKNOWN_INSTRUMENT',
        `there is a price for ${symbol}, which the registry does not list; remove it`,
      );
    }
    const price = decimal(text, `the price of ${symbol}`);
    if (price.num <= 0n) throw invalid(`the price of ${symbol} is not positive`);
    (entry.kind === 'asset' ? assets : instruments).set(entry.id, price);
  }
  return { time, assets, instruments };
}
