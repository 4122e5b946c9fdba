import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import { accountRoot } from '../../src/account/accountRoot.js';
import { packageRoot } from '../../src/account/accountTree.js';
import { leafAccount } from '../../src/book/bookAccount.js';
import { commitBook } from '../../src/book/commit.js';
import { generateBook, generatedFiles } from '../../src/book/generate.js';
import { inclusionFile, inclusionPath, writeInclusionFiles } from '../../src/book/inclusion.js';
import { takeIn } from '../../src/book/intake/takeIn.js';
import { openBook } from '../../src/book/store.js';
import { reservesGenerateCommand } from '../../src/cli/commands/reserves/generate.js';
import { reservesInclusionCommand } from '../../src/cli/commands/reserves/inclusion.js';
import { parseAccountPackage, serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { serializeSnapshot } from '../../src/formats/snapshot.js';
import { registry, snapshot } from '../support/market.js';
import { testFolder } from './support.js';

const most = { assets: 5, positions: 12 };

/** A made-up book of 120 customers, committed. */
async function committed(folder: string, csv = join(folder, 'csv')) {
  const store = join(folder, 'accounts');
  if (csv === join(folder, 'csv')) await generateBook(csv, { snapshot, accounts: 120, seed: 'inclusion', most });
  await takeIn({ files: generatedFiles(csv, snapshot), registry, most, workFolder: folder }, ({ accounts }) =>
    commitBook(store, {
      accounts: accounts(),
      registry,
      time: 1_760_000_030,
      place: ({ venueOwned }) => (venueOwned ? 1 : 0),
      layout: () => [{ start: 0 }, { start: 512 }],
    }),
  );
  return openBook(store);
}

describe('writeInclusionFiles', () => {
  it('writes for each account what serializeAccountPackage writes, and it leads to the account root', async () => {
    const folder = testFolder();
    const book = await committed(folder);
    const out = join(folder, 'inclusion');
    expect(await writeInclusionFiles(book, registry, out)).toBe(book.counts.accounts);
    let files = 0;
    for (const account of book.accounts(0, 1_024)) {
      if (account === undefined) continue;
      const path = join(out, inclusionPath(account.accountId));
      const text = readFileSync(path, 'utf8');
      const expected = { account: leafAccount(account), path: book.path(account.index), root: book.root };
      expect(text).toBe(serializeAccountPackage(expected, registry));
      const parsed = parseAccountPackage(text, path, registry);
      expect(packageRoot(parsed)).toBe(accountRoot(book.root));
      expect(inclusionFile(book, registry, account.identifier)).toBe(text);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      files++;
    }
    const shards = readdirSync(out);
    expect(shards).toHaveLength(256);
    // no name tells a user
    const names = shards.flatMap((shard) => readdirSync(join(out, shard)));
    expect(names).toHaveLength(files);
    for (const name of names) expect(name).toMatch(/^[0-9]+\.json$/);
    book.close();
  });

  it('refuses another registry, an unknown account, a folder that exists, and leaves nothing when cancelled', async () => {
    const folder = testFolder();
    const book = await committed(folder);
    const other = { ...registry, version: 2 };
    const mixed = writeInclusionFiles(book, other, join(folder, 'out'));
    await expect(mixed).rejects.toMatchObject({ code: 'MISMATCH' });
    expect(() => inclusionFile(book, registry, 'somebody@example.com')).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.not.stringContaining('somebody') }),
    );
    mkdirSync(join(folder, 'there'));
    const there = writeInclusionFiles(book, registry, join(folder, 'there'));
    await expect(there).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const cancelled = writeInclusionFiles(book, registry, join(folder, 'out'), { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(readdirSync(folder).sort()).toEqual(['accounts', 'csv', 'there']);
    book.close();
  });
});

describe('the commands', () => {
  /** Runs a command of the group and returns what it prints as JSON. */
  async function run(...args: readonly string[]): Promise<Record<string, unknown>> {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      const group = new Command();
      for (const add of [reservesGenerateCommand, reservesInclusionCommand]) add(group);
      await group.parseAsync(['node', 'reserves', ...args, '--json']);
      return JSON.parse(log.mock.lastCall?.[0] as string);
    } finally {
      log.mockRestore();
    }
  }

  it('make up a book, and write the inclusion files of all users and of one', async () => {
    const folder = testFolder();
    const file = join(folder, 'snapshot.json');
    writeFileSync(file, serializeSnapshot(snapshot));
    const csv = join(folder, 'made');
    const bounds = ['--assets', '5', '--positions', '12'];
    const made = await run('generate', '--snapshot', file, '--accounts', '50', ...bounds, '--out', csv);
    expect(made).toMatchObject({ ok: true, out: csv });
    const book = await committed(folder, csv);
    const out = join(folder, 'inclusion');
    const written = await run('inclusion', '--book', folder, '--snapshot', file, '--out', out);
    expect(written).toMatchObject({ files: made['accounts'] });
    const one = join(folder, 'one.json');
    const user = 'user-00000007@example.com';
    await run('inclusion', '--book', folder, '--snapshot', file, '--account', user, '--out', one);
    expect(readFileSync(one, 'utf8')).toBe(inclusionFile(book, registry, user));
    book.close();
  });

  it.each([
    ['--accounts', '0'],
    ['--accounts', '134217729'],
    ['--positions', '129'],
    ['--assets', '65'],
  ])('refuse %s %s', async (flag, value) => {
    const folder = testFolder();
    const file = join(folder, 'snapshot.json');
    writeFileSync(file, serializeSnapshot(snapshot));
    const given = ['--accounts', '5', flag, value];
    const refused = run('generate', '--snapshot', file, ...given, '--out', join(folder, 'csv'));
    await expect(refused).rejects.toMatchObject({ code: 'OUT_OF_RANGE' });
  });
});
