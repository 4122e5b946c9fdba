import { SolvencyError } from '../errors.js';
import { RATE_SCALE } from '../protocol/constants.js';
import type { Registry, RegistryEntry } from '../snapshot/registry.js';
import { checkMark } from './checkMark.js';
import type { AssetReserves } from './checkReserves.js';
import type { Policy } from './policy.js';
import { policyAssets } from './policyAssets.js';

/** What is owed in one asset, in 1e-16 quote units. */
export interface AssetLiabilities {
  readonly assetId: number;
  /** to all accounts whose balance is positive */
  readonly positive: bigint;
  /** what accounts without a deficit owe the venue */
  readonly negativeGood: bigint;
}

export interface Liabilities {
  readonly assets: readonly AssetLiabilities[];
  /** of all accounts together, 1e-16 quote: the sum of equity and deficit */
  readonly total: bigint;
}

export interface Coverage {
  /** 1e-16 quote; not above zero: nothing has to be held */
  readonly required: bigint;
  readonly covered: boolean;
  /** what is held for each million that is required, rounded down; null where nothing is required */
  readonly coveragePpm: bigint | null;
}

/** Why an asset counts as it does in the comparison of values. */
export type HaircutReason = 'policy' | 'not in the policy' | 'issued by the venue';

export interface AssetComparison {
  readonly assetId: number;
  /** symbol */
  readonly asset: string;
  /** counted, in units of 10^-amountDecimals; zero for what the venue issues */
  readonly reserves: bigint;
  /** reserves x price, 1e-16 quote */
  readonly value: bigint;
  readonly haircut: { readonly ppm: bigint; readonly reason: HaircutReason };
  /** whether the snapshot's price was held against the verifier's */
  readonly mark: 'pinned' | 'unpinned';
  /** against everything that is owed in the asset */
  readonly strict: Coverage;
  /** against what is owed less what is lent out: true only if the borrowers pay */
  readonly withLoans: Coverage;
}

export interface ReserveComparison {
  /** every asset in which something is held or owed, in the registry's order */
  readonly assets: readonly AssetComparison[];
  /** every asset is covered */
  readonly strict: boolean;
  /** every asset is covered if the borrowers pay; to be shown under the label "with loans" only */
  readonly withLoans: boolean;
  /** all reserves after haircuts against the total */
  readonly value: Coverage;
}

/**
 * Compares reserves with liabilities in exact integers; equality covers. That something is not covered is a result, never
 * an error. `prices` are the snapshot's by asset id, 16 - amountDecimals decimals. Errors: EXPECTATION_NOT_MET for a price
 * outside the policy's marks, MISSING_PRICE, UNKNOWN_ASSET for an id that is no asset, DUPLICATE for one given twice,
 * OUT_OF_RANGE for a negative amount, and those of policyAssets.
 */
export function compareReserves(input: {
  readonly reserves: readonly AssetReserves[];
  readonly liabilities: Liabilities;
  readonly prices: ReadonlyMap<number, bigint>;
  readonly policy: Policy;
  readonly registry: Registry;
  /** whether contract wallets count, whose ownership was checked online */
  readonly countCheckedOnline: boolean;
}): ReserveComparison {
  const { policy, registry, countCheckedOnline, prices } = input;
  const entries = [...policyAssets(policy, registry).values()];
  const held = byAsset(input.reserves, entries, 'reserves', ({ amount, checkedOnline }) => [amount, checkedOnline]);
  const owed = byAsset(input.liabilities.assets, entries, 'liabilities', ({ positive, negativeGood }) => [
    positive,
    negativeGood,
  ]);
  nonNegative(input.liabilities.total, 'the total of liabilities');
  const assets = entries.flatMap((entry) => {
    const [amount, checkedOnline] = held.get(entry.id) ?? [0n, 0n];
    const [positive, negativeGood] = owed.get(entry.id) ?? [0n, 0n];
    if (amount + checkedOnline + positive + negativeGood === 0n) return [];
    const haircut = haircutOf(policy, entry.symbol);
    const price = priceOf(prices, entry);
    // the venue makes as many of these as it likes, so holding them covers nothing
    const counted = haircut.reason === 'issued by the venue' ? 0n : amount + (countCheckedOnline ? checkedOnline : 0n);
    const value = counted * price;
    return {
      assetId: entry.id,
      asset: entry.symbol,
      reserves: counted,
      value,
      haircut,
      mark: checkMark(policy.marks, entry, price),
      strict: coverage(value * RATE_SCALE, positive),
      withLoans: coverage(value * RATE_SCALE, positive - negativeGood),
    };
  });
  return {
    assets,
    strict: assets.every(({ strict }) => strict.covered),
    withLoans: assets.every(({ withLoans }) => withLoans.covered),
    value: coverage(
      assets.reduce((sum, { value, haircut }) => sum + value * haircut.ppm, 0n),
      input.liabilities.total,
    ),
  };
}

/** `held` in 1e-22 quote units, so that haircuts lose nothing. */
const coverage = (held: bigint, required: bigint): Coverage => ({
  required,
  covered: held >= required * RATE_SCALE,
  coveragePpm: required > 0n ? held / required : null,
});

function haircutOf(policy: Policy, symbol: string): AssetComparison['haircut'] {
  if (policy.issuedByVenue.has(symbol)) return { ppm: 0n, reason: 'issued by the venue' };
  const ppm = policy.haircuts.get(symbol);
  return ppm === undefined ? { ppm: 0n, reason: 'not in the policy' } : { ppm, reason: 'policy' };
}

function priceOf(prices: ReadonlyMap<number, bigint>, entry: RegistryEntry): bigint {
  const price = prices.get(entry.id);
  if (price !== undefined && price > 0n) return price;
  throw new SolvencyError(
    'MISSING_PRICE',
    `The snapshot has no price above zero for ${entry.symbol}, in which something is held or owed.`,
    { details: { asset: entry.symbol } },
  );
}

/** The figures of each asset once; none below zero: a negative liability would pay for another. */
function byAsset<Item extends { readonly assetId: number }>(
  items: readonly Item[],
  entries: readonly RegistryEntry[],
  where: string,
  figures: (item: Item) => readonly [bigint, bigint],
): ReadonlyMap<number, readonly [bigint, bigint]> {
  const known = new Set(entries.map(({ id }) => id));
  const map = new Map<number, readonly [bigint, bigint]>();
  for (const item of items) {
    const { assetId } = item;
    const place = `the ${where} of asset ${assetId}`;
    if (!known.has(assetId)) {
      throw new SolvencyError('UNKNOWN_ASSET', `There are ${where} in asset ${assetId}, which the registry lacks.`, {
        details: { assetId },
      });
    }
    if (map.has(assetId)) {
      throw new SolvencyError('DUPLICATE', `${place} are given twice. Sum them first.`, { details: { assetId } });
    }
    const pair = figures(item);
    for (const figure of pair) nonNegative(figure, place);
    map.set(assetId, pair);
  }
  return map;
}

function nonNegative(figure: bigint, where: string): void {
  if (figure >= 0n) return;
  throw new SolvencyError('OUT_OF_RANGE', `A figure in ${where} is below zero.`, { details: { where } });
}
