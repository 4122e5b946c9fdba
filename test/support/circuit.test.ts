import { beforeAll, describe, expect, test } from 'vitest';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { compileTextForTest, expectAccepted, expectRejected, type TestCircuit } from './circuit.js';
import { editEveryWire } from './everyWire.js';
import { freeDirections } from './jacobian.js';

const PRAGMA = 'pragma circom 2.2.2;';

describe('a sound circuit', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileTextForTest(
      `${PRAGMA}
      include "circomlib/circuits/bitify.circom";
      template Square() { signal input x; signal output y; y <== x * x; component bits = Num2Bits(16); bits.in <== y; }
      template Test() {
        signal input factor[2];
        signal input sum;
        signal output product;
        signal output square;
        product <== factor[0] * factor[1];
        factor[0] + factor[1] === sum;
        component inner = Square();
        inner.x <== factor[0];
        square <== inner.y;
      }`,
      ['sum'],
    );
  });
  const honest = { factor: [3n, 5n], sum: 8n };

  test('accepts an honest witness, and its signals can be read', async () => {
    const witness = await circuit.witness(honest);
    expectAccepted(circuit, witness);
    expect(circuit.outputs(witness)).toEqual({ 'main.product': 15n, 'main.square': 9n });
    expect(circuit.get(witness, 'main.factor[0]')).toBe(3n);
    expect(() => expectRejected(circuit, witness)).toThrow('accepts a witness that it should refuse');
  });

  test('refuses an edited one, and the constraint is named', async () => {
    const witness = await circuit.witness(honest);
    const edited = circuit.edit(witness, { 'main.product': (value) => value + 1n });
    expectRejected(circuit, edited, /main \(.*main\.product/);
    expect(() => expectAccepted(circuit, edited)).toThrow('main.product');
    expect(() => expectRejected(circuit, edited, /main\.inner/)).toThrow('refuses the witness elsewhere');
    expectRejected(circuit, circuit.edit(witness, { 'main.inner.bits.out[2]': 1n }), /main\.inner\.bits/);
    expect(circuit.get(witness, 'main.product'), 'the original is left alone').toBe(15n);
  });

  test('gives a witness of a false statement, which the constraints refuse', async () => {
    const wrongSum = await circuit.witness({ ...honest, sum: 9n });
    expect(wrongSum).toHaveLength(circuit.r1cs.wires);
    expectRejected(circuit, wrongSum, /main\.sum/);
    expectRejected(circuit, await circuit.witness({ factor: [256n, 1n], sum: 257n }), /main\.inner\.bits/);
    expectAccepted(circuit, await circuit.witness({ factor: [255n, 1n], sum: 256n }));
  });

  test('computes several witnesses at once, a failing one among them', async () => {
    const inputs = [honest, { factor: [7n, 1n], sum: 8n }, { factor: [] }, { factor: [2n, 2n], sum: 4n }];
    const results = await Promise.allSettled(inputs.map((input) => circuit.witness(input)));
    const products = results.map(
      (result) => result.status === 'fulfilled' && circuit.get(result.value, 'main.product'),
    );
    expect(products).toEqual([15n, 7n, false, 4n]);
  });

  test('takes values modulo r', async () => {
    const witness = await circuit.witness({ factor: [-3n, 5n], sum: 2n });
    expect(circuit.get(witness, 'main.product')).toBe(FIELD_ORDER - 15n);
    expect(circuit.edit(witness, { 'main.product': -15n })).toEqual(witness);
  });

  test('an unknown signal, an eliminated one and a wrong input are refused', async () => {
    const witness = await circuit.witness(honest);
    expect(() => circuit.edit(witness, { 'main.gone': 1n })).toThrow('there is no signal main.gone');
    const eliminated = 'main.factor[1]';
    expect(circuit.symbols.wireOf(eliminated)).toBe(-1);
    expect(() => circuit.get(witness, eliminated)).toThrow(`the compiler eliminated ${eliminated}`);
    await expect(circuit.witness({ factor: [3n, 5n] })).rejects.toThrow('Not all inputs');
    await expect(circuit.witness({ ...honest, other: 1n })).rejects.toThrow('input signal other');
    expect(() => expectAccepted(circuit, witness.slice(1))).toThrow(RangeError);
    expect(() => expectAccepted(circuit, [2n, ...witness.slice(1)])).toThrow('wire 0 is the constant 1');
  });

  test('leaves no wire and no direction free', async () => {
    const witness = await circuit.witness(honest);
    expect(editEveryWire(circuit, witness)).toEqual([]);
    expect(freeDirections(circuit, witness)).toEqual([]);
  });
});

describe('an under-constrained circuit', () => {
  test('a hint without a constraint is free', async () => {
    const circuit = await compileTextForTest(
      `${PRAGMA} template Test() { signal input x; signal hint; signal output y; hint <-- x + 1; y <== hint * x; }`,
    );
    const zero = await circuit.witness({ x: 0n });
    expect(editEveryWire(circuit, zero)).toEqual([{ signal: 'main.hint', value: 'any' }]);
    expect(freeDirections(circuit, zero)).toEqual([['main.hint']]);
    // otherwise the output moves along with the hint: no single wire can be changed, but both together
    const two = await circuit.witness({ x: 2n });
    expect(editEveryWire(circuit, two)).toEqual([]);
    const [direction, ...others] = freeDirections(circuit, two);
    expect(others).toEqual([]);
    expect([...(direction ?? [])].sort()).toEqual(['main.hint', 'main.y']);
    expectAccepted(circuit, circuit.edit(two, { 'main.hint': 4n, 'main.y': 8n }));
  });

  test('the other root of a square is found', async () => {
    const circuit = await compileTextForTest(
      `${PRAGMA} template Test() { signal input x; signal output root; root <-- x * x; root * root === 16; }`,
    );
    const witness = await circuit.witness({ x: 2n });
    expectAccepted(circuit, witness);
    expect(editEveryWire(circuit, witness)).toContainEqual({ signal: 'main.root', value: FIELD_ORDER - 4n });
    expect(freeDirections(circuit, witness)).toEqual([]);
  });

  test('what only the calculator asserts is accepted', async () => {
    const circuit = await compileTextForTest(
      `${PRAGMA} template Test() { signal input x; signal output y; assert(x < 10); y <== x * x; }`,
    );
    expectAccepted(circuit, await circuit.witness({ x: 11n }));
  });
});
