import { SolvencyError } from '../errors.js';
import { formatAmount } from '../numbers/decimal.js';
import {
  add,
  ceiling,
  compare,
  floor,
  formatRational,
  multiply,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../numbers/rational.js';
import { MODEL_VERSION, RATE_DECIMALS, VALUE_DECIMALS } from '../protocol/constants.js';
import type { Parameters, Prices, TierParameters } from './parameters.js';
import type { RegistryEntry } from './registry.js';
import type {
  AssetParameters,
  InstrumentParameters,
  LadderRule,
  MarginTier,
  Rounding,
  TieredSnapshot,
} from './snapshot.js';
import { validateSnapshot } from './validate.js';
import { validateRegistry, violation } from './validateRegistry.js';

/** Turns an exact figure into an integer in units of 10^-decimals and records it when that is not the same. */
type Round = (exact: Rational, decimals: number, direction: (scaled: Rational) => bigint, where: string) => bigint;

/**
 * A valid snapshot of a venue's parameters at given marks, for one claim.
 *
 * Rates round up, haircut factors and all caps round down to 1e-16 quote units: each of them asks for more margin or
 * counts less collateral, and each is recorded. Deductions follow from the rounded rates and caps, so that the
 * requirement stays continuous; the venue's own are only checked. A mark in an asset other than the quote is multiplied
 * by that asset's price; that product rounds to nearest, ties to even, since a mark harms one side of a position as
 * much as it helps the other.
 *
 * Errors: MISSING_PRICE with all that miss one, NOT_REPRESENTABLE for a price with too many decimals, UNKNOWN_ASSET and
 * UNKNOWN_INSTRUMENT for ids outside the registry, INVALID_SNAPSHOT for parameters that contradict themselves.
 */
export function buildSnapshot(
  parameters: Parameters,
  prices: Prices,
  claim: 'maintenance' | 'initial',
): TieredSnapshot {
  const { registry } = parameters;
  validateRegistry(registry);
  const entries = new Map(registry.entries.map((entry) => [entry.id, entry]));
  const assets = inRegistryOrder(
    parameters.assets,
    (asset) => entries.get(asset.assetId) ?? unknown('asset', asset.assetId),
    registry.entries,
  );
  const instruments = inRegistryOrder(
    parameters.instruments,
    (instrument) => entries.get(instrument.instrumentId) ?? unknown('instrument', instrument.instrumentId),
    registry.entries,
  );
  requirePrices(
    assets.map(({ entry }) => entry),
    instruments.map(({ entry }) => entry),
    entries,
    prices,
  );

  const roundings: Rounding[] = [];
  const round: Round = (exact, decimals, direction, where) => {
    const scaled = multiply(exact, rational(10n ** BigInt(decimals)));
    const used = direction(scaled);
    if (scaled.den !== 1n) {
      roundings.push({ where, exact: formatRational(exact), used: formatAmount(used, decimals) });
    }
    return used;
  };

  const rule = claim === 'maintenance' ? parameters.maintenanceRule : parameters.initialRule;
  const snapshot: TieredSnapshot = {
    registry,
    model: { family: 'tiered', version: MODEL_VERSION.tiered, claim, tiers: rule, haircuts: parameters.haircutRule },
    time: prices.time,
    assets: assets.map(
      ({ entry, item }): AssetParameters => ({
        assetId: entry.id,
        price: exactPrice(priceOf(prices.assets, entry), entry),
        ladder: item.ladder.map(({ valueCap, factor }, step) => ({
          valueCap:
            valueCap === null ? null : round(valueCap, VALUE_DECIMALS, floor, `${entry.symbol} tier ${step} cap`),
          factor: round(factor, RATE_DECIMALS, floor, `${entry.symbol} tier ${step} factor`),
        })),
      }),
    ),
    instruments: instruments.map(({ entry, item }): InstrumentParameters => {
      checkVenueDeductions(item.tiers, parameters.maintenanceRule, entry.symbol);
      const settlePrice = priceOf(prices.assets, settleAssetOf(entry, entries));
      const mark = priceOf(prices.instruments, entry);
      exactPrice(mark, entry);
      return {
        instrumentId: entry.id,
        price: round(
          multiply(mark, settlePrice),
          VALUE_DECIMALS - entry.amountDecimals,
          nearest,
          `${entry.symbol} mark`,
        ),
        tiers: marginTiers(item.tiers, claim, rule, settlePrice, entry.symbol, round),
      };
    }),
    roundings,
  };
  validateSnapshot(snapshot);
  return snapshot;
}

function marginTiers(
  tiers: readonly TierParameters[],
  claim: 'maintenance' | 'initial',
  rule: LadderRule,
  settlePrice: Rational,
  symbol: string,
  round: Round,
): readonly MarginTier[] {
  const rounded: MarginTier[] = [];
  for (const [index, tier] of tiers.entries()) {
    const where = `${symbol} tier ${index}`;
    const notionalCap =
      tier.notionalCap === null
        ? null
        : round(multiply(tier.notionalCap, settlePrice), VALUE_DECIMALS, floor, `${where} cap`);
    const exactRate = claim === 'maintenance' ? tier.maintenanceRate : tier.initialRate;
    const rate = round(exactRate, RATE_DECIMALS, ceiling, `${where} rate`);
    const below = rounded.at(-1);
    const deduction =
      rule === 'whole' || below === undefined ? 0n : below.deduction + (below.notionalCap ?? 0n) * (rate - below.rate);
    rounded.push({ notionalCap, rate, deduction });
  }
  return rounded;
}

/** The venue's file must agree with itself, exactly: a deduction that does not fit its rates is a misread file. */
function checkVenueDeductions(tiers: readonly TierParameters[], rule: LadderRule, symbol: string): void {
  for (const [index, tier] of tiers.entries()) {
    const below = tiers[index - 1];
    const expected =
      rule === 'whole' || below === undefined
        ? ZERO
        : add(
            below.maintenanceDeduction,
            multiply(below.notionalCap ?? ZERO, subtract(tier.maintenanceRate, below.maintenanceRate)),
          );
    if (compare(tier.maintenanceDeduction, expected) !== 0) {
      violation(
        `instrument ${symbol} tier ${index}`,
        `the venue's deduction must be ${formatRational(expected)} for the requirement to follow the ${rule} rule, and is ${formatRational(tier.maintenanceDeduction)}`,
      );
    }
  }
}

/** Items with their registry entries, in the registry's order. */
function inRegistryOrder<Item>(
  items: readonly Item[],
  entryOf: (item: Item) => RegistryEntry,
  order: readonly RegistryEntry[],
): readonly { readonly entry: RegistryEntry; readonly item: Item }[] {
  const positions = new Map(order.map((entry, position) => [entry.id, position]));
  const position = (entry: RegistryEntry): number => positions.get(entry.id) ?? 0;
  return items.map((item) => ({ entry: entryOf(item), item })).sort((a, b) => position(a.entry) - position(b.entry));
}

function unknown(kind: 'asset' | 'instrument', id: number): never {
  throw new SolvencyError(
    kind === 'asset' ? 'UNKNOWN_ASSET' : 'UNKNOWN_INSTRUMENT',
    `The parameters name ${kind} ${id}, which is not in the registry.`,
    { details: { id } },
  );
}

/** The validated registry has the settle asset of every instrument; an asset among the instruments has none. */
function settleAssetOf(entry: RegistryEntry, entries: ReadonlyMap<number, RegistryEntry>): RegistryEntry {
  const settle = entry.settleAsset === undefined ? undefined : entries.get(entry.settleAsset);
  return settle ?? violation(`instrument ${entry.symbol}`, `the registry says that it is an ${entry.kind}`);
}

function requirePrices(
  assets: readonly RegistryEntry[],
  instruments: readonly RegistryEntry[],
  entries: ReadonlyMap<number, RegistryEntry>,
  prices: Prices,
): void {
  const neededAssets = new Set([...assets, ...instruments.map((entry) => settleAssetOf(entry, entries))]);
  const missing = [
    ...[...neededAssets].filter((entry) => !prices.assets.has(entry.id)),
    ...instruments.filter((entry) => !prices.instruments.has(entry.id)),
  ].map((entry) => entry.symbol);
  if (missing.length > 0) {
    throw new SolvencyError(
      'MISSING_PRICE',
      `There is no price for ${missing.join(', ')}. Add ${missing.length === 1 ? 'it' : 'them'} to the prices, or take ${missing.length === 1 ? 'it' : 'them'} out of the parameters.`,
      { details: { missing } },
    );
  }
}

function priceOf(prices: ReadonlyMap<number, Rational>, entry: RegistryEntry): Rational {
  const price = prices.get(entry.id) ?? ZERO;
  return price.num > 0n ? price : violation(entry.symbol, 'the price must be above zero');
}

/** A price in its unit of 10^-(16 - amountDecimals). To round it would favour one side of the book, so it is refused. */
function exactPrice(price: Rational, entry: RegistryEntry): bigint {
  const decimals = VALUE_DECIMALS - entry.amountDecimals;
  const scaled = multiply(price, rational(10n ** BigInt(decimals)));
  if (scaled.den !== 1n) {
    throw new SolvencyError(
      'NOT_REPRESENTABLE',
      `The price of ${entry.symbol} has too many decimals: its amounts have ${entry.amountDecimals} decimals, so give its price with at most ${decimals}.`,
      { details: { where: entry.symbol, decimals } },
    );
  }
  return scaled.num;
}

/** The nearest integer to a number that is not negative, ties to even. */
function nearest(value: Rational): bigint {
  const below = floor(value);
  const twice = 2n * (value.num - below * value.den);
  return twice > value.den || (twice === value.den && below % 2n === 1n) ? below + 1n : below;
}
