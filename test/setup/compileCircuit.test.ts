import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { circuitSources, circuitsFolder, compileCircuit } from '../../src/setup/compileCircuit.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compile-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function circuit(body: string, includes: readonly string[] = []) {
  const file = join(folder, 'example.circom');
  const lines = includes.map((include) => `include "${include}";`);
  await writeFile(file, ['pragma circom 2.2.2;', ...lines, `template Example(N) { ${body} }`].join('\n'));
  return { file, template: 'Example', parameters: [3], publicSignals: ['a'] };
}

const stages = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('zk-solvency-'));

test('compiles a circuit into its three files and counts the constraints', async () => {
  const out = join(folder, 'new/out');
  const source = await circuit('signal input a; signal input b; signal output c; c <== a * b + N;');
  const compiled = await compileCircuit(source, out);
  expect(compiled).toMatchObject({ constraints: 1, warnings: [], sources: [source.file] });
  expect((await readdir(out)).sort()).toEqual(['circuit.r1cs', 'circuit.sym', 'circuit.wasm', 'warnings.json']);
  expect((await readFile(compiled.r1cs)).subarray(0, 4).toString()).toBe('r1cs');
  expect(await readFile(compiled.sym, 'utf8')).toContain('main.b');
  expect((await readFile(compiled.wasm)).subarray(0, 4).toString()).toBe('\0asm');
});

test('finds includes beside the file, in our circuits and in circomlib', async () => {
  await writeFile(
    join(folder, 'beside.circom'),
    'pragma circom 2.2.2;\ntemplate Beside() { signal input x; x === 1; }\n',
  );
  const source = await circuit(
    'signal input a; Beside()(a); signal h <== Poseidon(1)([a]); h * a === 2; RangedFixed()(a);',
    ['beside.circom', 'circuits/numbers/ranged.circom', 'circomlib/circuits/poseidon.circom'],
  );
  const sources = await circuitSources(source.file);
  expect(sources[0]).toBe(source.file);
  expect(sources).toContain(join(folder, 'beside.circom'));
  expect(sources).toContain(join(circuitsFolder, 'numbers/ranged.circom'));
  expect(sources.some((path) => path.endsWith('circomlib/circuits/poseidon_constants.circom'))).toBe(true);
  // all are found by the compiler: what it complains of is the template that no file has
  await expect(compileCircuit(source, folder)).rejects.toMatchObject({
    code: 'COMPILE_FAILED',
    message: expect.stringContaining('RangedFixed'),
  });
});

test('an include in a comment is none', async () => {
  const { file } = await circuit('signal input a; a * a === N;');
  await writeFile(file, `/*\ninclude "gone.circom";\n*/\n// include "gone.circom";\n${await readFile(file, 'utf8')}`);
  expect(await circuitSources(file)).toEqual([file]);
});

test('a missing include is named', async () => {
  const source = await circuit('signal input a; a * a === 1;', ['gone.circom']);
  await expect(compileCircuit(source, folder)).rejects.toMatchObject({
    code: 'UNREADABLE',
    message: 'The circuit source gone.circom is missing.',
  });
});

test("warnings are those of our templates, not of the library's", async () => {
  const library = 'signal less <== LessThan(8)([a, 4]); less * a === 1;';
  const quiet = await circuit(`signal input a; ${library}`, ['circomlib/circuits/comparators.circom']);
  expect((await compileCircuit(quiet, folder)).warnings).toEqual([]);
  const loud = await circuit(`signal input a; signal free <-- a * a; ${library}`, [
    'circomlib/circuits/comparators.circom',
  ]);
  const { warnings } = await compileCircuit(loud, folder);
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toMatch(/instead of <--.*example\.circom" line 3/);
  expect(warnings[1]).toMatch(/In template "Example\(3\)": Local signal free does not appear in any constraint/);
});

test('a circuit that does not compile gives the words of the compiler and leaves nothing behind', async () => {
  const before = await stages();
  const out = join(folder, 'out');
  await expect(compileCircuit(await circuit('signal input a; b === 1;'), out)).rejects.toMatchObject({
    code: 'COMPILE_FAILED',
    message: expect.stringMatching(/b.*example\.circom/s),
  });
  expect(existsSync(out)).toBe(false);
  expect((await stages()).filter((name) => !before.includes(name))).toEqual([]);
});

test('a compilation is cancelled before it begins and on its way', async () => {
  const source = await circuit('signal input a; a * a === 1;');
  const before = await stages();
  const cancelled = { code: 'CANCELLED' };
  await expect(compileCircuit(source, folder, { signal: AbortSignal.abort() })).rejects.toMatchObject(cancelled);
  const controller = new AbortController();
  const running = compileCircuit(source, folder, { signal: controller.signal });
  setTimeout(() => controller.abort(), 60);
  await expect(running).rejects.toMatchObject(cancelled);
  expect((await stages()).filter((name) => !before.includes(name))).toEqual([]);
});
