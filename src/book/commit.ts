import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { SolvencyError } from '../errors.js';
import { writeFileAtomic } from '../files.js';
import { ACCOUNT_TREE_DEPTH, FIELD_ORDER, TAGS, TREE_ARITY } from '../protocol/constants.js';
import { ELEMENT_BYTES } from '../setup/bn254Field.js';
import { type Registry, registryHash, venueId } from '../snapshot/registry.js';
import { decodeAccount, encodeAccount } from './accountRecord.js';
import { openAppender } from './appender.js';
import { type BinaryRecord, RecordReader, RecordWriter } from './binaryRecord.js';
import { type BookAccount, type CommittedAccount, leafAccount, type RandomBytes } from './bookAccount.js';
import { pauseUnlessCancelled, refuseCancelled } from './cancel.js';
import { type Sorter, startSorter } from './externalSort.js';
import { getField } from './fieldBytes.js';
import { type HashWorkers, startHashWorkers } from './hashWorkers.js';
import { chunksOf, inOrder } from './inOrder.js';
import { layerPath, readNodes } from './layers.js';
import { hashLeaves } from './leafHashes.js';
import { type BookCounts, type BookManifest, MANIFEST_FILE, serializeManifest } from './manifest.js';
import { makePrivateFolder, withPrivateFolder } from './privateFolder.js';
import { checkRegions, extentsOf, type Region } from './regions.js';
import { ACCOUNTS_FILE, encodeIdEntry, IDS_FILE, OFFSET_BYTES, OFFSETS_FILE } from './storeFiles.js';

export interface CommitBookInput {
  readonly accounts: AsyncIterable<BookAccount>;
  readonly registry: Registry;
  /** of the account root, seconds since 1970 */
  readonly time: number;
  /** the number of the region that an account goes to, from 0 */
  readonly place: (account: BookAccount) => number | Promise<number>;
  /** the first place of each region, given how many accounts each has; starts grow with the region's number */
  readonly layout: (counts: readonly number[]) => readonly { readonly start: number }[];
  readonly signal?: AbortSignal;
  /** for order, salts; the system's unless told */
  readonly random?: RandomBytes;
}

const MOST_REGIONS = 1 << 16;
/** Places inside a region follow it: accounts in an order that says nothing of them. */
const SORT_KEY_BYTES = 16;
/** 248 bits: nobody guesses a small balance from its leaf, and it is below r. */
const SALT_BYTES = 31;
const ACCOUNTS_A_TASK = 256;
const NODES_A_TASK = 512;
/** tasks that are under way at once: enough to keep all threads busy */
const TASKS_AHEAD = 8;

/**
 * Commits accounts to a tree and writes it with them to a private folder, whole or not at all, in memory that does not
 * grow with the book. Inside its region each account stands at a random place. openBook reads the folder.
 * Errors: INVALID_INPUT when the folder exists, UNWRITABLE, CANCELLED, OUT_OF_RANGE when the regions do not fit the tree
 * or a value its bound, DUPLICATE for an account that comes twice, what `place` and `layout` throw.
 */
export function commitBook(folder: string, input: CommitBookInput): Promise<BookManifest> {
  return makePrivateFolder(folder, (made) =>
    withPrivateFolder(made, 'sorting-', async (work) => {
      const { sorter, counts, sizes } = await sortIntoRegions(input, work);
      const starts = input.layout(sizes);
      const regions = sizes.map((count, number) => ({ start: starts[number]?.start ?? -1, count }));
      checkRegions(regions);
      const workers = await startHashWorkers(Math.ceil(counts.accounts / ACCOUNTS_A_TASK));
      try {
        await writeAccounts(made, work, sorter, regions, workers, input);
        for (let level = 0; level < ACCOUNT_TREE_DEPTH; level++) await writeLayerAbove(made, level, regions, workers);
      } finally {
        await workers.close();
      }
      const manifest = { venue: input.registry.venue, root: rootOf(made, regions, input), regions, counts };
      await writeFileAtomic(join(made, MANIFEST_FILE), serializeManifest(manifest), 0o600);
      return manifest;
    }),
  );
}

/** All accounts by region, in random order inside each. */
async function sortIntoRegions(
  { accounts, place, signal, random = randomBytes }: CommitBookInput,
  work: string,
): Promise<{ readonly sorter: Sorter; readonly counts: BookCounts; readonly sizes: readonly number[] }> {
  const sorter = startSorter(work, 'regions');
  const counts = { accounts: 0, balances: 0, positions: 0, notProvable: 0, venueOwned: 0 };
  const sizes: number[] = [];
  const writer = new RecordWriter();
  for await (const account of accounts) {
    if (counts.accounts % ACCOUNTS_A_TASK === 0) await pauseUnlessCancelled(signal);
    checkFields(account);
    const region = await place(account);
    if (!Number.isInteger(region) || region < 0 || region >= MOST_REGIONS) {
      throw new RangeError(`no region has the number ${region}`);
    }
    while (sizes.length <= region) sizes.push(0);
    sizes[region] = (sizes[region] as number) + 1;
    counts.accounts++;
    counts.balances += account.holdings.collateral.length;
    counts.positions += account.holdings.positions.length;
    if (!account.provable) counts.notProvable++;
    if (account.venueOwned) counts.venueOwned++;
    sorter.add(writer.whole(region, 2).bytes(random(SORT_KEY_BYTES)).record(encodeAccount(account)).finish());
  }
  return { sorter, counts, sizes };
}

