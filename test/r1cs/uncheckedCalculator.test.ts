import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WitnessCalculatorBuilder } from 'circom_runtime';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { withoutChecks } from '../../src/r1cs/uncheckedCalculator.js';
import { compileCircuit } from '../../src/setup/compileCircuit.js';

let folder: string;
let wasm: Uint8Array;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unchecked-test-'));
  const file = join(folder, 'test.circom');
  await writeFile(
    file,
    `pragma circom 2.2.2;
    function half(n) { assert(n != 6); return n \\ 2; }
    template Small() { signal input in; signal output out; assert(in < 10); in * (in - 2) * 1 === 0; out <== in * in; }
    template Test() {
      signal input a; signal output b; signal output c;
      b <== Small()(a);
      a === 2;
      c <-- half(a);
    }`,
  );
  const source = { file, template: 'Test', parameters: [], publicSignals: [] };
  wasm = await readFile((await compileCircuit(source, folder)).wasm);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('carries on past failed checks in templates, inner templates and functions', async () => {
  const silent = vi.spyOn(console, 'error').mockReturnValue();
  const checked = await WitnessCalculatorBuilder(wasm);
  await expect(checked.calculateWitness({ a: 6n }, false)).rejects.toThrow('Assert Failed');
  silent.mockRestore();
  const unchecked = await WitnessCalculatorBuilder(withoutChecks(wasm));
  for (const a of [6n, 12n]) {
    expect(await unchecked.calculateWitness({ a }, false)).toEqual([1n, a * a, a / 2n]);
  }
});

test('computes what the checked one computes, and leaves it alone', async () => {
  const before = Uint8Array.from(wasm);
  const unchecked = withoutChecks(wasm);
  expect(Uint8Array.from(wasm)).toEqual(before);
  expect(unchecked).not.toEqual(before);
  const results = [wasm, unchecked].map(async (code) =>
    (await WitnessCalculatorBuilder(code)).calculateWitness({ a: 2n }, false),
  );
  expect(await results[1]).toEqual(await results[0]);
});

test('code that is laid out otherwise is refused', () => {
  const refused = expect.objectContaining({ code: 'INTERNAL' });
  expect(() => withoutChecks(new Uint8Array())).toThrow(refused);
  expect(() => withoutChecks(Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0]))).toThrow(refused);
  const renamed = Buffer.from(
    Buffer.from(wasm).toString('latin1').replace('printErrorMessage', 'other'.padEnd(17)),
    'latin1',
  );
  expect(() => withoutChecks(renamed)).toThrow(refused);
});
