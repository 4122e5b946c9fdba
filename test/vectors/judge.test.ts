import { describe, expect, it } from 'vitest';
import { parseRational, type Rational } from '../../src/numbers/rational.js';
import type { Figures } from '../../src/vectors/evaluator.js';
import type { Json } from '../../src/vectors/json.js';
import { allowance, judge, readTolerance, showFigure, statedVerdict } from '../../src/vectors/judge.js';

const number = (text: string): Rational => parseRational(text) as Rational;
const passes = (expected: Json, got: Figures, tolerance: string, field = 'x'): boolean =>
  judge({ [field]: expected }, { figures: new Map([[field, got]]) }, tolerance).length === 0;

describe('readTolerance', () => {
  it.each([
    'exact',
    'boolean',
    'exact integer',
    'exact integers (quote quantums, 1e-6 USDC)',
    'exact integer; MM=ceil, other levels floor(MM*factor)',
  ])('reads "%s" as exact', (text) => {
    expect(readTolerance(text)).toEqual({ kind: 'absolute', amount: number('0') });
  });

  it.each([
    ['0.01 (rounded to 2 decimals)', 'absolute', '0.01'],
    ['1e-6 USD (API truncates to 6 decimals)', 'absolute', '0.000001'],
    ['1e-6 relative (pytest.approx)', 'relative', '0.000001'],
    ['source asserts relative 1e-3', 'relative', '0.001'],
    ['relative 1e-6 in source', 'relative', '0.000001'],
    [
      'source asserts |x-y|/|y| <= 1e-8 for every scenario P&L, MM and IM (forge assertApproxEqRel 1e10)',
      'relativeUnlessTiny',
      '0.00000001',
    ],
    ['source asserts |x-y|/|y| <= 1e-8', 'relativeUnlessTiny', '0.00000001'],
    ['source asserts absolute 1e8 wei (1e-10 USD)', 'absolute', '0.0000000001'],
  ])('reads "%s"', (text, kind, amount) => {
    expect(readTolerance(text)).toEqual({ kind, amount: number(amount) });
  });

  it('reads a truncation to whole quote units, within which a verdict may differ by one', () => {
    const tolerance = readTolerance('exact after truncation toward zero to whole USD');
    expect(tolerance).toEqual({ kind: 'truncated' });
    expect(allowance({ kind: 'truncated' }, number('-5'))).toEqual(number('1'));
  });

  it.each([
    '',
    'about right',
    'exact after truncation',
    'exact after rounding toward zero to whole USD',
    'source asserts nothing',
    'source asserts relative',
    'source asserts absolute 1e8',
    'source asserts |x-y| <= 1e-8',
    'source asserts |x-y|/|y| <= 1e-8, at times',
    '0.01 EUR',
    'exact integer; MM=ceil',
    'exact integer; give or take',
    'relative 1e-6',
    'relative 1e-6 in source, at times',
  ])('does not guess at "%s"', (text) => {
    expect(readTolerance(text)).toBeUndefined();
  });
});

