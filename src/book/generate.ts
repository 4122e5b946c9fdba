import { join } from 'node:path';
import type { PositionEntry } from '../account/account.js';
import { SolvencyError } from '../errors.js';
import { entryOf } from '../formats/symbols.js';
import { formatAmount } from '../numbers/decimal.js';
import { COST_DECIMALS, COST_SCALE, VALUE_DECIMALS } from '../protocol/constants.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import type { Snapshot, TieredSnapshot } from '../snapshot/snapshot.js';
import { openAppender } from './appender.js';
import { pauseUnlessCancelled } from './cancel.js';
import { amountOf, clip, type MadeHoldings, type Market, makeCustomer, marketOf } from './generateAccount.js';
import { BookSums } from './intake/bookSums.js';
import { TOTALS_FILES } from './intake/controlTotals.js';
import type { BookFiles } from './intake/takeIn.js';
import { makePrivateFolder } from './privateFolder.js';
import { seededRandom } from './seededRandom.js';

export interface GenerateInput {
  readonly snapshot: Snapshot;
  /** customers; the venue's own accounts come on top */
  readonly accounts: number;
  /** the same seed gives the same bytes */
  readonly seed: string;
  /** entries of the largest accounts */
  readonly most: { readonly assets: number; readonly positions: number };
  readonly signal?: AbortSignal;
}

/** chances in a million that a customer has no owner commitment */
const WITHOUT_OWNER = 100_000;
const QUOTE = 10n ** BigInt(VALUE_DECIMALS);

/** Paths of a generated book; positions and what belongs to them only when the snapshot has instruments. */
export function generatedFiles(folder: string, { instruments }: Pick<Snapshot, 'instruments'>): BookFiles {
  const spot = {
    balances: join(folder, 'balances.csv'),
    owners: join(folder, 'owners.csv'),
    assetTotals: join(folder, 'asset-totals.csv'),
  };
  if (instruments.length === 0) return spot;
  return {
    ...spot,
    positions: join(folder, 'positions.csv'),
    venueAccounts: join(folder, 'venue-accounts.csv'),
    instrumentTotals: join(folder, 'instrument-totals.csv'),
  };
}

/**
 * Makes up a book and writes its CSV files to a private folder, whole or not at all, in memory that does not grow with
 * the book. The venue's own accounts take the remainder of each instrument, so that longs equal shorts.
 * Errors: MISMATCH for a snapshot of another model than the tiered one, INVALID_INPUT when the folder exists, UNWRITABLE,
 * CANCELLED. Returns the number of accounts.
 */
export function generateBook(folder: string, input: GenerateInput): Promise<number> {
  const { snapshot, accounts, seed, most, signal } = input;
  if (snapshot.model.family !== 'tiered') {
    throw new SolvencyError(
      'MISMATCH',
      `A book is made up from a snapshot of the tiered model, not ${snapshot.model.family}.`,
    );
  }
  const market = marketOf(snapshot as TieredSnapshot, most);
  return makePrivateFolder(folder, async (made) => {
    const random = seededRandom(seed);
    const book = openCsvFiles(made, snapshot);
    try {
      const net = (id: number): bigint => book.sums.get(id).positive - book.sums.get(id).negative;
      for (let number = 1; number <= accounts; number++) {
        if (number % 1024 === 0) await pauseUnlessCancelled(signal);
        const owner = random.chance(WITHOUT_OWNER) ? undefined : random.field();
        book.write(`user-${String(number).padStart(8, '0')}@example.com`, makeCustomer(random, market, net), owner);
      }
      const own = venueHoldings(market, book.sums, quoteOf(snapshot));
      own.forEach((holdings, k) => {
        book.write(`venue-${k + 1}`, holdings, undefined);
        book.markVenue(`venue-${k + 1}`);
      });
      book.writeTotals();
      return accounts + own.length;
    } finally {
      book.close();
    }
  });
}

/** The asset that the venue's accounts hold. */
function quoteOf({ registry, assets }: Snapshot) {
  const id = registry.entries.find(({ symbol, kind }) => kind === 'asset' && symbol === registry.quote)?.id;
  return assets.find(({ assetId }) => assetId === id) ?? assets[0];
}

