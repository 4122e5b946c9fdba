import type { Holdings } from '../account/account.js';
import { padded } from '../numbers/padded.js';
import { TAGS } from '../protocol/constants.js';
import { inverse, modulo } from '../setup/bn254Field.js';
import type { AccountFigures } from './accountFigures.js';
import type { SideTotals } from './chainState.js';
import { transcript } from './transcript.js';

/** By asset, 1e-16 quote: what accounts own, what accounts with standing owe, what others owe. All not negative. */
export interface AssetTotals {
  readonly positive: bigint;
  readonly goodNegative: bigint;
  readonly otherNegative: bigint;
}

/** By instrument: sizes held long and short, signed cost in 1e-8 quote. */
export interface InstrumentTotals {
  readonly long: bigint;
  readonly short: bigint;
  readonly cost: bigint;
}

/** Everything that is added up over the accounts of one side. */
export interface BookSide {
  readonly accounts: bigint;
  readonly standing: bigint;
  /** sum of equity + deficit, 1e-16 quote */
  readonly owed: bigint;
  readonly deficits: bigint;
  readonly assets: ReadonlyMap<number, AssetTotals>;
  readonly instruments: ReadonlyMap<number, InstrumentTotals>;
}

export interface BookTotals {
  readonly customers: BookSide;
  readonly venue: BookSide;
  /** most that one account with standing owes, 1e-16 quote */
  readonly largestDebtor: bigint;
}

interface OpenSide {
  accounts: bigint;
  standing: bigint;
  owed: bigint;
  deficits: bigint;
  readonly assets: Map<number, AssetTotals>;
  readonly instruments: Map<number, InstrumentTotals>;
}

/** Adds up accounts one by one; its memory is that of assets and instruments. */
export class TotalsBuilder {
  readonly #sides = { customers: emptySide(), venue: emptySide() };
  #largestDebtor = 0n;