describe('judge', () => {
  it('holds an exact figure to the last digit', () => {
    expect(passes('100', number('100'), 'exact')).toBe(true);
    expect(passes('100', number('100.0000000000000000001'), 'exact')).toBe(false);
  });

  it('accepts the edge of an absolute tolerance and nothing beyond', () => {
    expect(passes('10', number('10.01'), '0.01')).toBe(true);
    expect(passes('10', number('9.99'), '0.01')).toBe(true);
    expect(passes('10', number('10.010001'), '0.01')).toBe(false);
  });

  it('takes a relative tolerance of the expected figure, whatever its sign', () => {
    expect(passes('-1000000', number('-1000001'), '1e-6 relative')).toBe(true);
    expect(passes('-1000000', number('-1000001.1'), '1e-6 relative')).toBe(false);
    expect(passes('0', number('0.0000001'), '1e-6 relative')).toBe(false);
  });

  it('truncates toward zero, whatever the sign', () => {
    const tolerance = 'exact after truncation toward zero to whole USD';
    expect(passes('-925', number('-925.99'), tolerance)).toBe(true);
    expect(passes('1', number('1.999'), tolerance)).toBe(true);
    expect(passes('0', number('-0.99'), tolerance)).toBe(true);
    expect(passes('-926', number('-925.99'), tolerance)).toBe(false);
    expect(passes('2', number('1.999'), tolerance)).toBe(false);
    expect(passes('1.999', number('1.999'), tolerance)).toBe(false);
  });

  it('takes an absolute tolerance in quote units, in whatever units the field counts', () => {
    const tolerance = 'source asserts absolute 1e8 wei (1e-10 USD)';
    expect(passes('1000', number('100001000'), tolerance, 'net_MM_1e18')).toBe(true);
    expect(passes('1000', number('100001001'), tolerance, 'net_MM_1e18')).toBe(false);
    expect(passes('5', number('5.0000000001'), tolerance, 'net_MM')).toBe(true);
    expect(passes('5', number('5.0000000002'), tolerance, 'net_MM')).toBe(false);
  });

  it('judges every item of a list and every name of a table', () => {
    const list: Figures = [number('1'), number('2')];
    const table: Figures = { perp: number('1'), collateral: number('2') };
    expect(passes(['1', '2'], list, 'exact')).toBe(true);
    expect(passes({ perp: '1', collateral: '2' }, table, 'exact')).toBe(true);
    expect(passes({ perp: '1' }, table, 'exact')).toBe(true);
    expect(passes([['1', '2']], [list], 'exact')).toBe(true);
    const missesOf = (expected: Json, got: Figures): readonly string[] =>
      judge({ x: expected }, { figures: new Map([['x', got]]) }, 'exact').map(({ field }) => field);
    expect(missesOf(['1', '3'], list)).toEqual(['x[1]']);
    expect(missesOf({ perp: '2', option: '1' }, table)).toEqual(['x.perp', 'x.option']);
    expect(missesOf({ perp: null }, table)).toEqual(['x.perp']);
    expect(missesOf({ toString: '1' }, table)).toEqual(['x.toString']);
    for (const wrong of [['1'], ['1', '2', '3'], [], '1', null, {}]) expect(missesOf(wrong, list)).toEqual(['x']);
    for (const wrong of [{}, ['1', '2'], '1', null]) expect(missesOf(wrong, table)).toEqual(['x']);
    expect(missesOf(['1'], number('1'))).toEqual(['x']);
    expect(missesOf({ num: '1', den: '1' }, number('1'))).toEqual(['x']);
  });

  it('passes over a note, but not when there is nothing else', () => {
    const evaluation = { figures: new Map<string, Figures>([['x', number('1')]]) };
    expect(judge({ x: '1', note: 'prose' }, evaluation, 'exact')).toEqual([]);
    expect(judge({ note: 'prose' }, evaluation, 'exact')).toHaveLength(1);
  });

  it('takes an absolute tolerance near zero only where the source does', () => {
    const tolerance = 'source asserts |x-y|/|y| <= 1e-8';
    expect(passes('0.000000000003637979', number('0'), tolerance)).toBe(true);
    expect(passes('0', number('0.00000001'), tolerance)).toBe(true);
    expect(passes('0', number('0.000000010001'), tolerance)).toBe(false);
    expect(passes('0.0000000002', number('0.00000000020001'), tolerance)).toBe(false);
    expect(passes('100', number('100.000001'), tolerance)).toBe(true);
    expect(passes('100', number('100.0000011'), tolerance)).toBe(false);
    expect(passes('0.000000000003637979', number('0'), '1e-8 relative')).toBe(false);
  });

  it('never takes one kind of figure for another', () => {
    expect(passes(null, null, '0.01')).toBe(true);
    expect(passes(null, number('0'), '0.01')).toBe(false);
    expect(passes('0', null, '0.01')).toBe(false);
    expect(passes(true, true, 'boolean')).toBe(true);
    expect(passes(true, false, 'boolean')).toBe(false);
    expect(passes('true', true, 'boolean')).toBe(false);
    expect(passes('abc', number('0'), '0.01')).toBe(false);
  });

  it('faults a figure that the model does not know, an unreadable tolerance and nothing to compare', () => {
    const figures = new Map<string, Figures>([['x', number('1')]]);
    expect(judge({ y: '1' }, { figures }, 'exact')).toMatchObject([
      { field: 'y', got: 'no such figure in this model' },
    ]);
    expect(judge({ x: '1' }, { figures }, 'nearly')).toMatchObject([{ field: 'x', tolerance: 'unreadable: "nearly"' }]);
    expect(judge({}, { figures }, 'exact')).toHaveLength(1);
  });

  it('passes on a remark about the figure', () => {
    const evaluation = { figures: new Map<string, Figures>(), remarks: new Map([['x', 'why']]) };
    expect(judge({ x: '1' }, evaluation, 'exact')).toMatchObject([{ remark: 'why' }]);
  });
});

describe('statedVerdict', () => {
  it('prefers the flag, then the sign of the net margin, then equity against the stated margin', () => {
    expect(statedVerdict({ maintenance_ok: false, net_MM: '5' }, 'maintenance')).toBe(false);
    expect(statedVerdict({ net_MM_1e18: '-1', equity: '2', maintenance_margin: '1' }, 'maintenance')).toBe(false);
    expect(statedVerdict({ net_IM: '0' }, 'initial')).toBe(true);
    expect(statedVerdict({ equity: '100', initial_margin: '100' }, 'initial')).toBe(true);
    expect(statedVerdict({ equity: '99', initial_margin: '100' }, 'initial')).toBe(false);
  });

  it('reads a flag of the requirement type that the case names', () => {
    const flagged = { ok: false, requirement_type: 'Initial', equity: '2', maintenance_margin: '1' };
    expect(statedVerdict(flagged, 'initial')).toBe(false);
    expect(statedVerdict(flagged, 'maintenance')).toBe(true);
    expect(statedVerdict({ ok: true }, 'initial')).toBeUndefined();
  });

  it('states none without a margin of that claim', () => {
    expect(statedVerdict({ equity: '1', initial_margin: '1' }, 'maintenance')).toBeUndefined();
    expect(statedVerdict({ liquidation_price: '1' }, 'maintenance')).toBeUndefined();
  });
});

describe('showFigure', () => {
  it('shows exact decimals and cuts endless ones', () => {
    expect(showFigure(number('1.25'))).toBe('1.25');
    expect(showFigure(number('-1/3'))).toBe('-0.333333333333333333...');
    expect(showFigure(number('0.1234567890123456789'))).toBe('0.123456789012345678...');
    expect(showFigure(null)).toBe('null');
    expect(showFigure([number('1'), null])).toBe('a list of 2');
    expect(showFigure({ perp: null, option: null })).toBe('a table of perp, option');
  });
});
