import { describe, expect, it } from 'vitest';
import { MARGIN_RULES } from '../../src/backtest/marginRule.js';
import { parseHistory } from '../../src/formats/history.js';
import { parseMarginRules } from '../../src/formats/marginRules.js';

type Fields = Record<string, unknown>;

const point = (time: number, price = '1.5', more: Fields = {}) => ({ time, price, ...more });
const history = (fields: Fields) =>
  JSON.stringify({
    ...{ format: 'zk-solvency/history', version: 1, name: 'X', unit: 'USD', stepSeconds: 60, made: false, source: 's' },
    ...{ points: [point(0), point(60, '2'), point(120, '2.25')], ...fields },
  });
const refused = (read: () => unknown, code: string, message = /./) =>
  expect(read).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));

describe('a history file', () => {
  it('is read', () =>
    expect(parseHistory(history({}), 'h.json')).toEqual({
      history: {
        name: 'X',
        stepSeconds: 60,
        points: [
          { time: 0, price: 1.5 },
          { time: 60, price: 2 },
          { time: 120, price: 2.25 },
        ],
      },
      unit: 'USD',
      made: false,
      source: 's',
      dates: undefined,
    }));

  it('may give every point a date', () => {
    const points = ['2020-01-03', '2020-01-06'].map((date, index) => point(index * 60, '1', { date }));
    expect(parseHistory(history({ points }), 'h').dates).toEqual(['2020-01-03', '2020-01-06']);
  });

  it.each<[string, Fields, string, RegExp]>([
    ['a gap', { points: [point(0), point(60), point(180)] }, 'INVALID_HISTORY', /gap after time 60/],
    ['times that fall', { points: [point(60), point(0)] }, 'INVALID_HISTORY', /time 0 after time 60/],
    ['a price of zero', { points: [point(0), point(60, '0.0')] }, 'INVALID_HISTORY', /zero at time 60/],
    ['a negative price', { points: [point(0), point(60, '-1')] }, 'INVALID_INPUT', /points\[1\]\.price/],
    ['a price that is a number', { points: [point(0), { time: 60, price: 1 }] }, 'INVALID_INPUT', /points\[1\]\.price/],
    ['a price of 21 digits', { points: [point(0, '123456789012345678901'), point(60)] }, 'INVALID_INPUT', /20 digits/],
    ['one point', { points: [point(0)] }, 'INVALID_HISTORY', /1 points/],
    ['no point', { points: [] }, 'INVALID_HISTORY', /0 points/],
    ['dates on some points', { points: [point(0), point(60, '1', { date: '2020-01-03' })] }, 'INVALID_HISTORY', /date/],
    ['a step of zero', { stepSeconds: 0 }, 'INVALID_INPUT', /stepSeconds/],
    ['no word on where it is from', { made: undefined }, 'INVALID_INPUT', /made/],
    ['an unknown field', { extra: 1 }, 'INVALID_INPUT', /extra/],
  ])('%s is refused', (_, fields, code, message) => refused(() => parseHistory(history(fields), 'h'), code, message));
});

describe('a file of margin rules', () => {
  const file = (rules: unknown) => JSON.stringify({ format: 'zk-solvency/margin-rules', version: 1, rules });

  it('says what the rules known by name are', () => {
    const rules = [
      { name: 'historical-var', kind: 'historical', measure: 'value-at-risk', lambda: null },
      { name: 'historical-es', kind: 'historical', measure: 'expected-shortfall', lambda: null },
      { name: 'filtered-var', kind: 'historical', measure: 'value-at-risk', lambda: '0.94' },
      { name: 'filtered-es', kind: 'historical', measure: 'expected-shortfall', lambda: '0.94' },
      { name: 'parametric', kind: 'parametric', lambda: '0.94' },
      { name: 'dynamic', kind: 'dynamic', lambda: '0.94', buffer: '0.25', floorSteps: 2520 },
      { name: 'flat', kind: 'flat', rate: '0.05' },
    ];
    expect(parseMarginRules(file(rules), 'r')).toEqual(MARGIN_RULES);
  });

  const flat = { name: 'a', kind: 'flat', rate: '0.1' };
  it.each<[string, unknown, string, RegExp]>([
    ['no rule', [], 'INVALID_INPUT', /rule/],
    ['two of one name', [flat, flat], 'DUPLICATE', /rules\[1\]/],
    ['a name that is a path', [{ ...flat, name: '../x' }], 'INVALID_INPUT', /rules\[0\]\.name/],
    ['a decay of one', [{ name: 'a', kind: 'parametric', lambda: '1' }], 'INVALID_INPUT', /lambda/],
    ['a decay of zero', [{ name: 'a', kind: 'parametric', lambda: '0.0' }], 'INVALID_INPUT', /lambda/],
    ['an unknown kind', [{ name: 'a', kind: 'guess' }], 'INVALID_INPUT', /kind/],
    ['a negative rate', [{ ...flat, rate: '-0.1' }], 'INVALID_INPUT', /rate/],
    [
      'a floor of one step',
      [{ name: 'a', kind: 'dynamic', lambda: '0.9', buffer: '0', floorSteps: 1 }],
      'INVALID_INPUT',
      /floorSteps/,
    ],
  ])('%s is refused', (_, rules, code, message) => refused(() => parseMarginRules(file(rules), 'r'), code, message));
});
