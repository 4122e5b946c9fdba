import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rational } from '../../src/numbers/rational.js';
import type { Evaluator } from '../../src/vectors/evaluator.js';
import { EVALUATORS } from '../../src/vectors/evaluators.js';
import { isObject, type Json, type JsonObject, parseLosslessJson } from '../../src/vectors/json.js';
import { loadCases } from '../../src/vectors/loadCases.js';
import { readCases, type VectorCase } from '../../src/vectors/readCases.js';
import { runVectors, type VectorReport } from '../../src/vectors/run.js';
import { binanceEvaluator } from '../../src/venues/binance/evaluator.js';
import { acceptsAll, codeOf, twinVerdict } from './twin.js';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const FILES = ['binance_liquidation.json', 'hyperliquid.json', 'dydx_v4.json'] as const;

const textOf = (file: string): string => readFileSync(join(FIXTURES, file), 'utf8');
const casesOf = (file: string): readonly VectorCase[] => readCases(textOf(file), file) as readonly VectorCase[];
const run = (cases: readonly VectorCase[]): Promise<VectorReport> => runVectors(cases, EVALUATORS);

/** The recording that no model of positions alone reproduces: resting orders hold 36.885535 of it and are not listed. */
const UNEXPLAINED = 'hyperliquid/ccxt_short_sol_long_eth withdrawable';

describe('runVectors', () => {
  it.each([
    ['binance_liquidation.json', 6, 0],
    ['hyperliquid.json', 2, 1],
    ['dydx_v4.json', 39, 0],
  ])('%s: %i pass, %i fail', async (file, passed, failed) => {
    const report = await run(casesOf(file));
    expect(report).toMatchObject({ passed, failed });
    const failures = report.lines.filter((line) => line.startsWith('FAIL'));
    expect(
      failures.every((line) => line.startsWith(`FAIL ${UNEXPLAINED}: expected 11292.922399, got 11329.807934`)),
    ).toBe(true);
    expect(report.lines.some((line) => line.startsWith('skipped'))).toBe(false);
  });

  it('lists models it does not know and judges none of their cases', async () => {
    const [known] = casesOf('dydx_v4.json');
    const other = { ...(known as VectorCase), model: 'toString' };
    expect(await run([other, other])).toEqual({
      passed: 0,
      failed: 0,
      lines: ['skipped model toString: 2 cases (this release has no such model)'],
    });
  });

  it('skips a case that states more than the model reads, with the reason', async () => {
    const [known] = casesOf('dydx_v4.json');
    const vector = { ...(known as VectorCase), fields: { ...known?.fields, insurance: '1' } };
    const report = await run([vector]);
    expect(report).toMatchObject({ passed: 0, failed: 0 });
    expect(report.lines).toEqual(['skipped dydx/nc_01: the case has fields this model does not read: insurance']);
  });

  it('never reads figures that were derived from the case', () => {
    const fields = FILES.flatMap(casesOf).flatMap((vector) => Object.keys(vector.fields));
    expect(new Set(fields)).toEqual(new Set(['collateral', 'positions', 'prices', 'risk_params']));
  });
});

/** Every way to change one expected figure that must not go unnoticed. */
function changes(vector: VectorCase, field: string): readonly Json[] {
  const value = vector.expected[field] as Json;
  if (typeof value === 'boolean') return [!value];
  if (field === 'of') return ['OTHERUSDT'];
  // both figures of a bare comparison are its inputs: a change shows when it moves them across each other
  if (vector.fields['collateral'] === undefined && vector.fields['positions'] === undefined)
    return ['1000000000', '-1000000000', '0'];
  const [whole, fraction = ''] = String(value).split('.');
  const dot = fraction === '' ? '' : `.${fraction}`;
  return [`${BigInt(whole as string) + 1n}${dot}`, `${BigInt(whole as string) - 2n}${dot}`, null, true];
}