/** What the venue's own accounts hold: the other side of all positions, split where a size exceeds the margin tiers. */
function venueHoldings(market: Market, sums: BookSums, quote: ReturnType<typeof quoteOf>): readonly MadeHoldings[] {
  const open: { positions: PositionEntry[]; value: bigint }[] = [];
  for (const { id, price, maxSize } of market.instruments) {
    const { positive, negative, cost } = sums.get(id);
    let rest = negative - positive;
    let restCost = -cost;
    for (let account = 0; rest !== 0n; ) {
      const positions = open[account]?.positions;
      // one position an account and instrument
      if (
        positions !== undefined &&
        (positions.length === market.most.positions || positions.at(-1)?.instrumentId === id)
      ) {
        account++;
        continue;
      }
      const size = clip(rest, maxSize);
      const part = size === rest ? restCost : (size * price) / COST_SCALE;
      open[account] ??= { positions: [], value: 0n };
      const own = open[account] as (typeof open)[number];
      own.positions.push({ instrumentId: id, size, cost: part });
      // enough to stand the other side of every loss
      own.value += 2n * ((size < 0n ? -size : size) * price + (part < 0n ? -part : part) * COST_SCALE);
      rest -= size;
      restCost -= part;
    }
  }
  return open.map(({ positions, value }) => ({
    collateral: quote === undefined ? [] : [{ assetId: quote.assetId, amount: amountOf(value + QUOTE, quote.price) }],
    positions,
  }));
}

/** The files of a book under way, with what was written to them added up. */
function openCsvFiles(folder: string, { registry, instruments }: Snapshot) {
  const paths = generatedFiles(folder, { instruments });
  const asset = entryOf(registry, 'asset');
  const instrument = entryOf(registry, 'instrument');
  const sums = new BookSums();
  const closers: (() => void)[] = [];
  const open = (path: string | undefined, ...columns: readonly string[]) => {
    if (path === undefined) return () => undefined;
    const file = openAppender(path);
    closers.push(() => file.close());
    const write = (...cells: readonly string[]): void => file.append(Buffer.from(`${cells.map(quoted).join(',')}\n`));
    write(...columns);
    return write;
  };
  const balance = open(paths.balances, 'account', 'asset', 'amount');
  const position = open(paths.positions, 'account', 'instrument', 'size', 'cost');
  const owner = open(paths.owners, 'account', 'owner_commitment');
  const venueAccount = open(paths.venueAccounts, 'account');
  const totals = (
    kind: keyof typeof TOTALS_FILES,
    path: string | undefined,
    entries: readonly RegistryEntry[],
  ): void => {
    const columns = TOTALS_FILES[kind];
    const row = open(path, kind, ...columns.map(({ name }) => name));
    for (const entry of entries) {
      const values = columns.map(({ of, decimals }) => formatAmount(of(sums.get(entry.id)), decimals(entry)));
      if (values.some((value) => value !== '0')) row(entry.symbol, ...values);
    }
  };
  return {
    sums,
    write(account: string, holdings: MadeHoldings, ownerCommitment: bigint | undefined): void {
      sums.add(holdings);
      for (const { assetId, amount } of holdings.collateral) {
        const { symbol, amountDecimals } = asset(assetId);
        balance(account, symbol, formatAmount(amount, amountDecimals));
      }
      for (const { instrumentId, size, cost } of holdings.positions) {
        const { symbol, amountDecimals } = instrument(instrumentId);
        position(account, symbol, formatAmount(size, amountDecimals), formatAmount(cost, COST_DECIMALS));
      }
      if (ownerCommitment !== undefined) owner(account, ownerCommitment.toString());
    },
    markVenue: (account: string): void => venueAccount(account),
    writeTotals(): void {
      totals(
        'asset',
        paths.assetTotals,
        registry.entries.filter(({ kind }) => kind === 'asset'),
      );
      totals(
        'instrument',
        paths.instrumentTotals,
        registry.entries.filter(({ kind }) => kind !== 'asset'),
      );
    },
    close(): void {
      for (const close of closers) close();
    },
  };
}

/** A symbol may hold a comma or a quote. */
const quoted = (cell: string): string => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
