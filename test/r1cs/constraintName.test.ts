import { expect, test } from 'vitest';
import { constraintName } from '../../src/r1cs/constraintName.js';
import type { R1cs } from '../../src/r1cs/readR1cs.js';
import { readSymbols } from '../../src/r1cs/symbols.js';

const symbols = readSymbols(
  ['main.total', 'main.limit.in', 'main.limit.bits.out[0]', 'main.limit.bits.out[1]', 'main.hash.out']
    .map((name, index) => `${index + 1},${index + 1},7,${name}`)
    .concat('6,-1,7,main.gone', '7,2,8,main.measuredAmount', '8,2,8,main.a.b', '9,2,8,main.second', '')
    .join('\n'),
);

const combination = (...wires: number[]) => ({ wires: Uint32Array.from(wires), coefficients: wires.map(() => 1n) });
const nameOf = (a: number[], b: number[], c: number[]) => {
  const counts = { wires: 9, outputs: 0, publicInputs: 0, privateInputs: 0 };
  const r1cs: R1cs = { ...counts, constraints: [{ a: combination(...a), b: combination(...b), c: combination(...c) }] };
  return constraintName(r1cs, 0, symbols);
};

test('a wire is known by its outermost name; an eliminated signal has none', () => {
  expect(symbols.nameOf(2)).toBe('main.measuredAmount');
  expect(symbols.wireOf('main.limit.in')).toBe(2);
  expect(symbols.wireOf('main.gone')).toBe(-1);
  expect(symbols.wireOf('main.other')).toBeUndefined();
  expect(symbols.nameOf(8)).toBe('wire 8');
});

test('a constraint stands in the innermost component with half of its signals, which come first', () => {
  expect(nameOf([0, 1, 3, 4], [0], [])).toEqual({
    component: 'main.limit.bits',
    signals: ['main.limit.bits.out[0]', 'main.limit.bits.out[1]', 'main.total'],
  });
  expect(nameOf([3], [3], [3]).component).toBe('main.limit.bits');
  expect(nameOf([1], [5], [3, 2])).toMatchObject({ component: 'main' });
  expect(nameOf([0], [0], [])).toEqual({ component: 'main', signals: [] });
});

test('a constraint that does not exist is refused', () => {
  expect(() =>
    constraintName({ wires: 1, outputs: 0, publicInputs: 0, privateInputs: 0, constraints: [] }, 0, symbols),
  ).toThrow(RangeError);
});
