import { closeSync, fstatSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccountRootOpening } from '../account/accountRoot.js';
import type { TreePath } from '../account/accountTree.js';
import { SolvencyError } from '../errors.js';
import { ACCOUNT_TREE_DEPTH, TREE_ARITY } from '../protocol/constants.js';
import { ELEMENT_BYTES } from '../setup/bn254Field.js';
import { accountIdOf, normalizeIdentifier } from './accountId.js';
import { decodeAccount } from './accountRecord.js';
import { RecordReader } from './binaryRecord.js';
import type { CommittedAccount } from './bookAccount.js';
import { getField } from './fieldBytes.js';
import { type Layer, layerPath, readExactly, readNodes } from './layers.js';
import { type BookCounts, MANIFEST_FILE, parseManifest } from './manifest.js';
import { type Extent, extentsOf, type Region, storedParts } from './regions.js';
import { ACCOUNTS_FILE, decodeIdEntry, ID_ENTRY_BYTES, IDS_FILE, OFFSET_BYTES, OFFSETS_FILE } from './storeFiles.js';

/** A committed book on disk. Reads are synchronous: they are short, and mostly of what was just read. */
export interface Book {
  readonly venue: string;
  readonly root: AccountRootOpening;
  /** in order of their places */
  readonly regions: readonly Region[];
  readonly counts: BookCounts;
  /** The accounts of a run of places; undefined where there is none. */
  accounts(first: number, count: number): readonly (CommittedAccount | undefined)[];
  /** The path of a place: seven siblings a level, from the leaves up. */
  path(index: number): TreePath;
  /** The path of the subtree of that height in which a place stands; its index is that of the subtree in its layer. */
  subtreePath(index: number, height: number): TreePath;
  /** A node of the tree, by its layer and its place in it; undefined above empty places only. */
  node(level: number, index: number): bigint | undefined;
  /** The account of an identifier; undefined when the book has none. */
  find(identifier: string): CommittedAccount | undefined;
  close(): void;
}

/**
 * Opens what commitBook wrote. Errors: UNREADABLE, those of parseManifest, MISMATCH when a file is not as long as the
 * book says.
 */
export async function openBook(folder: string): Promise<Book> {
  const open: number[] = [];
  const close = (): void => {
    for (const file of open.splice(0)) closeSync(file);
  };
  try {
    const path = join(folder, MANIFEST_FILE);
    const manifest = parseManifest(await readFile(path, 'utf8'), path);
    const stored = manifest.regions.reduce((sum, { count }) => sum + count, 0);
    const openFile = (name: string, bytes?: number): number => {
      const file = openSync(join(folder, name), 'r');
      open.push(file);
      if (bytes !== undefined && fstatSync(file).size !== bytes) throw damaged(join(folder, name));
      return file;
    };
    const layers = Array.from({ length: ACCOUNT_TREE_DEPTH }, (_, level) => {
      const extents = extentsOf(manifest.regions, level);
      const nodes = extents.reduce((sum, { first, end }) => sum + end - first, 0);
      return { file: openFile(layerPath('', level), nodes * ELEMENT_BYTES), level, extents };
    });
    const offsets = openFile(OFFSETS_FILE, (stored + 1) * OFFSET_BYTES);
    const ids = openFile(IDS_FILE, stored * ID_ENTRY_BYTES);
    const files = { accounts: openFile(ACCOUNTS_FILE), offsets };
    const readAccounts = (first: number, count: number) =>
      accountsOf(files, (layers[0] as Layer).extents, first, count);
    const siblings = siblingReader(layers);
    const subtreePath = (index: number, height: number): TreePath => {
      if (!Number.isInteger(index) || index < 0 || index >= TREE_ARITY ** ACCOUNT_TREE_DEPTH) {
        throw new RangeError(`the tree has no place ${index}`);
      }
      return {
        index: Math.floor(index / TREE_ARITY ** height),
        siblings: layers.slice(height).map(({ level }) => siblings(level, Math.floor(index / TREE_ARITY ** level))),
      };
    };
    return {
      ...manifest,
      accounts: readAccounts,
      path: (index) => subtreePath(index, 0),
      subtreePath,
      node(level, index) {
        const layer = layers[level] as Layer;
        if (!layer.extents.some(({ first, end }) => first <= index && index < end)) return undefined;
        return getField(readNodes(layer, index, 1), 0);
      },
      find(identifier) {
        const normal = normalizeIdentifier(identifier);
        if (normal === undefined) return undefined;
        const index = placeOf(ids, stored, accountIdOf(manifest.venue, normal));
        return index === undefined ? undefined : readAccounts(index, 1)[0];
      },
      close,
    };
  } catch (cause) {
    close();
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    const hint = code === 'ENOENT' ? 'it is no committed book, or one of its files is gone' : code;
    throw new SolvencyError('UNREADABLE', `Cannot read ${folder}: ${hint}.`, { details: { path: folder }, cause });
  }
}

/** The seven siblings of a node. The last run read of each layer is kept: neighbours share what is above them. */
function siblingReader(layers: readonly Layer[]): (level: number, node: number) => readonly bigint[] {
  const last = layers.map(() => ({ node: -1, siblings: [] as readonly bigint[] }));
  return (level, node) => {
    const known = last[level];
    if (known?.node === node) return known.siblings;
    const own = node % TREE_ARITY;
    const bytes = readNodes(layers[level] as Layer, node - own, TREE_ARITY);
    const all = Array.from({ length: TREE_ARITY }, (_, place) => getField(bytes, place * ELEMENT_BYTES));
    const siblings = all.filter((_, place) => place !== own);
    last[level] = { node, siblings };
    return siblings;
  };
}

function accountsOf(
  files: { readonly accounts: number; readonly offsets: number },
  extents: readonly Extent[],
  first: number,
  count: number,
): readonly (CommittedAccount | undefined)[] {
  const accounts = Array<CommittedAccount | undefined>(count).fill(undefined);
  for (const part of storedParts(extents, first, count)) {
    const offsets = Buffer.allocUnsafe((part.count + 1) * OFFSET_BYTES);
    readExactly(files.offsets, offsets, part.offset * OFFSET_BYTES);
    const offset = (k: number): number => offsets.readUIntBE(k * OFFSET_BYTES, OFFSET_BYTES);
    const records = Buffer.allocUnsafe(offset(part.count) - offset(0));
    readExactly(files.accounts, records, offset(0));
    for (let k = 0; k < part.count; k++) {
      const reader = new RecordReader(records.toString('latin1', offset(k) - offset(0), offset(k + 1) - offset(0)));
      const salt = reader.field();
      accounts[part.at + k] = { ...decodeAccount(reader), index: first + part.at + k, salt };
    }
  }
  return accounts;
}

/** The place of an account id, by bisection. */
function placeOf(file: number, count: number, accountId: bigint): number | undefined {
  const entry = Buffer.allocUnsafe(ID_ENTRY_BYTES);
  let [from, to] = [0, count];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    readExactly(file, entry, middle * ID_ENTRY_BYTES);
    const found = decodeIdEntry(entry);
    if (found.accountId === accountId) return found.index;
    if (found.accountId < accountId) from = middle + 1;
    else to = middle;
  }
  return undefined;
}

const damaged = (path: string): SolvencyError =>
  new SolvencyError('MISMATCH', `${path} is not as long as its book says. Commit the accounts again.`, {
    details: { path },
  });
