import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { parseSnapshot, serializeSnapshot } from '../../src/formats/snapshot.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { Registry } from '../../src/snapshot/registry.js';
import type { Snapshot } from '../../src/snapshot/snapshot.js';
import { packageOf, registry, snapshot, usd } from '../support/market.js';
import { snapshot as options } from '../support/portfolioMarket.js';
import { runHere } from './command.js';

const HOLDINGS = { collateral: [usd(500n)], positions: [{ instrumentId: 100, size: 300n, cost: 900n * 10n ** 8n }] };
const GROWN: Registry = {
  ...registry,
  version: registry.version + 1,
  entries: [...registry.entries, { id: 5000, symbol: 'NEW', kind: 'asset', amountDecimals: 2 }],
};

let folder: string;
const file = (name: string): string => join(folder, name);
const later: Snapshot = {
  ...snapshot,
  registry: GROWN,
  time: snapshot.time + 60,
  instruments: snapshot.instruments.map((instrument) => ({ ...instrument, price: instrument.price + 1n })),
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zk-solvency-snapshot-'));
  const provenance = [{ where: 'PERP-0 mark', from: 'history of made up closes' }];
  await writeFile(file('before.json'), serializeSnapshot({ ...snapshot, provenance }));
  await writeFile(file('after.json'), serializeSnapshot(later));
  await writeFile(file('options.json'), serializeSnapshot(options));
  await writeFile(file('account.json'), serializeAccountPackage(packageOf(HOLDINGS), registry));
});
afterAll(() => rm(folder, { recursive: true }));

const json = (text: string) => JSON.parse(text) as Record<string, unknown>;
const snapshotWord = (...args: readonly string[]) => runHere(['snapshot', ...args]);
const diff = (...more: readonly string[]) =>
  snapshotWord('diff', '--before', file('before.json'), '--after', file('after.json'), ...more);

describe('provenance in a file', () => {
  it('is kept as it was written, and is no part of the root', async () => {
    const text = await readFile(file('before.json'), 'utf8');
    const read = parseSnapshot(text, 'before');
    expect(read.provenance).toEqual([{ where: 'PERP-0 mark', from: 'history of made up closes' }]);
    expect(serializeSnapshot(read)).toBe(text);
    expect(buildRiskTable(read).riskRoot).toBe(buildRiskTable(snapshot).riskRoot);
    // who says nothing has no such field
    expect(await readFile(file('after.json'), 'utf8')).not.toContain('provenance');
  });

  it('is refused with other fields', async () => {
    const text = (await readFile(file('before.json'), 'utf8')).replace('"from"', '"source"');
    expect(() => parseSnapshot(text, 'before')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

describe('snapshot explain', () => {
  it('tells the whole snapshot, and one instrument of it', async () => {
    const { code, stdout } = await snapshotWord('explain', '--snapshot', file('before.json'));
    expect(code).toBe(0);
    expect(stdout).toContain(`riskRoot ${buildRiskTable(snapshot).riskRoot}\n`);
    expect(stdout).toContain('from: PERP-0 mark: history of made up closes');
    const one = await snapshotWord('explain', '--snapshot', file('before.json'), '--instrument', 'PERP-0');
    expect(one.stdout).toContain('instrument PERP-0: id 100, perpetual');
    expect(one.stdout).toMatch(/tiers\[0\]\.rate = [0-9.]+ of the notional/);
    expect(one.stdout).not.toContain('PERP-1');
  });

  it('prints every figure as JSON', async () => {
    const { stdout } = await snapshotWord('explain', '--snapshot', file('options.json'), '--json');
    const told = json(stdout) as { ok: boolean; subjects: { kind: string; figures: unknown[] }[] };
    expect(told.ok).toBe(true);
    expect(told.subjects.filter(({ kind }) => kind === 'instrument')).toHaveLength(options.instruments.length);
    // mark, expiry, nets, up, down, two charges, and a value a scenario
    expect(told.subjects.at(-1)?.figures).toHaveLength(7 + 14);
  });

  it('refuses two symbols, and one that the snapshot does not have', async () => {
    const both = ['--instrument', 'PERP-0', '--asset', 'USD'];
    expect(await snapshotWord('explain', '--snapshot', file('before.json'), ...both)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('INVALID_INPUT'),
    });
    const none = ['--instrument', 'NOPE'];
    expect(await snapshotWord('explain', '--snapshot', file('before.json'), ...none)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('UNKNOWN_INSTRUMENT'),
    });
  });
});

describe('snapshot diff', () => {
  it('says that equal roots are equal', async () => {
    const same = await snapshotWord('diff', '--before', file('before.json'), '--after', file('before.json'));
    expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining('the roots are equal') });
  });

  it('tells the registry, the time and the marks', async () => {
    const { code, stdout } = await diff();
    expect(code).toBe(0);
    expect(stdout).toContain('60 s later');
    expect(stdout).toContain('registry: asset NEW added under id 5000');
    expect(stdout).toContain('instrument PERP-8: mark 27.5 -> 27.50000001 USD per unit');
  });

  it('tells an account only to who gives one, whichever of the registries it was committed under', async () => {
    const shown = await diff('--account', file('account.json'), '--json');
    const { account } = json(shown.stdout) as { account: { contributions: { symbol: string }[] } };
    expect(account.contributions.map(({ symbol }) => symbol)).toEqual(['USD', 'PERP-0']);
    const people = await diff('--account', file('account.json'));
    expect(people.stdout).toContain('your account, on your screen only:');
    for (const more of [[], ['--json']]) {
      const { stdout } = await diff(...more);
      expect(stdout).not.toMatch(/account|equity|requirement/);
    }
  });

  it('refuses two venues, and an account of a third', async () => {
    const other = await snapshotWord('diff', '--before', file('before.json'), '--after', file('options.json'));
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('MISMATCH') });
    const stranger = await snapshotWord(
      ...['diff', '--before', file('options.json'), '--after', file('options.json')],
      ...['--account', file('account.json')],
    );
    expect(stranger).toMatchObject({ code: 2, stderr: expect.stringContaining('MISMATCH') });
  });
});
