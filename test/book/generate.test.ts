import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accountIdOf } from '../../src/book/accountId.js';
import { type GenerateInput, generateBook, generatedFiles } from '../../src/book/generate.js';
import { type BookFiles, takeIn } from '../../src/book/intake/takeIn.js';
import { seededRandom } from '../../src/book/seededRandom.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { registry, snapshot, table } from '../support/market.js';
import { snapshot as portfolioSnapshot } from '../support/portfolioMarket.js';
import { collect, fixedRandom, testFolder } from './support.js';

const most = { assets: 5, positions: 12 };
const ACCOUNTS = 3_000;

async function made(options: Partial<GenerateInput> = {}): Promise<string> {
  const folder = join(testFolder(), 'csv');
  await generateBook(folder, { snapshot, accounts: ACCOUNTS, seed: 'one', most, ...options });
  return folder;
}

const taken = (folder: string, files: BookFiles) =>
  takeIn(
    { files, registry, most, workFolder: folder, random: fixedRandom('owners') },
    async ({ accounts, counts }) => ({
      accounts: await collect(accounts()),
      counts,
    }),
  );

const textsOf = (folder: string) =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);

describe('generateBook', () => {
  it('gives the same bytes for the same seed, and others for another', async () => {
    const first = textsOf(await made());
    expect(textsOf(await made())).toEqual(first);
    const other = new Map(textsOf(await made({ seed: 'two' })));
    for (const [name, text] of first) if (name !== 'venue-accounts.csv') expect(other.get(name)).not.toBe(text);
  });

  it('makes a book that is taken in with its control totals, longs equal to shorts', async () => {
    const folder = await made();
    const { accounts, counts } = await taken(folder, generatedFiles(folder, snapshot));
    const net = new Map<number, bigint>();
    for (const { holdings } of accounts) {
      for (const { instrumentId, size } of holdings.positions) {
        net.set(instrumentId, (net.get(instrumentId) ?? 0n) + size);
      }
    }
    expect(net.size).toBe(40);
    expect(new Set(net.values())).toEqual(new Set([0n]));
    expect(counts.accounts).toBe(ACCOUNTS + counts.venueOwned);
    expect(counts.venueOwned).toBeGreaterThan(0);
  });

  it('has small and large accounts, debts, deficits and users without an owner', async () => {
    const folder = await made();
    const { accounts, counts } = await taken(folder, generatedFiles(folder, snapshot));
    const customers = accounts.filter(({ venueOwned }) => !venueOwned);
    const equities = customers.map(({ holdings }) => evaluate(holdings, table).equity);
    expect(equities.filter((equity) => equity < 0n).length).toBeGreaterThan(0);
    expect(equities.filter((equity) => equity < 0n).length).toBeLessThan(ACCOUNTS / 100);
    const owing = customers.filter(({ holdings }) => holdings.collateral.some(({ amount }) => amount < 0n));
    expect(owing.length).toBeGreaterThan(0);
    expect(owing.length).toBeLessThan(ACCOUNTS / 20);
    expect(customers.some(({ holdings }) => holdings.positions.length === most.positions)).toBe(true);
    expect(customers.some(({ holdings }) => holdings.collateral.length === most.assets)).toBe(true);
    expect(customers.filter(({ holdings }) => holdings.positions.length === 0).length).toBeGreaterThan(ACCOUNTS / 2);
    expect(counts.notProvable / ACCOUNTS).toBeCloseTo(0.1, 1);
    // the venue stands the other side
    for (const { holdings, venueOwned } of accounts) {
      if (venueOwned) expect(evaluate(holdings, table).equity > 0n).toBe(true);
    }
  });

  it('is taken in alike when its rows are shuffled', async () => {
    const folder = await made();
    const files = generatedFiles(folder, snapshot);
    const straight = await taken(folder, files);
    const random = seededRandom('shuffle');
    for (const path of Object.values(files) as string[]) {
      const [header, ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n');
      const keyed = rows.map((row) => ({ row, key: random.below(2 ** 32) })).sort((a, b) => a.key - b.key);
      writeFileSync(path, `${[header, ...keyed.map(({ row }) => row)].join('\n')}\n`);
    }
    expect(await taken(folder, files)).toEqual(straight);
    expect(straight.accounts[0]?.accountId).toBe(accountIdOf(registry.venue, 'user-00000001@example.com'));
  });

  it('is a spot book where the snapshot has no instruments', async () => {
    const folder = await made({ snapshot: { ...snapshot, instruments: [] }, accounts: 200 });
    expect(readdirSync(folder).sort()).toEqual(['asset-totals.csv', 'balances.csv', 'owners.csv']);
    const { counts } = await taken(folder, generatedFiles(folder, { instruments: [] }));
    expect(counts).toMatchObject({ accounts: 200, positions: 0, venueOwned: 0 });
  });

  it('keeps its folder private, never overwrites one, and leaves nothing when it is cancelled', async () => {
    const folder = await made({ accounts: 10 });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'balances.csv')).mode & 0o777).toBe(0o600);
    const input = { snapshot, accounts: 2_000, seed: 'one', most };
    await expect(generateBook(folder, input)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const parent = testFolder();
    const cancelled = generateBook(join(parent, 'csv'), { ...input, signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(readdirSync(parent)).toEqual([]);
  });

  it('refuses a snapshot of another model', async () => {
    await expect(made({ snapshot: portfolioSnapshot })).rejects.toMatchObject({ code: 'MISMATCH' });
  });
});
