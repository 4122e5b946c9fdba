import { expect, test } from 'vitest';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { brokenConstraints, constraintHolds } from '../../src/r1cs/evaluateR1cs.js';
import { readR1cs, readR1csHeader } from '../../src/r1cs/readR1cs.js';

type Terms = readonly (readonly [wire: number, coefficient: bigint])[];

const number = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
const long = (value: number): number[] => [...number(value), 0, 0, 0, 0];
const field = (value: bigint): number[] =>
  Array.from({ length: 32 }, (_, k) => Number((value >> BigInt(8 * k)) & 0xffn));
const section = (type: number, bytes: number[]): number[] => [...number(type), ...long(bytes.length), ...bytes];

/** Two constraints over the wires 1, y, x, z: x x = z, and z (-1) = 5 - y. The sections come in the compiler's order. */
function example(prime = FIELD_ORDER): Uint8Array {
  const combination = (terms: Terms) => [
    ...number(terms.length),
    ...terms.flatMap(([wire, coefficient]) => [...number(wire), ...field(coefficient)]),
  ];
  const constraints: readonly Terms[] = [
    [[2, 1n]],
    [[2, 1n]],
    [[3, 1n]],
    [[3, 1n]],
    [[0, FIELD_ORDER - 1n]],
    [
      [0, 5n],
      [1, FIELD_ORDER - 1n],
    ],
  ];
  const header = [...number(32), ...field(prime), ...[4, 1, 0, 1].flatMap(number), ...long(9), ...number(2)];
  return Uint8Array.from([
    ...Buffer.from('r1cs'),
    ...number(1),
    ...number(3),
    ...section(2, constraints.flatMap(combination)),
    ...section(1, header),
    ...section(3, [0, 1, 2, 3].flatMap(long)),
  ]);
}

test('reads the counts and the constraints', () => {
  const header = { wires: 4, outputs: 1, publicInputs: 0, privateInputs: 1 };
  expect(readR1csHeader(example())).toEqual({ ...header, constraints: 2 });
  const r1cs = readR1cs(example());
  expect(r1cs).toMatchObject(header);
  expect(r1cs.constraints).toHaveLength(2);
  expect(r1cs.constraints[1]?.c).toEqual({ wires: Uint32Array.of(0, 1), coefficients: [5n, -1n] });
});

test('evaluates them', () => {
  const r1cs = readR1cs(example());
  expect(brokenConstraints(r1cs, [1n, 14n, 3n, 9n])).toEqual([]);
  expect(brokenConstraints(r1cs, [1n, 14n, FIELD_ORDER - 3n, 9n])).toEqual([]);
  expect(brokenConstraints(r1cs, [1n, 14n, 3n, 10n])).toEqual([0]);
  expect(brokenConstraints(r1cs, [1n, 14n, 3n, 10n], 9)).toEqual([0, 1]);
  expect(constraintHolds(r1cs, 1, [1n, 14n, 8n, 9n])).toBe(true);
  expect(() => constraintHolds(r1cs, 2, [1n, 14n, 3n, 9n])).toThrow(RangeError);
});

test('reads a file that stands inside a larger buffer', () => {
  const larger = new Uint8Array(example().length + 7);
  larger.set(example(), 7);
  expect(readR1cs(larger.subarray(7))).toEqual(readR1cs(example()));
});

test.each([
  ['of another kind', Uint8Array.from([...Buffer.from('wtns'), ...example().slice(4)]), 'its first bytes'],
  ['that is empty', new Uint8Array(), 'its first bytes'],
  ['that is cut short', example().subarray(0, 200), 'cut short'],
  ['over another field', example(FIELD_ORDER + 2n), 'not over the scalar field'],
])('a file %s is refused', (_, file, why) => {
  const error = expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(why) });
  expect(() => readR1csHeader(file)).toThrow(error);
  expect(() => readR1cs(file)).toThrow(error);
});
