import { beforeAll, describe, expect, test } from 'vitest';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { FREE_IN_TEMPLATES, freeWires, neverFree, unexplained } from './allowedFreeWires.js';
import { compileForTest, compileTextForTest, expectAccepted, expectRejected, type TestCircuit } from './circuit.js';
import { editEveryWire, tryWires } from './everyWire.js';
import { freeDirections } from './jacobian.js';
import { compileChanged } from './liar.js';

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

  test('every tool finds it, and no list of allowed wires hides it', async () => {
    const circuit = await compileTextForTest(
      `${PRAGMA} template Test() { signal input x; signal hint; signal output y; hint <-- x + 1; y <== hint * x; }`,
    );
    const hint = circuit.symbols.wireOf('main.hint') as number;
    const [zero, two] = [await circuit.witness({ x: 0n }), await circuit.witness({ x: 2n })];
    expect(tryWires(circuit, zero, [hint], (old) => [old, old + 1n, 0n])).toEqual([
      { signal: 'main.hint', value: 2n },
      { signal: 'main.hint', value: 0n },
    ]);
    expect(tryWires(circuit, two, [hint], (old) => [old + 1n, 0n, -1n])).toEqual([]);
    const found = freeWires(circuit, zero);
    expect(found).toEqual([{ signal: 'main.hint', freedom: 'any' }]);
    expect(unexplained(found, FREE_IN_TEMPLATES)).toEqual(found);
    expect(() => freeWires(circuit, two)).toThrow(/free together: .*main\.hint/);
    expect(neverFree(found, FREE_IN_TEMPLATES)).toEqual(FREE_IN_TEMPLATES.map(({ why }) => why));
    expect(neverFree(found, [{ signal: /hint/, freedom: 'any', why: 'a test' }])).toEqual([]);
  });

  test('what is free to first order only is told from what is free', async () => {
    const circuit = await compileTextForTest(
      `${PRAGMA} template Test() { signal input x; signal root; signal output y; root <-- 0; root * root === 0; y <== x * x; }`,
      ['x'],
    );
    const witness = await circuit.witness({ x: 3n });
    expect(editEveryWire(circuit, witness)).toEqual([]);
    expect(freeWires(circuit, witness)).toEqual([{ signal: 'main.root', freedom: 'first order' }]);
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

describe('a circuit without one of its checks', () => {
  const source = {
    file: 'numbers/membership.circom',
    template: 'Membership',
    parameters: [2],
    publicSignals: ['belongs', 'name', 'id'],
  };
  const inputs = { belongs: 1n, name: 7n, id: [5n, 7n] };
  const WRONG_SLOT = [source.file, 'belongs == 1 && name == id[j] ? 1 : 0', 'j == 0 ? 1 : 0'] as const;
  const NO_CHECK = [source.file, 'in[j] * (name - id[j]) === 0;', ''] as const;

  test('accepts a false statement, whose wires the original refuses', async () => {
    const circuit = await compileForTest(source);
    const changed = await compileChanged(circuit, source, [WRONG_SLOT, NO_CHECK]);
    const witness = await changed.witness(inputs);
    expectAccepted(changed, witness);
    const transplanted = changed.transplant(witness);
    expect(circuit.get(transplanted, 'main.in[0]')).toBe(1n);
    expectRejected(circuit, transplanted, /main\.name/);
    expectAccepted(circuit, await circuit.witness(inputs));
    // with the check, the changed circuit refuses it as well
    const liar = await compileChanged(circuit, source, [WRONG_SLOT]);
    expectRejected(liar, await liar.witness(inputs));
  });

  test('may lack wires of the original, which are then taken from another witness', async () => {
    const ranged = { file: 'numbers/ranged.circom', template: 'Ranged', parameters: [4], publicSignals: ['in'] };
    const circuit = await compileForTest(ranged);
    const changed = await compileChanged(circuit, ranged, [
      [ranged.file, 'component bits = Num2Bits(BITS);', 'signal square <== in * in;'],
      [ranged.file, 'bits.in <== in;', ''],
    ]);
    const witness = await changed.witness({ in: 16n });
    expectAccepted(changed, witness);
    expect(() => changed.transplant(witness)).toThrow('give a witness of the rest');
    expectRejected(circuit, changed.transplant(witness, await circuit.witness({ in: 15n })), /main\.bits/);
  });

  test('is not made of a text that does not stand there once', async () => {
    const circuit = await compileForTest(source);
    await expect(compileChanged(circuit, source, [[source.file, 'gone', '']])).rejects.toThrow('exactly once: gone');
    await expect(compileChanged(circuit, source, [[source.file, 'in[j]', '']])).rejects.toThrow('exactly once');
  });
});
