import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere } from '../cli/command.js';

const EXAMPLE = resolve(import.meta.dirname, '../../examples/history');
const BTC = join(EXAMPLE, 'made-btc.json');
const ETH = join(EXAMPLE, 'made-eth.json');
const RULES = join(EXAMPLE, 'margin-rules.json');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zk-solvency-backtest-'));
});
afterAll(() => rm(folder, { recursive: true }));

const backtest = (...words: readonly string[]) => runHere(['backtest', ...words]);
const out = (name: string) => ['--out', join(folder, name)];

describe('backtest', () => {
  it('writes a report of a hedge under rules of a file and one known by name', async () => {
    const result = await backtest(
      ...['--history', BTC, ETH, '--weights', '1', '-0.5', '--model', RULES, 'historical-es'],
      ...['--confidence', '97.5', '--window', '250', '--horizon', '2', ...out('hedge')],
    );
    expect(result.code, result.stderr).toBe(0);
    const text = await readFile(join(folder, 'hedge/report.md'), 'utf8');
    expect(text).toMatch(/^# Backtest: 100% BTC, -50% ETH$/m);
    expect(text).toMatch(/97\.5% over 2 steps, window 250/);
    expect(text).toMatch(/MADE-UP PRICES/);
    for (const rule of ['flat-10', 'volatility', 'buffered', 'historical-es']) {
      expect(result.stdout).toContain(`| ${rule} |`);
      expect(text).toContain(`(requirement-${rule}.svg)`);
    }
    expect((await readdir(join(folder, 'hedge'))).length).toBe(8);
    expect(result.stderr).toMatch(/volatility: one requirement a step/);
  });

  it('prints JSON', async () => {
    const { stdout } = await backtest('--history', BTC, '--model', 'flat', ...out('json'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, rules: [{ name: 'flat', tested: 499 }] });
  });

  it('never overwrites a folder', async () => {
    const before = await readFile(join(folder, 'json/report.json'), 'utf8');
    const { code, stderr } = await backtest('--history', ETH, '--model', 'flat', ...out('json'));
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^INVALID_INPUT: .*exists already/m)]);
    expect(await readFile(join(folder, 'json/report.json'), 'utf8')).toBe(before);
  });
});

describe('a wrong call ends with 2, a typed error and nothing written', () => {
  it.each<[string, readonly string[], string]>([
    ['no such history', ['--history', 'nowhere.json'], 'UNREADABLE'],
    ['a file that is no history', ['--history', RULES], 'INVALID_INPUT'],
    ['no such rule', ['--history', BTC, '--model', 'nothing'], 'UNREADABLE'],
    ['a rule twice', ['--history', BTC, '--model', 'flat', 'flat'], 'DUPLICATE'],
    ['a file of rules that is none', ['--history', BTC, '--model', BTC], 'INVALID_INPUT'],
    ['a confidence of 100', ['--history', BTC, '--confidence', '100'], 'INVALID_INPUT'],
    ['a confidence of 50', ['--history', BTC, '--confidence', '50'], 'INVALID_INPUT'],
    ['a window of zero', ['--history', BTC, '--window', '0'], 'INVALID_INPUT'],
    ['a window too short', ['--history', BTC, '--window', '99'], 'TOO_FEW_SCENARIOS'],
    ['a window too long', ['--history', BTC, '--window', '990'], 'INVALID_HISTORY'],
    ['a horizon of a half', ['--history', BTC, '--horizon', '0.5'], 'INVALID_INPUT'],
    ['a weight that is none', ['--history', BTC, '--weights', 'half'], 'INVALID_INPUT'],
    ['a weight missing', ['--history', BTC, ETH, '--weights', '1'], 'INVALID_INPUT'],
    ['the same history twice', ['--history', BTC, BTC], 'INVALID_HISTORY'],
    ['no history', [], ''],
  ])('%s', async (_, words, code) => {
    const before = await readdir(folder);
    const result = await backtest(...words, ...out('wrong'), '--json');
    expect(result.code, result.stderr).toBe(2);
    if (code !== '') expect(JSON.parse(result.stdout).error.code).toBe(code);
    expect(await readdir(folder)).toEqual(before);
  });

  it('a gap in the middle of a history', async () => {
    const history = JSON.parse(await readFile(BTC, 'utf8'));
    const [{ time }] = history.points.splice(500, 1);
    const path = join(folder, 'gap.json');
    await writeFile(path, JSON.stringify(history));
    const { code, stderr } = await backtest('--history', path, ...out('gap'));
    expect([code, stderr]).toEqual([2, expect.stringMatching(`INVALID_HISTORY: .*gap after time ${time - 86_400}`)]);
    await rm(path);
  });
});
