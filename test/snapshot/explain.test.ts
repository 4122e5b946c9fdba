import { describe, expect, it } from 'vitest';
import { describeExplanation } from '../../src/cli/describeExplanation.js';
import { serializeSnapshot } from '../../src/formats/snapshot.js';
import { FAMILY } from '../../src/protocol/constants.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { buildSnapshot } from '../../src/snapshot/build.js';
import { explainOnly, explainSnapshot } from '../../src/snapshot/explain/explainSnapshot.js';
import { figureText, figureValue, isQuantity } from '../../src/snapshot/explain/figure.js';
import { roundingReason } from '../../src/snapshot/explain/roundingReason.js';
import { subjectsOf } from '../../src/snapshot/explain/subjects.js';
import type { Snapshot } from '../../src/snapshot/snapshot.js';
import { table as portfolioTable } from '../support/portfolioMarket.js';
import { everyFamily } from './everyFamily.js';
import { parameters, prices } from './example.js';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Every value of a part of a file by its path, as `tiers[0].rate`. */
function flat(value: Json, path = ''): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => flat(item, `${path}[${index}]`));
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([name, item]) => flat(item, path === '' ? name : `${path}.${name}`));
  }
  return [[path, String(value)]];
}

/** What a file says in its own way: none of these is a figure by itself. */
const LISTS = /^(tail\.scenarios|stress|factors\.names)\[\d+\]$/;
const NAMES = new Set(['asset', 'instrument', 'name', 'amountDecimals']);

/** The figures of the file of a snapshot, by the thing that they are of. */
function fileFigures(snapshot: Snapshot): ReadonlyMap<string, readonly (readonly [string, string])[]> {
  const file = JSON.parse(serializeSnapshot(snapshot)) as Record<string, readonly Record<string, Json>[]>;
  const things = (['asset', 'instrument', 'expiry', 'underlying'] as const).flatMap((kind) =>
    (file[kind === 'expiry' ? 'expiries' : `${kind}s`] ?? [])
      .filter((item) => typeof item === 'object')
      .map((item) => [`${kind} ${item[kind] ?? item['name']}`, item] as const),
  );
  return new Map(
    [...things, ['model', file['model'] as unknown as Record<string, Json>] as const].map(([name, item]) => [
      name,
      flat(item).filter(([path]) => !NAMES.has(path) && !LISTS.test(path)),
    ]),
  );
}

/** As the file writes what is no figure there. */
const inFile = (text: string): string => (text === 'no bound' || text === 'none' ? 'null' : text);

describe('what explain says is what the file holds', () => {
  it('knows every family', () => {
    expect(everyFamily.map(({ model }) => model.family)).toEqual(Object.keys(FAMILY));
  });

  it.each(everyFamily.map((snapshot) => [snapshot.model.family, snapshot] as const))(
    'every figure of a %s snapshot, exactly, once, with a meaning',
    (_, snapshot) => {
      const expected = fileFigures(snapshot);
      const subjects = subjectsOf(snapshot);
      expect(new Set(subjects.map(({ kind, name }) => (kind === 'model' ? kind : `${kind} ${name}`)))).toEqual(
        new Set(expected.keys()),
      );
      for (const { kind, name, figures } of subjects) {
        const listed = expected.get(kind === 'model' ? kind : `${kind} ${name}`) ?? [];
        const told = figures
          .filter((figure) => !['tail.scenarios', 'stress', 'factors.names', 'underlyings'].includes(figure.name))
          .map((figure) => [figure.name, inFile(figureValue(figure))]);
        // a part that the file leaves out as null has no figures here
        const present = listed.filter(([path, value]) => value !== 'null' || told.some(([own]) => own === path));
        expect(Object.fromEntries(told)).toEqual(Object.fromEntries(present));
        expect(told).toHaveLength(present.length);
        for (const figure of figures) {
          expect(figure.meaning).not.toContain('undefined');
          expect(figure.meaning.length).toBeGreaterThan(5);
          if (isQuantity(figure)) expect(figure.unit).not.toBe('');
        }
      }
    },
  );

  it('lists of scenarios and factors are told whole', () => {
    const hybrid = subjectsOf(everyFamily.at(-1) as Snapshot)[0];
    const text = (name: string) => figureValue(hybrid?.figures.find((figure) => figure.name === name) as never);
    expect(text('tail.scenarios')).toBe('2025-01-02, 2025-01-03, 2025-01-06');
    expect(text('stress')).toBe('crash, squeeze');
    expect(text('factors.names')).toBe('level, slope');
  });
});