describe('a changed expected figure fails the run', () => {
  const figures = FILES.flatMap((file) =>
    casesOf(file).flatMap((vector) =>
      Object.keys(vector.expected).map((field) => ({ vector, field, name: `${vector.id} ${field}` })),
    ),
  );

  it('covers every figure of the three files', () => {
    expect(figures).toHaveLength(
      FILES.flatMap((file) => (parseLosslessJson(textOf(file)) as JsonObject)['cases'] as readonly Json[])
        .map((item) => (isObject(item) && isObject(item['expected']) ? Object.keys(item['expected']).length : 0))
        .reduce((a, b) => a + b, 0),
    );
    expect(figures.length).toBeGreaterThan(70);
  });

  it.each(figures)('$name', async ({ vector, field }) => {
    const isComparison = vector.fields['positions'] === undefined;
    const outcomes = await Promise.all(
      changes(vector, field).map(async (value) => {
        const report = await run([{ ...vector, expected: { ...vector.expected, [field]: value } }]);
        // a question that is changed shows in the answer to it
        const shownAt = field === 'of' ? 'liquidation_price' : isComparison ? '' : field;
        return report.failed === 1 && report.lines.some((line) => line.startsWith(`FAIL ${vector.id} ${shownAt}`));
      }),
    );
    expect(isComparison ? outcomes.some(Boolean) : outcomes.every(Boolean)).toBe(true);
  });

  it('asks for the other position when the question is changed', async () => {
    const vector = casesOf('binance_liquidation.json').find(({ id }) => id === 'binance/cross_eth') as VectorCase;
    const report = await run([{ ...vector, expected: { ...vector.expected, of: 'BTCUSDT' } }]);
    expect(report).toMatchObject({ passed: 0, failed: 1 });
  });

  it('faults an expected field that nobody knows', async () => {
    for (const vector of FILES.flatMap(casesOf)) {
      const report = await run([{ ...vector, expected: { ...vector.expected, unheard_of: '1' } }]);
      expect(report.failed, vector.id).toBe(1);
    }
  });

  it('faults a tolerance that cannot be read', async () => {
    const [vector] = casesOf('dydx_v4.json');
    expect(await run([{ ...(vector as VectorCase), tolerance: 'roughly' }])).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('the circuit step', () => {
  it.each([
    ['binance_liquidation.json', 13, 0],
    ['hyperliquid.json', 6, 0],
    ['dydx_v4.json', 40, 16],
  ])('%s: the twin agrees on what the adapters state', async (file, model, venue) => {
    const report = await runVectors(casesOf(file), EVALUATORS, twinVerdict);
    expect(report.lines.at(-1)).toMatch(
      new RegExp(
        `^circuit: ${venue} verdicts agree with the venue, ${model} with the reference model .* 0 refused within tolerance, 0 wrong`,
      ),
    );
  });

  it('fails a circuit that accepts what the venue refuses', async () => {
    const report = await runVectors(casesOf('dydx_v4.json'), EVALUATORS, acceptsAll);
    expect(report.failed).toBeGreaterThan(5);
    expect(report.lines).toContainEqual(
      expect.stringMatching(/^FAIL dydx\/can_06 circuit initial: expected false, got true/),
    );
  });

  it('fails a circuit that refuses what the venue accepts, equality included', async () => {
    const refusesAll = async () => ({ verdict: false });
    const equal = casesOf('dydx_v4.json').filter(({ id }) => id === 'dydx/can_04');
    expect((await runVectors(equal, EVALUATORS, refusesAll)).failed).toBe(1);
    const solvent = casesOf('hyperliquid.json').filter(({ id }) => id.includes('2023'));
    expect((await runVectors(solvent, EVALUATORS, refusesAll)).failed).toBe(1);
  });

  it('lets a circuit refuse closer to the threshold than the tolerance', async () => {
    const [vector] = casesOf('binance_liquidation.json');
    const close: Evaluator = {
      asks: () => ['of'],
      evaluate: () => ({ figures: new Map([['liquidation_price', rational(111478n, 100n)]]) }),
      statements: (inputs) =>
        binanceEvaluator
          .statements(inputs)
          .map((judged) => ('skipped' in judged ? judged : { ...judged, slack: rational(9n, 1000n) })),
    };
    const report = await runVectors([vector as VectorCase], { [vector?.model ?? '']: close }, async () => ({
      verdict: false,
    }));
    expect(report).toMatchObject({ passed: 1, failed: 0 });
    expect(report.lines.at(-1)).toContain('2 refused within tolerance');
  });

  it('lists what was not proven, with the reason', async () => {
    const report = await runVectors(casesOf('dydx_v4.json'), EVALUATORS, async () => ({ skipped: 'too large' }));
    expect(report.failed).toBe(0);
    expect(report.lines).toContain('not proven: dydx/nc_01 maintenance: too large');
    expect(report.lines).toContain('not proven: dydx/cmp_mm_0: the case holds no account');
  });
});

describe('loadCases', () => {
  const inFolder = async (
    files: Readonly<Record<string, string>>,
    check: (folder: string) => Promise<void>,
  ): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'vectors-'));
    try {
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
      await check(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
  const one = '{"cases": [{"id": "a", "model": "m", "tolerance": "exact", "expected": {"x": "1"}}]}';

  it('reads the files of a folder that hold cases', async () => {
    await inFolder({ 'b.json': one, 'a.json': '{"symbols": {}}', 'c.txt': 'no' }, async (folder) => {
      expect((await loadCases(folder)).map(({ id }) => id)).toEqual(['a']);
    });
    expect(await loadCases(FIXTURES)).toHaveLength(48);
  });

  it('refuses what cannot be read, and never takes no cases for success', async () => {
    await expect(loadCases('/no/such/path')).rejects.toMatchObject({ code: 'UNREADABLE', exitCode: 2 });
    await inFolder({ 'a.json': '{"cases": []}', 'b.json': '[1, 2' }, async (folder) => {
      await expect(loadCases(join(folder, 'a.json'))).rejects.toMatchObject({ code: 'UNREADABLE' });
      await expect(loadCases(join(folder, 'b.json'))).rejects.toMatchObject({ code: 'UNREADABLE' });
      await expect(loadCases(folder)).rejects.toMatchObject({ code: 'UNREADABLE' });
    });
  });

  it.each([
    '[1]',
    '[{"id": "a", "model": "m"}]',
    '[{"id": "a", "model": "m", "expected": {}}]',
    '[{"model": "m", "expected": {"x": "1"}}]',
  ])('refuses the cases %s', (cases) => {
    expect(codeOf(() => readCases(`{"cases": ${cases}}`, 'file'))).toBe('UNREADABLE');
  });
});
