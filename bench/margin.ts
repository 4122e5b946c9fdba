import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeFileAtomic } from '../src/files.js';
import { buildArtifacts } from '../src/setup/artifacts.js';
import { CIRCUITS, type CircuitInstance } from '../src/setup/circuits.js';
import { machine } from './machine.js';
import { markdownTable, replaceSection } from './markdown.js';
import type { Measured } from './measure.js';
import { templateTable } from './templates.js';

// `npm run bench` prints what docs/benchmarks.md holds; with --write it puts it there.
const root = resolve(import.meta.dirname, '..');

/** Measures one circuit in a process of its own, so that peak memory is that circuit's. */
async function measure(name: string): Promise<Measured> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'bench/measure.ts'), name], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  if (code !== 0) throw new Error(`measuring ${name} failed`);
  return JSON.parse(output) as Measured;
}

/** Seconds to compile a circuit and make its keys from nothing. They are then kept where the demo and the tests look. */
async function keyed(circuit: CircuitInstance): Promise<number> {
  const fresh = await mkdtemp(join(tmpdir(), 'zk-solvency-bench-'));
  const start = performance.now();
  await buildArtifacts(circuit, fresh);
  const took = (performance.now() - start) / 1000;
  await rm(fresh, { recursive: true });
  await buildArtifacts(circuit, join(root, 'artifacts'));
  return took;
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const rows: string[][] = [];
for (const circuit of CIRCUITS.filter(({ signalKind }) => signalKind === 'margin')) {
  const compileAndKey = await keyed(circuit);
  const measured = await measure(circuit.name);
  const size = async (file: string) => (await stat(join(root, 'artifacts', circuit.name, file))).size;
  rows.push([
    circuit.name,
    `${circuit.capacity.positions} / ${circuit.capacity.assets}`,
    circuit.r1cs.constraints.toLocaleString('en'),
    seconds(compileAndKey),
    mebibytes(await size('circuit.zkey')),
    seconds(measured.cold),
    seconds(measured.warm),
    seconds(measured.warmCpu),
    `${(measured.verify * 1000).toFixed(0)} ms`,
    mebibytes(measured.proverPeak),
    measured.submitGas.toLocaleString('en'),
  ]);
}
const head = [
  'circuit',
  'positions / assets',
  'constraints',
  'compile and make keys',
  'key',
  'prove, cold',
  'prove, warm',
  'prove, CPU',
  'verify',
  'peak memory of the prover',
  'gas of the first submission',
];
const instances = `${machine()}\n\n${markdownTable(head, rows)}`;
const templates = markdownTable(['what', 'constraints'], await templateTable());
console.log(`${instances}\n\n${templates}`);
if (process.argv.includes('--write')) {
  const path = join(root, 'docs/benchmarks.md');
  const document = await readFile(path, 'utf8');
  await writeFileAtomic(path, replaceSection(replaceSection(document, 'instances', instances), 'templates', templates));
}
