import { describe, expect, it } from 'vitest';
import { parseRational, type Rational } from '../../src/numbers/rational.js';
import type { Figure } from '../../src/vectors/evaluator.js';
import { judge, readTolerance, showFigure, statedVerdict } from '../../src/vectors/judge.js';

const number = (text: string): Rational => parseRational(text) as Rational;
const passes = (expected: string | boolean | null, got: Figure, tolerance: string): boolean =>
  judge({ x: expected }, { figures: new Map([['x', got]]) }, tolerance).length === 0;

describe('readTolerance', () => {
  it.each(['exact', 'boolean', 'exact integer', 'exact integers (quote quantums, 1e-6 USDC)'])(
    'reads "%s" as exact',
    (text) => {
      expect(readTolerance(text)).toEqual({ kind: 'absolute', amount: number('0') });
    },
  );

  it.each([
    ['0.01 (rounded to 2 decimals)', 'absolute', '0.01'],
    ['1e-6 USD (API truncates to 6 decimals)', 'absolute', '0.000001'],
    ['1e-6 relative (pytest.approx)', 'relative', '0.000001'],
  ])('reads "%s"', (text, kind, amount) => {
    expect(readTolerance(text)).toEqual({ kind, amount: number(amount) });
  });

  it.each(['', 'about right', 'exact after truncation toward zero to whole USD', '0.01 EUR'])(
    'does not guess at "%s"',
    (text) => {
      expect(readTolerance(text)).toBeUndefined();
    },
  );
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
    const figures = new Map<string, Figure>([['x', number('1')]]);
    expect(judge({ y: '1' }, { figures }, 'exact')).toMatchObject([
      { field: 'y', got: 'no such figure in this model' },
    ]);
    expect(judge({ x: '1' }, { figures }, 'nearly')).toMatchObject([{ field: 'x', tolerance: 'unreadable: "nearly"' }]);
    expect(judge({}, { figures }, 'exact')).toHaveLength(1);
  });

  it('passes on a remark about the figure', () => {
    const evaluation = { figures: new Map<string, Figure>(), remarks: new Map([['x', 'why']]) };
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

  it('states none without a margin of that claim', () => {
    expect(statedVerdict({ equity: '1', initial_margin: '1' }, 'maintenance')).toBeUndefined();
    expect(statedVerdict({ liquidation_price: '1' }, 'maintenance')).toBeUndefined();
  });
});

describe('showFigure', () => {
  it('shows exact decimals and cuts endless ones', () => {
    expect(showFigure(number('1.25'))).toBe('1.25');
    expect(showFigure(number('-1/3'))).toBe('-0.333333333333333333...');
    expect(showFigure(null)).toBe('null');
  });
});