  add(side: 'customers' | 'venue', holdings: Holdings, figures: AccountFigures): void {
    const totals = this.#sides[side];
    totals.accounts += 1n;
    if (figures.standing) totals.standing += 1n;
    if (figures.equity >= 0n) totals.owed += figures.equity;
    else totals.deficits -= figures.equity;
    for (const [id, value] of figures.values) {
      const { positive, goodNegative, otherNegative } = totals.assets.get(id) ?? NO_ASSET;
      totals.assets.set(id, {
        positive: positive + (value > 0n ? value : 0n),
        goodNegative: goodNegative - (value < 0n && figures.lent ? value : 0n),
        otherNegative: otherNegative - (value < 0n && !figures.lent ? value : 0n),
      });
    }
    for (const { instrumentId, size, cost } of holdings.positions) {
      const sums = totals.instruments.get(instrumentId) ?? NO_INSTRUMENT;
      totals.instruments.set(instrumentId, {
        long: sums.long + (size > 0n ? size : 0n),
        short: sums.short - (size < 0n ? size : 0n),
        cost: sums.cost + cost,
      });
    }
    const owes = [...figures.values.values()].reduce((sum, value) => (value < 0n ? sum - value : sum), 0n);
    if (figures.lent && owes > this.#largestDebtor) this.#largestDebtor = owes;
  }

  get totals(): BookTotals {
    return { ...this.#sides, largestDebtor: this.#largestDebtor };
  }
}

const NO_ASSET: AssetTotals = { positive: 0n, goodNegative: 0n, otherNegative: 0n };
const NO_INSTRUMENT: InstrumentTotals = { long: 0n, short: 0n, cost: 0n };

const emptySide = (): OpenSide => ({
  accounts: 0n,
  standing: 0n,
  owed: 0n,
  deficits: 0n,
  assets: new Map(),
  instruments: new Map(),
});

/** An instrument of which more is held on one side than on the other; undefined when open interest balances. */
export function unbalancedInstrument({ customers, venue }: BookTotals): number | undefined {
  const both = (id: number, side: 'long' | 'short'): bigint =>
    (customers.instruments.get(id)?.[side] ?? 0n) + (venue.instruments.get(id)?.[side] ?? 0n);
  return [...customers.instruments.keys(), ...venue.instruments.keys()].find(
    (id) => both(id, 'long') !== both(id, 'short'),
  );
}

/** 1 / (challenge - id) modulo r, each computed once. */
export function weightsAt(challenge: bigint): (id: number) => bigint {
  const known = new Map<number, bigint>();
  return (id) => {
    const found = known.get(id) ?? inverse(challenge - BigInt(id));
    known.set(id, found);
    return found;
  };
}

/** The totals of one side as a chain's state holds them. */
export function compressSide(side: BookSide, weight: (id: number) => bigint): SideTotals {
  const compress = <Totals>(by: ReadonlyMap<number, Totals>, of: (totals: Totals) => bigint): bigint =>
    modulo([...by].reduce((sum, [id, totals]) => sum + of(totals) * weight(id), 0n));
  return {
    accounts: side.accounts,
    standing: side.standing,
    owed: side.owed,
    deficits: side.deficits,
    positive: compress(side.assets, ({ positive }) => positive),
    goodNegative: compress(side.assets, ({ goodNegative }) => goodNegative),
    otherNegative: compress(side.assets, ({ otherNegative }) => otherNegative),
    long: compress(side.instruments, ({ long }) => long),
    short: compress(side.instruments, ({ short }) => short),
    cost: compress(side.instruments, ({ cost }) => cost),
  };
}

/** Rows of the totals in their hash and in the closing circuit, padded with zeros. */
export interface TotalsShape {
  readonly assets: number;
  readonly instruments: number;
}

/** Totals in columns, customers before venue, as LiabilitiesCoverage takes them. */
export interface TotalsColumns {
  readonly assetId: readonly bigint[];
  /** [customers, venue][positive, good negative, other negative] */
  readonly assets: readonly (readonly (readonly bigint[])[])[];
  readonly instrumentId: readonly bigint[];
  /** [customers, venue][long, short, cost] */
  readonly instruments: readonly (readonly (readonly bigint[])[])[];
}

/** All assets and instruments that either side has a total of, by id. RangeError when they exceed the shape. */
export function totalsColumns({ customers, venue }: BookTotals, shape: TotalsShape): TotalsColumns {
  const ids = (by: 'assets' | 'instruments'): readonly number[] =>
    [...new Set([...customers[by].keys(), ...venue[by].keys()])].sort((a, b) => a - b);
  const fill = (values: readonly bigint[], rows: number): readonly bigint[] => {
    if (values.length > rows) throw new RangeError(`${values.length} totals do not fit ${rows} rows`);
    return padded(values, 0n, rows);
  };
  const assets = ids('assets');
  const instruments = ids('instruments');
  const sides = [customers, venue];
  return {
    assetId: fill(assets.map(BigInt), shape.assets),
    assets: sides.map((side) =>
      (['positive', 'goodNegative', 'otherNegative'] as const).map((column) =>
        fill(
          assets.map((id) => side.assets.get(id)?.[column] ?? 0n),
          shape.assets,
        ),
      ),
    ),
    instrumentId: fill(instruments.map(BigInt), shape.instruments),
    instruments: sides.map((side) =>
      (['long', 'short', 'cost'] as const).map((column) =>
        fill(
          instruments.map((id) => side.instruments.get(id)?.[column] ?? 0n),
          shape.instruments,
        ),
      ),
    ),
  };
}

/** Hash of the totals, as the statement carries it; the salt keeps totals that are not shown from being guessed. */
export const totalsHash = (columns: TotalsColumns, salt: bigint): bigint =>
  transcript(TAGS.liabilitiesTotals, [
    salt,
    BigInt(columns.assetId.length),
    BigInt(columns.instrumentId.length),
    ...columns.assetId,
    ...columns.assets.flat(2),
    ...columns.instrumentId,
    ...columns.instruments.flat(2),
  ]);
