import type { CollateralEntry, PositionEntry } from '../account/account.js';
import { COST_SCALE, LIABILITIES, VALUE_DECIMALS } from '../protocol/constants.js';
import type { InstrumentParameters, TieredSnapshot } from '../snapshot/snapshot.js';
import type { SeededRandom } from './seededRandom.js';

/** What accounts are made up from. */
export interface Market {
  readonly assets: readonly { readonly id: number; readonly price: bigint }[];
  readonly instruments: readonly {
    readonly id: number;
    readonly price: bigint;
    /** the largest size that the margin tiers hold */
    readonly maxSize: bigint;
  }[];
  readonly most: { readonly assets: number; readonly positions: number };
}

export interface MadeHoldings {
  readonly collateral: readonly CollateralEntry[];
  readonly positions: readonly PositionEntry[];
}

/** chances in a million */
const LARGE = 1_000;
const WITH_POSITIONS = 300_000;
const IN_DEBT = 30_000;
const UNDERWATER = 10_000;
const AGAINST_THE_NET = 800_000;

const QUOTE = 10n ** BigInt(VALUE_DECIMALS);
/** the smallest accounts are worth about this much */
const LEAST_VALUE = 20n * QUOTE;
const LARGE_VALUE = 5_000_000n * QUOTE;
const MOST_DOUBLINGS = 20;
/** half of what an account may hold, so that the venue's share of it fits too */
const MAX_AMOUNT = (1n << BigInt(LIABILITIES.amountBits - 1)) - 1n;

export function marketOf(snapshot: TieredSnapshot, most: Market['most']): Market {
  return {
    assets: snapshot.assets.map(({ assetId, price }) => ({ id: assetId, price })),
    instruments: snapshot.instruments.map((instrument) => ({
      id: instrument.instrumentId,
      price: instrument.price,
      maxSize: maxSizeOf(instrument),
    })),
    most,
  };
}

function maxSizeOf({ price, tiers }: InstrumentParameters): bigint {
  const cap = tiers.at(-1)?.notionalCap ?? null;
  return cap === null ? MAX_AMOUNT : clip(cap / price, MAX_AMOUNT);
}

/**
 * One customer: most hold one to three assets and half of what is twice as much is held half as often; three in ten have
 * positions, one in a thousand is large and holds as much as an account may; a few owe an asset, fewer owe more than they
 * have. `net` is what all accounts so far hold of an instrument: most positions are taken against it.
 */
export function makeCustomer(
  random: SeededRandom,
  market: Market,
  net: (instrumentId: number) => bigint,
): MadeHoldings {
  const { assets, instruments, most } = market;
  const large = random.chance(LARGE);
  const traded = instruments.length > 0;
  const value = large ? LARGE_VALUE + (LARGE_VALUE * random.bits(20)) / (1n << 18n) : powerLaw(random);
  const balances = large ? most.assets : Math.min(1 + random.below(3), most.assets);
  const held = pick(random, assets, balances);
  const owes = traded && held.length > 1 && random.chance(IN_DEBT);
  const share = value / BigInt(held.length);
  const collateral = held.map(({ id, price }, k) => {
    const amount = amountOf(share / (owes && k === held.length - 1 ? 4n : 1n), price);
    return { assetId: id, amount: owes && k === held.length - 1 ? -amount : amount };
  });
  if (!traded || !(large || random.chance(WITH_POSITIONS)))
    return { collateral: byId(collateral, 'assetId'), positions: [] };
  const chosen = pick(random, instruments, large ? most.positions : Math.min(1 + random.below(4), most.positions));
  // all positions together are worth half to four times the account
  const notional = (value * BigInt(50 + random.below(350))) / 100n / BigInt(chosen.length);
  const underwater = random.chance(UNDERWATER);
  const positions = chosen.map(({ id, price, maxSize }, k) => {
    const magnitude = clip(amountOf(notional, price), maxSize);
    const long = net(id) < 0n === random.chance(AGAINST_THE_NET);
    const size = long ? magnitude : -magnitude;
    // bought or sold within 5% of the mark
    const cost = (size * price * BigInt(950_000 + random.below(100_000))) / 1_000_000n / COST_SCALE;
    return { instrumentId: id, size, cost: underwater && k === 0 ? cost + (3n * value) / COST_SCALE : cost };
  });
  return { collateral: byId(collateral, 'assetId'), positions: byId(positions, 'instrumentId') };
}

/** Above each value there are half as many accounts as above half of it. */
function powerLaw(random: SeededRandom): bigint {
  let doublings = 0n;
  while (doublings < MOST_DOUBLINGS && random.below(2) === 1) doublings++;
  const first = LEAST_VALUE + (LEAST_VALUE * random.bits(20)) / (1n << 20n);
  return first << doublings;
}

/** The value, or the limit on its side of zero. */
export function clip(value: bigint, limit: bigint): bigint {
  if (value > limit) return limit;
  return value < -limit ? -limit : value;
}

/** At least one unit of what costs `price`, worth about `value`. */
export function amountOf(value: bigint, price: bigint): bigint {
  const amount = value / price;
  return amount < 1n ? 1n : clip(amount, MAX_AMOUNT);
}

/** That many different things of a list, those at its beginning far more often; all of them when it has no more. */
function pick<T>(random: SeededRandom, from: readonly T[], count: number): readonly T[] {
  if (count >= from.length) return from;
  const places = new Set<number>();
  while (places.size < count) {
    // half of a large account's things come from anywhere, so that it is not drawn for long
    const anywhere = count > 8 && places.size % 2 === 1;
    places.add(anywhere ? random.below(from.length) : rank(random, from.length));
  }
  return [...places].map((place) => from[place] as T);
}

/** A place below `count`, each doubling of places as often as the one before: the first ten things make up most of a book. */
function rank(random: SeededRandom, count: number): number {
  for (;;) {
    const first = 2 ** random.below(Math.ceil(Math.log2(count)) + 1) - 1;
    const place = first + random.below(first + 1);
    if (place < count) return place;
  }
}

const byId = <K extends string, T extends Readonly<Record<K, number>>>(entries: readonly T[], id: K): readonly T[] =>
  [...entries].sort((a, b) => a[id] - b[id]);
