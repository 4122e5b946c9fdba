import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault, lineAndColumn } from '../../src/formats/findJsonFault.js';

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('findJsonFault', () => {
  it('finds nothing in what JSON.stringify writes', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 6, stringUnit: 'binary' }),
        fc.constantFrom(undefined, 2, '\t'),
        (json, indent) => {
          expect(findJsonFault(JSON.stringify(JSON.parse(json), null, indent))).toBeUndefined();
        },
      ),
      { seed: 4, numRuns: 40 },
    );
  });

  it('agrees with JSON.parse on texts with one character changed', () => {
    const text = '{"a":[1,-2.5e+3,true,null,"x\\n\\u00e9"],"b":{"c":[],"d":{}},"e":"\\\\"} ';
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom(...'{}[],:"\\ \n\t0123456789.-+eEtruefalsnx\u0001\u00a0', ''),
        (at, char) => {
          const changed = text.slice(0, at) + char + text.slice(at + 1);
          const fault = findJsonFault(changed);
          if (fault?.reason.includes('twice') !== true) expect(fault === undefined).toBe(parses(changed));
        },
      ),
      { seed: 5, numRuns: 2000 },
    );
  });

  it.each([
    ['', 0, /ends too early/],
    ['{"a":1', 6, /ends too early/],
    ['{"a":1} x', 8, /after the end/],
    ['{"a" 1}', 5, /":"/],
    ['{"a":1 "b":2}', 7, /"," or "}"/],
    ['[1 2]', 3, /"," or "\]"/],
    ['[1,]', 3, /value/],
    ['{a:1}', 1, /double quotes/],
    ['{"a":01}', 6, /"," or "}"/],
    ['["a]', 1, /no end/],
    ['["a\nb"]', 3, /control character/],
    ['["\\x"]', 2, /escape/],
    ['\ufeff{}', 0, /value/],
    ['{"a":1,"b":{"a":2},"a":3}', 19, /twice/],
    ['{"a":1,"\\u0061":3}', 7, /twice/],
    ['{"__proto__":1}', 1, /prototype/],
    ['['.repeat(100_000), 32, /nested/],
  ])('%#: names the place and the reason', (text, offset, reason) => {
    expect(findJsonFault(text)).toEqual({ offset, reason: expect.stringMatching(reason) });
  });

  it('gives lines and columns from 1', () => {
    expect(lineAndColumn('{\n  "a": x', 9)).toEqual({ line: 2, column: 8 });
    expect(lineAndColumn('x', 0)).toEqual({ line: 1, column: 1 });
  });
});
