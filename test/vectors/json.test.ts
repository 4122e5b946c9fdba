import { describe, expect, it } from 'vitest';
import { formatRational } from '../../src/numbers/rational.js';
import { parseLosslessJson, readNumber } from '../../src/vectors/json.js';

describe('parseLosslessJson', () => {
  it('keeps a bare number as its own text', () => {
    expect(
      parseLosslessJson('{"a": 0.1000000000000000055, "b": [-3, 1e-6], "c": 340282366920938463463374607431}'),
    ).toEqual({
      a: '0.1000000000000000055',
      b: ['-3', '1e-6'],
      c: '340282366920938463463374607431',
    });
  });

  it('leaves digits inside strings, flags and null alone', () => {
    expect(parseLosslessJson('{"1 \\" 2": "x 3", "t": true, "n": null}')).toEqual({ '1 " 2': 'x 3', t: true, n: null });
  });

  it.each(['{"a": 01}', '{"a": 1.}', '{"a": -}', '{"a": .5}', '{"a": 1', '', '{"a": +1}'])('refuses %s', (text) => {
    expect(() => parseLosslessJson(text)).toThrow(SyntaxError);
  });
});

describe('readNumber', () => {
  it.each([
    ['-12.50', '-12.5'],
    ['1e-6', '0.000001'],
    ['2.5E+3', '2500'],
    ['1/6', '1/6'],
  ])('reads %s exactly', (text, exact) => {
    const value = readNumber(text);
    expect(value && formatRational(value)).toBe(exact);
  });

  it.each(['', 'abc', '1e', '1e99999', '1,5', '0x10', 'Infinity'])('reads no number in "%s"', (text) => {
    expect(readNumber(text)).toBeUndefined();
  });
});
