import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountRoot } from '../../src/account/accountRoot.js';
import { buildAccountTree, pathOf, type TreePath } from '../../src/account/accountTree.js';
import { leafOf } from '../../src/account/leaf.js';
import { accountIdOf } from '../../src/book/accountId.js';
import { type BookAccount, type CommittedAccount, leafAccount } from '../../src/book/bookAccount.js';
import { type CommitBookInput, commitBook } from '../../src/book/commit.js';
import { fieldBytes, getField } from '../../src/book/fieldBytes.js';
import { startHashWorkers } from '../../src/book/hashWorkers.js';
import { hashLeaves } from '../../src/book/leafHashes.js';
import { type Book, openBook } from '../../src/book/store.js';
import { taggedHash } from '../../src/hash/taggedHash.js';
import { FIELD_ORDER, TAGS } from '../../src/protocol/constants.js';
import { registryHash, venueId } from '../../src/snapshot/registry.js';
import { holdings as arbitraryHoldings } from '../support/arbitraries.js';
import { accountOf, registry } from '../support/market.js';
import { each, fixedRandom, testFolder } from './support.js';

const TIME = 1_760_000_030;

const account = (n: number, assets = 1, positions = 0): BookAccount => ({
  identifier: `user ${n}`,
  accountId: accountIdOf(registry.venue, `user ${n}`),
  ownerCommitment: BigInt(1000 + n),
  provable: n % 3 !== 0,
  venueOwned: n % 10 === 9,
  holdings: {
    collateral: [1, 2, 3, 4, 9].slice(0, assets).map((assetId) => ({ assetId, amount: BigInt(n + 1) })),
    positions: Array.from({ length: positions }, (_, k) => ({
      instrumentId: 100 + 3 * k,
      size: BigInt(k % 2 === 0 ? n + 1 : -n - 1),
      cost: -BigInt(k),
    })),
  },
});
/** 30 accounts, some with lists of several blocks; every tenth is the venue's. */
const ACCOUNTS = Array.from({ length: 30 }, (_, n) => account(n, (n % 5) + 1, n % 4 === 0 ? n : 0));

const input = (changes: Partial<CommitBookInput> = {}): CommitBookInput => ({
  accounts: each(ACCOUNTS),
  registry,
  time: TIME,
  place: ({ venueOwned, holdings }) => (venueOwned ? 2 : holdings.positions.length > 0 ? 1 : 0),
  layout: () => [{ start: 0 }, { start: 64 }, { start: 8_000 }],
  ...changes,
});

async function committed(
  changes: Partial<CommitBookInput> = {},
): Promise<{ readonly folder: string; readonly book: Book }> {
  const folder = join(testFolder(), 'book');
  await commitBook(folder, input(changes));
  return { folder, book: await openBook(folder) };
}

/** Every account of a book, by reading over all its places. */
const all = (book: Book): readonly CommittedAccount[] =>
  book.accounts(0, 8_200).filter((one): one is CommittedAccount => one !== undefined);