const built = buildRiskTable(buildSnapshot(parameters, prices, 'maintenance'));
const explanation = explainSnapshot(built);
const subject = (symbol: string) => explanation.subjects.find(({ name }) => name === symbol);

describe('a venue’s snapshot in words', () => {
  it('tells each haircut step and each tier as a sentence', () => {
    expect(subject('BTC')?.notes).toEqual([
      'the part of its value up to 1000000 USDT counts 95%, a haircut of 5%',
      'the part of its value above 1000000 up to 5000000 USDT counts 66.6666%, a haircut of 33.3334%',
      'the part of its value above 5000000 USDT counts nothing',
      'a debt counts in full',
    ]);
    expect(subject('USDT')?.notes[0]).toBe('its value of any size counts in full');
    const whole = buildRiskTable({
      ...built.snapshot,
      model: { ...built.snapshot.model, haircuts: 'whole' },
    } as Snapshot);
    const btc = explainSnapshot(whole).subjects.find(({ name }) => name === 'BTC');
    expect(btc?.notes[1]).toBe('a value above 1000000 up to 5000000 USDT counts 66.6666%, a haircut of 33.3334%');
    expect(subject('BTC/USDT:USDT')?.notes).toEqual([
      'a notional up to 50000 USDT requires 0.4% of it',
      'a notional above 50000 up to 250000 USDT requires 0.5% of it less 50 USDT',
      'a notional above 250000 USDT requires 1% of it less 1300 USDT',
    ]);
    expect(subject('ETH/BTC:BTC')?.notes.at(-1)).toContain('no proof of claim maintenance');
  });

  it('says where each row of the table stands, all of them once', () => {
    const places = explanation.subjects.flatMap(({ rows }) => rows.map(({ place }) => place));
    expect([...places].sort((a, b) => a - b)).toEqual(built.rows.map((_, index) => index));
    for (const { rows } of explanation.subjects) {
      for (const row of rows) expect(built.rows[row.place]?.hash).toBe(row.hash);
    }
    const grouped = explainSnapshot(portfolioTable).subjects.flatMap(({ rows }) => rows);
    expect(grouped).toHaveLength(portfolioTable.rows.length);
  });

  it('says of each rounding which way it went and why', () => {
    expect(explanation.roundings.map(({ where, reason }) => [where, reason])).toEqual(
      expect.arrayContaining([
        ['BTC tier 1 factor', 'down: a little less counts'],
        ['ETH/BTC:BTC tier 0 rate', 'up: a little more is required'],
      ]),
    );
    expect(explanation.roundings).toHaveLength(built.snapshot.roundings.length);
  });

  it('names the hashes that the root is made of', () => {
    expect(explanation.hashes.map(({ name, value }) => [name, value])).toEqual([
      ['riskRoot', built.riskRoot],
      ['registryHash', built.opening.registryHash],
      ['modelHash', built.opening.modelHash],
      ['tableRoot', built.opening.tableRoot],
    ]);
  });

  it('prints an overview for people, and every figure as JSON', () => {
    const { json, lines } = describeExplanation(built, explanation, { whole: true });
    const text = lines.join('\n');
    expect(text).toContain(
      'Example Exchange, registry version 3: 3 of kind asset, 1 of kind perpetual, 1 of kind future',
    );
    expect(text).toContain('claim maintenance, 2023-11-14T22:13:20.000Z');
    expect(text).toContain('asset BTC: id 7, asset, amounts with 8 decimals');
    expect(text).toMatch(/instrument BTC\/USDT:USDT, mark 26010.5 USDT per unit, 10 figures, rows \d+ to \d+/);
    expect(text).toContain('the file does not say what its figures were computed from');
    const subjects = json['subjects'] as readonly { readonly name: string; readonly figures: readonly unknown[] }[];
    expect(subjects.find(({ name }) => name === 'BTC/USDT:USDT')?.figures[0]).toEqual({
      name: 'mark',
      value: '26010.5',
      unit: 'USDT per unit',
      meaning: 'what a unit of size is worth, in equity and in the notional',
    });
  });

  it('prints what the figures were computed from', () => {
    const provenance = [{ where: 'BTC price', from: 'the index of the venue at 12:00' }];
    const table = buildRiskTable({ ...built.snapshot, provenance });
    expect(table.riskRoot).toBe(built.riskRoot);
    const told = explainSnapshot(table);
    const lines = (kind: 'asset' | 'instrument', symbol: string) =>
      describeExplanation(table, explainOnly(told, kind, symbol), { whole: false }).lines.join('\n');
    expect(lines('asset', 'BTC')).toContain('from: BTC price: the index of the venue at 12:00');
    expect(lines('asset', 'USDT')).not.toContain('from:');
  });
});

