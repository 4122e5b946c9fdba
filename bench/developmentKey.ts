// Times of making a development key, by rows of the circuit: npx tsx bench/developmentKey.ts [rows...]
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileCircuit } from '../src/setup/compileCircuit.js';
import { writeDevelopmentKey } from '../src/setup/developmentKey.js';
import { machine } from './machine.js';
import { markdownTable } from './markdown.js';

/** A chain of hashes: a circuit of any size whose rows are as full as those of ours. */
const CHAIN = `pragma circom 2.2.2;
include "circomlib/circuits/poseidon.circom";
template Chain(N) {
    signal input first;
    signal input key;
    signal chain[N + 1];
    chain[0] <== first;
    for (var i = 0; i < N; i++) chain[i + 1] <== Poseidon(2)([chain[i], key]);
}
`;
/** Rows of Poseidon(2) at O2. */
const ROWS_PER_HASH = 240;

async function measure(rows: number): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'zk-solvency-bench-'));
  try {
    const file = join(folder, 'chain.circom');
    await writeFile(file, CHAIN);
    const parameters = [Math.ceil(rows / ROWS_PER_HASH)];
    const { r1cs, constraints } = await compileCircuit(
      { file, template: 'Chain', parameters, publicSignals: ['first'] },
      folder,
    );
    const zkey = join(folder, 'chain.zkey');
    const start = performance.now();
    await writeDevelopmentKey(r1cs, zkey);
    const seconds = (performance.now() - start) / 1000;
    const megabytes = (await stat(zkey)).size / 1e6;
    return [constraints.toLocaleString('en'), seconds.toFixed(1), megabytes.toFixed(0)];
  } finally {
    await rm(folder, { recursive: true });
  }
}

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000];
const table: (readonly string[])[] = [];
for (const rows of sizes) table.push(await measure(rows));
console.log(`${machine()}\n\n${markdownTable(['rows', 'key, s', 'key file, MB'], table)}`);
