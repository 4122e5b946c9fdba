import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountRoot } from '../account/accountRoot.js';
import { SolvencyError } from '../errors.js';
import { openingToFields } from '../formats/accountRootOpening.js';
import { writeBalance, writePosition } from '../formats/holdings.js';
import { writeFormat } from '../formats/readFormat.js';
import { entryOf } from '../formats/symbols.js';
import { type Registry, registryHash } from '../snapshot/registry.js';
import type { CommittedAccount } from './bookAccount.js';
import { pauseUnlessCancelled } from './cancel.js';
import { makePrivateFolder } from './privateFolder.js';
import type { Book } from './store.js';

const ACCOUNTS_AT_A_TIME = 512;
const SHARDS = 256;
/** of 31 bytes: an account id is a hash of 248 bits */
const SHARD_SHIFT = 240n;

/**
 * The text of serializeAccountPackage for each account of a book. What all packages share is made once, and neighbours
 * share the text of the siblings above them: in bulk that takes a tenth of the time.
 * Error: MISMATCH when the registry is not the book's.
 */
export function packageWriter(book: Book, registry: Registry): (account: CommittedAccount) => string {
  if (registryHash(registry) !== book.root.registryHash) {
    throw new SolvencyError('MISMATCH', 'The book was committed under another registry than that of the snapshot.', {
      details: { venue: book.venue },
    });
  }
  const asset = entryOf(registry, 'asset');
  const instrument = entryOf(registry, 'instrument');
  const root = { accountRootOpening: openingToFields(book.root), accountRoot: accountRoot(book.root).toString() };
  const texts = new WeakMap<readonly bigint[], readonly string[]>();
  const textOf = (siblings: readonly bigint[]): readonly string[] => {
    const known = texts.get(siblings) ?? siblings.map(String);
    texts.set(siblings, known);
    return known;
  };
  return ({ index, ownerCommitment, accountId, salt, holdings }) =>
    writeFormat('account-package', {
      venue: registry.venue,
      ownerCommitment: ownerCommitment.toString(),
      accountId: accountId.toString(),
      salt: salt.toString(),
      collateral: holdings.collateral.map((entry) => ({
        id: entry.assetId,
        ...writeBalance(asset(entry.assetId), entry),
      })),
      positions: holdings.positions.map((entry) => ({
        id: entry.instrumentId,
        ...writePosition(instrument(entry.instrumentId), entry),
      })),
      path: { index, siblings: book.path(index).siblings.map(textOf) },
      ...root,
    });
}

/** Where a user's file lies in the folder of all: the name says nothing to who does not know the identifier. */
export const inclusionPath = (accountId: bigint): string => join(shardOf(accountId), `${accountId}.json`);

const shardOf = (accountId: bigint): string => shardName(Number((accountId >> SHARD_SHIFT) & 0xffn));
const shardName = (shard: number): string => shard.toString(16).padStart(2, '0');

/**
 * Writes the inclusion file of every account of a book into a private folder, whole or not at all.
 * Errors: MISMATCH, INVALID_INPUT when the folder exists, UNWRITABLE, CANCELLED. Returns how many.
 */
export async function writeInclusionFiles(
  book: Book,
  registry: Registry,
  folder: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<number> {
  const write = packageWriter(book, registry);
  return makePrivateFolder(folder, async (made) => {
    for (let shard = 0; shard < SHARDS; shard++) mkdirSync(join(made, shardName(shard)), 0o700);
    let written = 0;
    for (const { start, count } of book.regions) {
      for (let done = 0; done < count; done += ACCOUNTS_AT_A_TIME) {
        await pauseUnlessCancelled(signal);
        for (const account of book.accounts(start + done, Math.min(ACCOUNTS_AT_A_TIME, count - done))) {
          if (account === undefined) continue;
          writeFileSync(join(made, inclusionPath(account.accountId)), write(account), { mode: 0o600 });
          written++;
        }
      }
    }
    return written;
  });
}

/** The inclusion file of one account. Errors: MISMATCH, INVALID_INPUT when the book has no such account. */
export function inclusionFile(book: Book, registry: Registry, identifier: string): string {
  const write = packageWriter(book, registry);
  const account = book.find(identifier);
  if (account !== undefined) return write(account);
  throw new SolvencyError(
    'INVALID_INPUT',
    `The book of ${book.venue} has no account of that identifier. Identifiers are compared letter by letter.`,
    { details: { venue: book.venue } },
  );
}