describe('one thing of a snapshot', () => {
  it('is told with its expiry, its rows and its roundings alone', () => {
    const one = explainOnly(explainSnapshot(portfolioTable), 'instrument', 'BTC-NEAR-80-P');
    expect(one.subjects.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'model portfolio',
      'expiry BTC-NEAR',
      'instrument BTC-NEAR-80-P',
    ]);
    const { figures } = one.subjects[2] as (typeof one.subjects)[number];
    expect(figures.filter(isQuantity).map(figureText)).toContain('5.1 USD per unit');
    expect(figures.find(({ name }) => name === 'values[3]')?.meaning).toBe(
      'what a unit is worth in scenario 3 (weight 1.000000003, shock -0.05)',
    );
    const { roundings } = explainOnly(explanation, 'instrument', 'ETH/BTC:BTC');
    expect(roundings.length).toBeGreaterThan(0);
    expect(roundings.every(({ where }) => where.startsWith('ETH/BTC:BTC '))).toBe(true);
  });

  it('is refused when the snapshot has no figures of it', () => {
    // in the registry, with another kind, or nowhere
    for (const [kind, symbol, code] of [
      ['instrument', 'BTC', 'UNKNOWN_INSTRUMENT'],
      ['asset', 'BTC/USDT:USDT', 'UNKNOWN_ASSET'],
      ['asset', 'btc', 'UNKNOWN_ASSET'],
    ] as const) {
      expect(() => explainOnly(explanation, kind, symbol)).toThrow(expect.objectContaining({ code }));
    }
  });
});

describe('why a rounding is not in the prover’s favour', () => {
  it.each([
    ['A tier 0 rate', '1/3', '0.333334', 'up: a little more is required'],
    ['A charge', '0.33333333333333333333...', '0.3333333333333334', 'up: a little more is required'],
    ['A step 0 factor', '0.33333333333333333333...', '0.333333', 'down: a little less counts'],
    // cut off exactly where it was rounded: what was cut says which way
    ['A step 0 factor', '-0.333333...', '-0.333333', 'up: a little more is required'],
    ['A step 0 factor', '0.333333...', '0.333333', 'down: a little less counts'],
    ['A tier 0 cap', '10.00000000000000001', '10', 'down: the better step ends a little earlier'],
    [
      'A mark',
      '1/3',
      '0.33',
      'down to a whole unit: a price helps one side of a position as much as it harms the other',
    ],
    ['A note', 'about three', '3', 'rounded'],
  ])('%s: %s -> %s', (where, exact, used, reason) => {
    expect(roundingReason({ where, exact, used })).toBe(reason);
  });
});
