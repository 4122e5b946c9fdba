// What the circuits' Poseidon is worth against circomlib's components for the same function: npx tsx bench/poseidon.ts [circuit]
import { cp, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { groth16 } from 'snarkjs';
import { prove } from '../src/proof/prove.js';
import { type Prover, proofFromSnarkjs } from '../src/proof/prover.js';
import { buildArtifacts, loadArtifacts } from '../src/setup/artifacts.js';
import { circuitByName } from '../src/setup/circuits.js';
import { circuitsFolder, compileCircuit } from '../src/setup/compileCircuit.js';
import { accountFor } from './accounts.js';
import { machine } from './machine.js';
import { markdownTable } from './markdown.js';

const CIRCOMLIB = `pragma circom 2.2.2;
include "circomlib/circuits/poseidon.circom";
template PoseidonHash(N) {
    signal input capacity;
    signal input in[N];
    signal output out;
    component permutation = PoseidonEx(N, 1);
    permutation.initialState <== capacity;
    permutation.inputs <== in;
    out <== permutation.out[0];
}
`;
/** Proofs of each, of which the middle counts. */
const PROOFS = 5;

const root = resolve(import.meta.dirname, '..');
const circuit = circuitByName(process.argv[2] ?? 'tiered-8');
const account = await accountFor(circuit, root, Math.floor(Date.now() / 1000));

const cpuSeconds = async (run: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

/** In this process, whose processor time can be read. */
const prover: Prover = {
  name: 'snarkjs in this process',
  prove: async (zkey, witness) => proofFromSnarkjs((await groth16.prove(zkey, witness)).proof),
};

/** The figures of the circuit as compiled from a folder of circuits. */
async function measure(circuits: string, folder: string): Promise<readonly number[]> {
  const source = { ...circuit, file: join(circuits, circuit.file) };
  const compiling = await cpuSeconds(() => compileCircuit(source, join(folder, 'compiled')));
  await buildArtifacts(source, folder);
  const megabytes = async (file: string) => (await stat(join(folder, circuit.name, file))).size / 1e6;
  const artifacts = await loadArtifacts(folder, circuit.name);
  const proofs: number[] = [];
  for (let run = 0; run < PROOFS; run++) {
    const request = { thresholdBps: 10_000n, equityFloor: 0n, scope: 1n, context: 1n };
    const input = {
      account: account.holder.account,
      ownerSecret: account.holder.ownerSecret,
      table: account.maintenance,
    };
    proofs.push(await cpuSeconds(() => prove({ ...input, request, artifacts }, { prover })));
  }
  return [
    artifacts.manifest.constraints,
    compiling,
    await megabytes('circuit.r1cs'),
    await megabytes('circuit.wasm'),
    await megabytes('circuit.zkey'),
    median(proofs),
  ];
}

const folder = await mkdtemp(join(tmpdir(), 'zk-solvency-bench-'));
try {
  const theirs = join(folder, 'circuits');
  await cp(circuitsFolder, theirs, { recursive: true });
  await writeFile(join(theirs, 'hash/poseidonHash.circom'), CIRCOMLIB);
  const [other, own] = [
    await measure(theirs, join(folder, 'theirs')),
    await measure(circuitsFolder, join(folder, 'ours')),
  ];
  const head = ['constraints', 'compile, CPU s', 'r1cs, MB', 'calculator, MB', 'key, MB', 'prove with witness, CPU s'];
  const row = (values: readonly number[]) =>
    values.map((value, k) => (k === 0 ? value.toLocaleString('en') : value.toFixed(1)));
  const table = markdownTable(
    [circuit.name, ...head],
    [
      ['circomlib’s components', ...row(other)],
      ['circuits/hash/poseidonHash.circom', ...row(own)],
      ['ratio', ...own.map((value, k) => (value / (other[k] as number)).toFixed(2))],
    ],
  );
  console.log(`${machine()}\n\n${table}`);
} finally {
  await rm(folder, { recursive: true });
  await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
}
