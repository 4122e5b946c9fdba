import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Registry } from '../../snapshot/registry.js';
import { decodeAccount, encodeAccount } from '../accountRecord.js';
import { RecordReader } from '../binaryRecord.js';
import type { BookAccount, RandomBytes } from '../bookAccount.js';
import { pauseUnlessCancelled } from '../cancel.js';
import { type Sorter, startSorter } from '../externalSort.js';
import { withPrivateFolder } from '../privateFolder.js';
import { openRecordFile, readRecords } from '../recordFile.js';
import { BookSums } from './bookSums.js';
import { checkTotals } from './controlTotals.js';
import type { Reading } from './csvRows.js';
import { ENTRY_KIND, type EntryKind } from './entryRecord.js';
import { Faults } from './faults.js';
import { groupAccounts, type LeftOut } from './groupAccounts.js';
import { readBalances, readOwners, readPositions, readVenueAccounts } from './readEntries.js';

/** Paths of a book's CSV files; docs/book.md has their columns. */
export interface BookFiles {
  readonly balances: string;
  readonly positions?: string;
  readonly owners?: string;
  readonly venueAccounts?: string;
  readonly assetTotals?: string;
  readonly instrumentTotals?: string;
}

export interface TakeInInput {
  readonly files: BookFiles;
  readonly registry: Registry;
  /** most entries of one account */
  readonly most: { readonly assets: number; readonly positions: number };
  /** whether balances may be negative; unless told, when there are positions */
  readonly debts?: boolean;
  /** where the folder for sorting is made, which takes about twice the size of the files; the system's unless told */
  readonly workFolder?: string;
  readonly signal?: AbortSignal;
  /** for owners that the venue makes; the system's unless told */
  readonly random?: RandomBytes;
}

export interface IntakeCounts extends Readonly<LeftOut> {
  readonly accounts: number;
  readonly balances: number;
  readonly positions: number;
  readonly notProvable: number;
  readonly venueOwned: number;
}

/** A book whose files have no fault. */
export interface Intake {
  readonly counts: IntakeCounts;
  /** all accounts, ordered by identifier; as often as asked for, the same each time */
  accounts(): AsyncGenerator<BookAccount, void, undefined>;
}

const ROWS_BETWEEN_PAUSES = 1024;

/**
 * Takes in a book from its files, in memory that does not grow with it, and hands it to `use` once every row of every
 * file was checked; what was sorted on disk is removed when `use` ends. All faults, up to 20, are told in one error whose
 * code is the first one's: INVALID_INPUT, UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, NOT_REPRESENTABLE, OUT_OF_RANGE, DUPLICATE,
 * TOO_MANY_ASSETS, TOO_MANY_POSITIONS, MISMATCH. Further UNREADABLE, UNWRITABLE, CANCELLED.
 */
export function takeIn<T>(input: TakeInInput, use: (intake: Intake) => Promise<T>): Promise<T> {
  return withPrivateFolder(input.workFolder ?? tmpdir(), 'zk-solvency-book-', async (folder) => {
    const faults = new Faults();
    const reading = { faults, signal: input.signal };
    const path = join(folder, 'accounts');
    const sorted = await readFiles(input, folder, reading);
    const { counts, sums } = await writeAccounts(path, sorted, input, faults);
    if (faults.none) await checkAllTotals(input, sums, reading);
    faults.throwIfAny(Object.values(input.files));
    return use({ counts, accounts: () => readAccounts(path) });
  });
}

/** Every row of the files, sorted by account. */
async function readFiles(
  { files, registry, debts = files.positions !== undefined }: TakeInInput,
  folder: string,
  reading: Reading,
): Promise<Sorter> {
  const sorter = startSorter(folder, 'entries');
  const owners = startSorter(folder, 'owners');
  await readBalances(files.balances, sorter, registry, debts, reading);
  if (files.positions !== undefined) await readPositions(files.positions, sorter, registry, reading);
  if (files.owners !== undefined) {
    await readOwners(files.owners, sorter, owners, reading);
    await refuseSharedOwners(files.owners, owners, reading);
  }
  if (files.venueAccounts !== undefined) await readVenueAccounts(files.venueAccounts, sorter, reading);
  return sorter;
}

/** Two users given one owner could each prove with the other's account, and one of them could be left out unnoticed. */
async function refuseSharedOwners(file: string, owners: Sorter, { faults, signal }: Reading): Promise<void> {
  let read = 0;
  let previous: { readonly commitment: bigint; readonly row: number } | undefined;
  for (const record of owners.sorted()) {
    if (read++ % ROWS_BETWEEN_PAUSES === 0) await pauseUnlessCancelled(signal);
    const reader = new RecordReader(record);
    const owner = { commitment: reader.field(), row: reader.whole(6) };
    if (owner.commitment === previous?.commitment) {
      const at = { file, row: owner.row, column: 'owner_commitment' };
      faults.add('DUPLICATE', at, `is that of row ${previous.row}: each account has an owner of its own`);
    }
    previous = owner;
    if (faults.full) return;
  }
}

/** Groups, checks, counts and adds up the accounts, and writes them to a file. */
async function writeAccounts(path: string, sorter: Sorter, input: TakeInInput, faults: Faults) {
  const { files, registry, most, random = randomBytes, signal } = input;
  const fileOf = (kind: EntryKind): string =>
    ({
      [ENTRY_KIND.balance]: files.balances,
      [ENTRY_KIND.position]: files.positions,
      [ENTRY_KIND.owner]: files.owners,
      [ENTRY_KIND.venueAccount]: files.venueAccounts,
    })[kind] as string;
  const leftOut: LeftOut = { zeroEntries: 0, emptyAccounts: 0 };
  const counts = { accounts: 0, balances: 0, positions: 0, notProvable: 0, venueOwned: 0 };
  const sums = new BookSums();
  const file = openRecordFile(path);
  try {
    const rules = { venue: registry.venue, most, fileOf, random };
    for (const account of groupAccounts(sorter.sorted(), rules, faults, leftOut)) {
      if (counts.accounts % ROWS_BETWEEN_PAUSES === 0) await pauseUnlessCancelled(signal);
      counts.accounts++;
      counts.balances += account.holdings.collateral.length;
      counts.positions += account.holdings.positions.length;
      if (!account.provable) counts.notProvable++;
      if (account.venueOwned) counts.venueOwned++;
      sums.add(account.holdings);
      file.write(encodeAccount(account));
    }
  } finally {
    file.close();
  }
  return { counts: { ...counts, ...leftOut }, sums };
}

async function checkAllTotals({ files, registry }: TakeInInput, sums: BookSums, reading: Reading): Promise<void> {
  const assets = registry.entries.filter(({ kind }) => kind === 'asset');
  const instruments = registry.entries.filter(({ kind }) => kind !== 'asset');
  if (files.assetTotals !== undefined) await checkTotals(files.assetTotals, 'asset', assets, sums, reading);
  if (files.instrumentTotals !== undefined) {
    await checkTotals(files.instrumentTotals, 'instrument', instruments, sums, reading);
  }
}

async function* readAccounts(path: string): AsyncGenerator<BookAccount, void, undefined> {
  for (const record of readRecords(path)) yield decodeAccount(new RecordReader(record));
}
