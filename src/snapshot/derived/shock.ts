import { SolvencyError } from '../../errors.js';
import { add, floor, multiply, ONE, rational } from '../../numbers/rational.js';
import { VALUE_DECIMALS } from '../../protocol/constants.js';
import type { RegistryEntry } from '../registry.js';
import { nearest } from '../rounding.js';
import type { QuantizedSnapshot, Rounding, Snapshot, TieredSnapshot } from '../snapshot.js';
import { type Derivation, derivedClaim } from './claim.js';
import { entryLookup, invalid, isQuantized, isTiered, rounder, withDeductions } from './parts.js';

type Linear = TieredSnapshot | QuantizedSnapshot;

/**
 * Marks and the prices of collateral move by the same relative change. Rates, haircuts and caps in quote stay, so a size
 * may fall into another tier. A contract that settles in an asset whose price moves goes with it, and so do its caps:
 * venues state both in that asset.
 */
export function shocked(base: Snapshot, derivation: Derivation & { readonly kind: 'shock' }): Snapshot {
  const moved = add(ONE, derivation.change);
  if (moved.num <= 0n) invalid('A price cannot fall by 100% or more: give a change above -100%.');
  requireLinear(base);
  const only = derivation.only === undefined ? undefined : namedEntries(base, derivation.only);
  const moves = movesWith(base, only);

  const entryOf = entryLookup(base.registry);
  const roundings: Rounding[] = [...base.roundings];
  const round = rounder(roundings);
  const priced = (id: number, price: bigint, what: string): bigint => {
    const { symbol, amountDecimals } = entryOf(id);
    const decimals = VALUE_DECIMALS - amountDecimals;
    return moves(id)
      ? round(multiply(rational(price, 10n ** BigInt(decimals)), moved), decimals, nearest, `${symbol} ${what}`)
      : price;
  };
  const capped = (id: number, cap: bigint | null, tier: number): bigint | null => {
    const { symbol, settleAsset } = entryOf(id);
    return cap !== null && settleAsset !== undefined && moves(settleAsset)
      ? round(
          multiply(rational(cap, 10n ** BigInt(VALUE_DECIMALS)), moved),
          VALUE_DECIMALS,
          floor,
          `${symbol} tier ${tier} cap`,
        )
      : cap;
  };

  const claim = derivedClaim(base.model.claim, {
    kind: 'shock',
    change: derivation.change,
    ...(only === undefined ? {} : { only: only.map(({ symbol }) => symbol) }),
  });
  const assets = base.assets.map((asset) => ({ ...asset, price: priced(asset.assetId, asset.price, 'price') }));
  if (isQuantized(base)) {
    const instruments = base.instruments.map((instrument) => ({
      ...instrument,
      price: priced(instrument.instrumentId, instrument.price, 'mark'),
    }));
    return { ...base, model: { ...base.model, claim }, assets, instruments, roundings };
  }
  const instruments = base.instruments.map(({ instrumentId, price, tiers }) => ({
    instrumentId,
    price: priced(instrumentId, price, 'mark'),
    tiers: withDeductions(
      tiers.map(({ notionalCap, rate }, tier) => ({ notionalCap: capped(instrumentId, notionalCap, tier), rate })),
      base.model.tiers,
    ),
  }));
  return { ...base, model: { ...base.model, claim }, assets, instruments, roundings };
}

/** The value of an option does not follow its underlying in proportion, nor do a venue's own prices a mark. */
function requireLinear(base: Snapshot): asserts base is Linear {
  const entryOf = entryLookup(base.registry);
  const options = base.instruments.some(({ instrumentId }) => entryOf(instrumentId).kind === 'option');
  if ((isTiered(base) || isQuantized(base)) && !options) return;
  invalid(
    `Prices cannot be moved in this snapshot of the ${base.model.family} model: what follows from prices, such as the values of options, has to be recomputed from the venue's parameters. Build it anew at the shocked prices.`,
  );
}

/** The named entries in the order of the registry, so that one choice has one name. */
function namedEntries({ registry, assets, instruments }: Linear, symbols: readonly string[]): readonly RegistryEntry[] {
  if (symbols.length === 0) invalid('Name at least one symbol whose price moves, or none at all to move every price.');
  const known = new Set([
    ...assets.map(({ assetId }) => assetId),
    ...instruments.map(({ instrumentId }) => instrumentId),
  ]);
  const named = new Set(symbols);
  const entries = registry.entries.filter(({ id, symbol }) => known.has(id) && named.delete(symbol));
  const [unknown] = named;
  if (unknown !== undefined) {
    throw new SolvencyError(
      'UNKNOWN_INSTRUMENT',
      `"${unknown}" is neither an instrument nor an asset of the snapshot, so its price cannot move.`,
      { details: { symbol: unknown } },
    );
  }
  for (const { symbol } of entries) {
    if (symbol === registry.quote) invalid(`Prices are counted in ${symbol}: its own does not move.`);
    // the claim lists them between commas
    if (symbol.includes(',')) invalid(`"${symbol}" holds a comma, and a claim could not name it without doubt.`);
  }
  return entries;
}

function movesWith({ registry }: Linear, only: readonly RegistryEntry[] | undefined): (id: number) => boolean {
  const chosen = new Set(
    (only ?? registry.entries.filter(({ symbol }) => symbol !== registry.quote)).map(({ id }) => id),
  );
  const settling = registry.entries.filter(({ settleAsset }) => settleAsset !== undefined && chosen.has(settleAsset));
  const moved = new Set([...chosen, ...settling.map(({ id }) => id)]);
  return (id) => moved.has(id);
}