/** A value above r would be another one's twin: two openings of one leaf. */
function checkFields({ accountId, ownerCommitment }: BookAccount): void {
  for (const value of [accountId, ownerCommitment]) {
    if (value >= 0n && value < FIELD_ORDER) continue;
    throw new SolvencyError('OUT_OF_RANGE', 'The id or the owner commitment of an account is not below r.');
  }
}

/** Gives each account its place and salt, and writes accounts, their index by place and by id, and their leaves. */
async function writeAccounts(
  folder: string,
  work: string,
  sorter: Sorter,
  regions: readonly Region[],
  workers: HashWorkers,
  { signal, random = randomBytes }: CommitBookInput,
): Promise<void> {
  const accountsFile = openAppender(join(folder, ACCOUNTS_FILE));
  const offsets = openAppender(join(folder, OFFSETS_FILE));
  const leaves = openAppender(layerPath(folder, 0));
  const ids = startSorter(work, 'ids');
  const writeOffset = (): void => {
    const bytes = Buffer.allocUnsafe(OFFSET_BYTES);
    bytes.writeUIntBE(accountsFile.length, 0, OFFSET_BYTES);
    offsets.append(bytes);
  };
  try {
    const writer = new RecordWriter();
    const hashed = async (records: readonly PlacedRecord[]) => {
      const salted = records.map(({ record, index }) => {
        const salt = BigInt(`0x${Buffer.from(random(SALT_BYTES)).toString('hex')}`);
        return { record, account: { ...decodeAccount(new RecordReader(record)), index, salt } };
      });
      const accounts = salted.map(({ account }) => leafAccount(account));
      return { salted, hashes: await hashLeaves(workers, accounts) };
    };
    const chunks = chunksOf(placed(sorter.sorted(), regions), ACCOUNTS_A_TASK);
    for await (const { salted, hashes } of inOrder(chunks, TASKS_AHEAD, hashed)) {
      refuseCancelled(signal);
      for (const { record, account } of salted) {
        writeOffset();
        accountsFile.append(Buffer.from(writer.field(account.salt).record(record).finish(), 'latin1'));
        ids.add(encodeIdEntry(account.accountId, account.index));
      }
      leaves.append(hashes);
    }
    writeOffset();
  } finally {
    for (const file of [accountsFile, offsets, leaves]) file.close();
  }
  writeIds(join(folder, IDS_FILE), ids);
}

interface PlacedRecord extends Pick<CommittedAccount, 'index'> {
  readonly record: BinaryRecord;
}

/** Strips what the records were sorted by, and counts places. */
function* placed(sorted: Iterable<BinaryRecord>, regions: readonly Region[]): Generator<PlacedRecord, void, undefined> {
  let [open, next] = [-1, 0];
  for (const record of sorted) {
    const region = new RecordReader(record.slice(0, 2)).whole(2);
    if (region !== open) [open, next] = [region, (regions[region] as Region).start];
    yield { record: record.slice(2 + SORT_KEY_BYTES), index: next++ };
  }
}

/** Places by account id. An id that comes twice would be one user's account in two leaves, and each told another one. */
function writeIds(path: string, ids: Sorter): void {
  const file = openAppender(path);
  try {
    let previous: string | undefined;
    for (const entry of ids.sorted()) {
      const id = entry.slice(0, ELEMENT_BYTES);
      if (id === previous)
        throw new SolvencyError('DUPLICATE', 'Two accounts to be committed have the same identifier.');
      previous = id;
      file.append(Buffer.from(entry, 'latin1'));
    }
  } finally {
    file.close();
  }
}

/** Hashes the layer above a stored one. */
async function writeLayerAbove(
  folder: string,
  level: number,
  regions: readonly Region[],
  workers: HashWorkers,
): Promise<void> {
  const below = { file: openSync(layerPath(folder, level), 'r'), level, extents: extentsOf(regions, level) };
  const above = openAppender(layerPath(folder, level + 1));
  try {
    const runs = extentsOf(regions, level + 1).flatMap(({ first, end }) =>
      Array.from({ length: Math.ceil((end - first) / NODES_A_TASK) }, (_, k) => {
        const from = first + k * NODES_A_TASK;
        return { from, count: Math.min(NODES_A_TASK, end - from) };
      }),
    );
    const hashed = ({ from, count }: { readonly from: number; readonly count: number }) =>
      workers.hash(TAGS.accountNode, TREE_ARITY, readNodes(below, from * TREE_ARITY, count * TREE_ARITY));
    for await (const hashes of inOrder(runs, TASKS_AHEAD, hashed)) above.append(hashes);
  } finally {
    closeSync(below.file);
    above.close();
  }
}

function rootOf(folder: string, regions: readonly Region[], { registry, time }: CommitBookInput) {
  const level = ACCOUNT_TREE_DEPTH;
  const file = openSync(layerPath(folder, level), 'r');
  try {
    const treeRoot = getField(readNodes({ file, level, extents: extentsOf(regions, level) }, 0, 1), 0);
    return { venueId: venueId(registry), registryHash: registryHash(registry), treeRoot, time: BigInt(time) };
  } finally {
    closeSync(file);
  }
}
