import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSnapshot, serializeSnapshot } from '../../src/formats/snapshot.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { runHere } from './command.js';

const ROOT = resolve(import.meta.dirname, '../..');
const EXAMPLE = 'examples/engine';
const HISTORIES = ['btc', 'eth', 'btc-volatility', 'eth-volatility'].map((name) => `${EXAMPLE}/history-${name}.json`);
const MARKET = `${EXAMPLE}/market.json`;

let folder: string;
const file = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zk-solvency-engine-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** family, market file and root of every line */
const roots = async (): Promise<readonly (readonly string[])[]> =>
  (await readFile(join(ROOT, EXAMPLE, 'roots.txt'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(/ +/));

const build = (model: string, market: string, out: string, histories: readonly string[] = HISTORIES) => [
  ...['snapshot', 'build', '--model', model, '--market', market],
  ...(histories.length === 0 ? [] : ['--history', ...histories]),
  ...['--out', out],
];

describe('snapshot build --model', () => {
  it('gives the published root of every family, and says what each figure came from', async () => {
    const published = await roots();
    expect(published.map(([family]) => family)).toEqual([
      'tiered',
      'portfolio',
      'greeks',
      'parametric',
      'tail',
      'hybrid',
    ]);
    for (const [family, market, root] of published) {
      const out = file(`${family}.json`);
      const args = build(`${EXAMPLE}/model-${family}.json`, `${EXAMPLE}/${market}`, out);
      const { code, stdout, stderr } = await runHere([...args, '--json']);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, riskRoot: root, claim: 'maintenance' });
      expect(stderr).toContain('hashing the table');
      const text = await readFile(out, 'utf8');
      const snapshot = parseSnapshot(text, out);
      // what a file holds is the whole snapshot
      expect(serializeSnapshot(snapshot)).toBe(text);
      expect(buildRiskTable(snapshot).riskRoot.toString()).toBe(root);
      expect(snapshot.provenance?.length).toBeGreaterThan(0);
      expect(snapshot.roundings.length).toBeGreaterThan(0);
    }
    const tail = parseSnapshot(await readFile(file('tail.json'), 'utf8'), 'tail');
    expect(tail.provenance).toContainEqual({
      where: 'history BTC',
      from: '400 prices, one every 86400 s, 2025-04-28T00:00:00Z to 2026-06-01T00:00:00Z',
    });
    expect(tail.provenance).toContainEqual({
      where: 'scenarios',
      from: expect.stringContaining('190 Monte Carlo draws, seed example'),
    });
  });

  it('gives the same bytes in two processes, in whatever order histories are given', async () => {
    const inProcess = (out: string, histories: readonly string[]) =>
      promisify(execFile)(
        process.execPath,
        ['--import', 'tsx', 'src/cli/main.ts', ...build(`${EXAMPLE}/model-hybrid.json`, MARKET, out, histories)],
        { cwd: ROOT },
      );
    await inProcess(file('one.json'), HISTORIES);
    await inProcess(file('other.json'), [...HISTORIES].reverse());
    const one = await readFile(file('one.json'), 'utf8');
    expect(await readFile(file('other.json'), 'utf8')).toBe(one);
    expect(parseSnapshot(one, 'one').model.family).toBe('hybrid');
  });

  it('still takes parameters with prices, for maintenance unless told', async () => {
    const venue = [
      '--parameters',
      'examples/hyperliquid/parameters.json',
      '--prices',
      'examples/hyperliquid/prices.json',
    ];
    for (const [claim, name] of [
      [[], 'maintenance'],
      [['--claim', 'initial'], 'initial'],
    ] as const) {
      const out = file(`${name}.json`);
      expect((await runHere(['snapshot', 'build', ...venue, ...claim, '--out', out])).code).toBe(0);
      expect(await readFile(out, 'utf8')).toBe(
        await readFile(join(ROOT, `examples/hyperliquid/snapshot-${name}.json`), 'utf8'),
      );
    }
  });
});

describe('what cannot be made is refused with exit code 2, and nothing is written', () => {
  const changed = async (name: string, change: (fields: Record<string, unknown>) => unknown): Promise<string> => {
    const path = file(`changed-${name}`);
    await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(join(ROOT, EXAMPLE, name), 'utf8')))));
    return path;
  };
  const expectRefused = async (args: readonly string[], code: string, message: RegExp): Promise<void> => {
    const before = (await readdir(folder)).sort();
    const outcome = await runHere([...args, '--json']);
    expect(outcome.code).toBe(2);
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      ok: false,
      error: { code, message: expect.stringMatching(message) },
    });
    expect((await readdir(folder)).sort()).toEqual(before);
  };
  const out = (): string => file('refused.json');
  const tail = `${EXAMPLE}/model-tail.json`;

  it('an expired option: its symbol, its expiry and the time of the market', async () => {
    const market = await changed('market.json', (fields) => ({ ...fields, time: 1_782_460_800 }));
    await expectRefused(
      build(tail, market, out()),
      'EXPIRED_OPTION',
      /^BTC-26JUN26-95000-C expired at 1782460800 \(2026-06-26T08:00:00Z\), and the market data are of 1782460800/,
    );
  });

  it('a gap in a history', async () => {
    const history = await changed('history-btc.json', ({ points, ...fields }) => ({
      ...fields,
      points: (points as unknown[]).filter((_, index) => index !== 100),
    }));
    await expectRefused(build(tail, MARKET, out(), [history]), 'INVALID_HISTORY', /BTC has a gap after time/);
  });

  it('a correlation that cannot be, and a negative volatility', async () => {
    const monteCarlo = (volatilities: readonly string[], correlation: readonly (readonly string[])[]) =>
      changed('model-tail.json', (fields) => ({
        ...fields,
        scenarios: [{ monteCarlo: { count: 60, seed: 's', covariance: { given: { volatilities, correlation } } } }],
      }));
    const impossible = await monteCarlo(
      ['0.5', '0.5'],
      [
        ['1', '1.2'],
        ['1.2', '1'],
      ],
    );
    await expectRefused(build(impossible, MARKET, out()), 'INVALID_CORRELATION', /not between -1 and 1/);
    const negative = await monteCarlo(
      ['0.5', '-0.5'],
      [
        ['1', '0'],
        ['0', '1'],
      ],
    );
    await expectRefused(build(negative, MARKET, out()), 'INVALID_VOLATILITY', /volatility of ETH is negative/);
  });

  it('too few scenarios for the level', async () => {
    const model = await changed('model-tail.json', (fields) => ({ ...fields, confidence: '0.9975' }));
    await expectRefused(build(model, MARKET, out()), 'TOO_FEW_SCENARIOS', /needs at least 400 scenarios.* are 250/);
  });

  it('a market of an underlying that is not listed, and a history that is not given', async () => {
    const market = await changed('market.json', ({ underlyings, ...fields }) => ({
      ...fields,
      underlyings: (underlyings as unknown[]).slice(0, 1),
    }));
    await expectRefused(build(tail, market, out()), 'INVALID_INPUT', /ETH-PERP has the underlying ETH, which is not/);
    await expectRefused(build(tail, MARKET, out(), []), 'INVALID_INPUT', /history BTC of the price .* BTC is needed/);
  });

  it('options of both kinds at once, or half of either', async () => {
    await expectRefused([...build(tail, MARKET, out()), '--claim', 'initial'], 'INVALID_INPUT', /either --model/);
    await expectRefused(['snapshot', 'build', '--model', tail, '--out', out()], 'INVALID_INPUT', /either --model/);
    await expectRefused(['snapshot', 'build', '--out', out()], 'INVALID_INPUT', /either --model/);
  });
});