describe('commitBook', () => {
  it('writes the tree that buildAccountTree builds, with its root and its paths', async () => {
    const { book } = await committed();
    const leaves = book.accounts(0, 8_003).map((one) => (one === undefined ? 0n : leafOf(leafAccount(one))));
    const tree = buildAccountTree(leaves);
    expect(book.root).toEqual({
      venueId: venueId(registry),
      registryHash: registryHash(registry),
      treeRoot: tree.root,
      time: BigInt(TIME),
    });
    for (const index of [0, 1, 7, 8, 63, 64, 66, 100, 7_999, 8_000, 8_002, 8_003, 8 ** 9 - 1]) {
      const expected = pathOf(tree, index);
      expect(book.path(index)).toEqual(expected);
      for (const height of [0, 1, 3, 8]) {
        const path: TreePath = { index: Math.floor(index / 8 ** height), siblings: expected.siblings.slice(height) };
        expect(book.subtreePath(index, height)).toEqual(path);
      }
    }
    tree.layers.slice(0, 9).forEach((layer, level) => {
      for (const index of [0, 1, 8, 64, 8_000, 8_001].map((place) => Math.floor(place / 8 ** level))) {
        const node = layer[index];
        expect(book.node(level, index)).toBe(node === tree.empty[level] ? undefined : node);
      }
    });
    expect(() => book.path(8 ** 9)).toThrow(RangeError);
    book.close();
  });

  it('keeps every account as it was, once, in its region, and the other places empty', async () => {
    const { book } = await committed();
    expect(book.regions).toEqual([
      { start: 0, count: 20 },
      { start: 64, count: 7 },
      { start: 8_000, count: 3 },
    ]);
    const found = all(book);
    const plain = found.map(({ index, salt, ...rest }) => rest);
    const byName = (a: BookAccount, b: BookAccount) => (a.identifier < b.identifier ? -1 : 1);
    expect([...plain].sort(byName)).toEqual([...ACCOUNTS].sort(byName));
    for (const { index, venueOwned, holdings } of found) {
      const first = venueOwned ? 8_000 : holdings.positions.length > 0 ? 64 : 0;
      expect(index - first).toBeGreaterThanOrEqual(0);
      expect(index - first).toBeLessThan(20);
    }
    expect(book.accounts(18, 4).map((one) => one?.index)).toEqual([18, 19, undefined, undefined]);
    expect(book.counts).toEqual({
      accounts: 30,
      balances: ACCOUNTS.reduce((sum, { holdings }) => sum + holdings.collateral.length, 0),
      positions: ACCOUNTS.reduce((sum, { holdings }) => sum + holdings.positions.length, 0),
      notProvable: 10,
      venueOwned: 3,
    });
    book.close();
  });

  it('draws order and salts anew each time, salts of 248 bits and no two alike', async () => {
    const [one, other] = [await committed(), await committed()];
    const order = ({ book }: typeof one) => all(book).map(({ identifier }) => identifier);
    expect(order(one)).not.toEqual(order(other));
    expect(one.book.root.treeRoot).not.toBe(other.book.root.treeRoot);
    const salts = [...all(one.book), ...all(other.book)].map(({ salt }) => salt);
    expect(new Set(salts).size).toBe(60);
    expect(salts.some((salt) => salt >> 240n > 0n)).toBe(true);
    for (const salt of salts) expect(salt < FIELD_ORDER).toBe(true);
    // fixed bytes fix it, so that a test can be repeated
    const [again, same] = [
      await committed({ random: fixedRandom('a') }),
      await committed({ random: fixedRandom('a') }),
    ];
    expect(again.book.root).toEqual(same.book.root);
  });

  it('finds accounts by identifier', async () => {
    const { book } = await committed();
    for (const { identifier } of ACCOUNTS) expect(book.find(identifier)?.identifier).toBe(identifier);
    for (const identifier of ['user 30', 'User 1', 'user 1 ', '']) expect(book.find(identifier)).toBeUndefined();
    book.close();
  });

  it('commits many accounts in several tasks, and none at all', async () => {
    const many = Array.from({ length: 1_500 }, (_, n) => account(n));
    const { book } = await committed({ accounts: each(many), place: () => 0, layout: () => [{ start: 5 }] });
    const leaves = book.accounts(0, 1_505).map((one) => (one === undefined ? 0n : leafOf(leafAccount(one))));
    expect(leaves.filter((leaf) => leaf !== 0n)).toHaveLength(1_500);
    expect(book.root.treeRoot).toBe(buildAccountTree(leaves).root);
    const empty = await committed({ accounts: each([]), layout: () => [] });
    expect(empty.book.root.treeRoot).toBe(buildAccountTree([]).root);
    expect(empty.book.accounts(0, 3)).toEqual([undefined, undefined, undefined]);
  });

  it('is for its owner alone, and holds nothing but its files', async () => {
    const { folder } = await committed();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const layers = Array.from({ length: 10 }, (_, level) => `layer-${level}.bin`);
    expect(readdirSync(folder).sort()).toEqual(['accounts.bin', 'book.json', 'ids.bin', ...layers, 'offsets.bin']);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it.each<[string, Partial<CommitBookInput>, object]>([
    ['one account twice', { accounts: each([account(1), account(2), account(1)]) }, { code: 'DUPLICATE' }],
    [
      'regions over each other',
      { layout: () => [{ start: 0 }, { start: 19 }, { start: 8_000 }] },
      { code: 'OUT_OF_RANGE' },
    ],
    ['a region too few', { layout: () => [{ start: 0 }, { start: 64 }] }, { code: 'OUT_OF_RANGE' }],
    [
      'a region beyond the tree',
      { layout: () => [{ start: 0 }, { start: 64 }, { start: 8 ** 9 - 2 }] },
      { code: 'OUT_OF_RANGE' },
    ],
    ['a negative region', { place: () => -1 }, RangeError],
    [
      'an owner commitment of r',
      { accounts: each([{ ...account(1), ownerCommitment: FIELD_ORDER }]) },
      { code: 'OUT_OF_RANGE' },
    ],
    [
      'an amount of 2^64',
      {
        accounts: each([
          { ...account(1), holdings: { collateral: [{ assetId: 1, amount: 2n ** 64n }], positions: [] } },
        ]),
      },
      { code: 'OUT_OF_RANGE' },
    ],
    [
      'accounts that end in an error',
      {
        accounts: (async function* () {
          yield account(1);
          throw new Error('gone');
        })(),
      },
      { message: 'gone' },
    ],
    ['a cancelled run', { signal: AbortSignal.abort() }, { code: 'CANCELLED' }],
  ])('leaves nothing behind after %s', async (_, changes, error) => {
    const parent = testFolder();
    const failing = commitBook(join(parent, 'book'), input(changes));
    if (error === RangeError) await expect(failing).rejects.toThrow(RangeError);
    else await expect(failing).rejects.toMatchObject(error);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('never overwrites a folder', async () => {
    const { folder } = await committed();
    const before = readFileSync(join(folder, 'book.json'), 'utf8');
    await expect(commitBook(folder, input())).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(readFileSync(join(folder, 'book.json'), 'utf8')).toBe(before);
  });
});

describe('openBook', () => {
  it('refuses a folder that is no book, and a book with a file cut short or gone', async () => {
    await expect(openBook(testFolder())).rejects.toMatchObject({ code: 'UNREADABLE' });
    for (const name of ['layer-0.bin', 'layer-8.bin', 'offsets.bin', 'ids.bin']) {
      const { folder, book } = await committed();
      book.close();
      truncateSync(join(folder, name), statSync(join(folder, name)).size - 1);
      await expect(openBook(folder)).rejects.toMatchObject({
        code: 'MISMATCH',
        message: expect.stringContaining(name),
      });
    }
    const { folder, book } = await committed();
    truncateSync(join(folder, 'accounts.bin'), 100);
    expect(() => book.accounts(0, 20)).toThrow(expect.objectContaining({ code: 'MISMATCH' }));
    book.close();
    const manifest = JSON.parse(readFileSync(join(folder, 'book.json'), 'utf8'));
    writeFileSync(
      join(folder, 'book.json'),
      JSON.stringify({
        ...manifest,
        regions: [
          { start: 9, count: 1 },
          { start: 9, count: 1 },
        ],
      }),
    );
    await expect(openBook(folder)).rejects.toMatchObject({ code: 'OUT_OF_RANGE' });
    writeFileSync(join(folder, 'book.json'), JSON.stringify({ ...manifest, more: 1 }));
    await expect(openBook(folder)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('states the account root that its parts give', async () => {
    const { folder, book } = await committed();
    const { accountRootOpening: opening } = JSON.parse(readFileSync(join(folder, 'book.json'), 'utf8'));
    expect(
      taggedHash(TAGS.accountRoot, [opening.venueId, opening.registryHash, opening.treeRoot, opening.time].map(BigInt)),
    ).toBe(accountRoot(book.root));
    book.close();
  });
});

describe('hashing in threads', () => {
  it('is taggedHash and leafOf', async () => {
    const workers = await startHashWorkers(2);
    try {
      for (const arity of [1, 5, 8, 9, 16]) {
        const inputs = Array.from({ length: 3 * arity }, (_, k) =>
          k % 2 === 0 ? FIELD_ORDER - 1n - BigInt(k) : BigInt(k),
        );
        const hashes = await workers.hash(TAGS.accountNode, arity, fieldBytes(inputs));
        for (let i = 0; i < 3; i++) {
          const expected = taggedHash(TAGS.accountNode, inputs.slice(i * arity, (i + 1) * arity));
          expect(getField(hashes, 32 * i)).toBe(expected);
        }
      }
      await fc.assert(
        fc.asyncProperty(
          fc.array(arbitraryHoldings({ positions: 30, assets: 5 }), { minLength: 1, maxLength: 8 }),
          async (held) => {
            const accounts = held.map((one, n) => accountOf(one, BigInt(n)));
            const leaves = await hashLeaves(workers, accounts);
            accounts.forEach((one, n) => {
              expect(getField(leaves, 32 * n)).toBe(leafOf(one));
            });
          },
        ),
        { seed: 20504, numRuns: 40 },
      );
      await expect(workers.hash(1n, 1, Buffer.alloc(32 * 4097))).rejects.toThrow(RangeError);
    } finally {
      await workers.close();
    }
    await expect(workers.hash(1n, 1, Buffer.alloc(32))).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
