import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgress } from '../src/cli/output.js';
import { writeFileAtomic } from '../src/files.js';
import { buildArtifacts } from '../src/setup/artifacts.js';
import { CIRCUITS, type CircuitInstance, circuitByName } from '../src/setup/circuits.js';
import { sourceHash } from '../src/setup/compileCircuit.js';
import { twoAtATime } from './support/twoAtATime.js';

// `npm run circuits:all` builds every instance with its keys and pins constraint count and hashes in circuits.json; with
// names it does so for these. With --check nothing is written: the smallest instance of each family is built and has to
// be what is pinned, and the larger ones have to have the sources that their pinned hash and count were compiled from.
// All fail where an instance exceeds its budget.
const [check, names] = [
  process.argv.includes('--check'),
  process.argv.slice(2).filter((argument) => !argument.startsWith('-')),
];
const root = join(import.meta.dirname, '..');
const path = join(root, 'circuits.json');

type Pinned = CircuitInstance['r1cs'];

async function build(circuit: CircuitInstance): Promise<Pinned> {
  const progress = startProgress();
  const manifest = await buildArtifacts(circuit, join(root, 'artifacts'), {
    onProgress: (step, done) => progress.fraction(`${circuit.name}: ${step}`, done),
  }).finally(() => progress.stop());
  return {
    constraints: manifest.constraints,
    sha256: manifest.files.r1cs.sha256,
    sources: await sourceHash(circuit),
  };
}

/** A larger instance unbuilt: what is pinned, if its sources are those of the pin. */
const unbuilt = async (circuit: CircuitInstance): Promise<Pinned> => ({
  ...circuit.r1cs,
  sources: await sourceHash(circuit),
});

const isSmallest = ({ name, family }: CircuitInstance): boolean =>
  CIRCUITS.find((other) => other.family === family)?.name === name;

const circuits = names.length === 0 ? CIRCUITS : names.map(circuitByName);

async function look(circuit: CircuitInstance): Promise<void> {
  const whole = !check || isSmallest(circuit);
  const found = await (whole ? build : unbuilt)(circuit);
  const drifted = JSON.stringify(found) !== JSON.stringify(circuit.r1cs);
  const over = found.constraints > circuit.budget;
  console.log(
    `${circuit.name}: ${found.constraints} of ${circuit.budget} constraints, ${whole ? `r1cs ${found.sha256}` : 'sources as pinned'}${drifted ? ', DRIFTED' : ''}${over ? ', OVER BUDGET' : ''}`,
  );
  if (over || (drifted && check)) process.exitCode = 1;
  if (!check) await pin(circuit.name, found);
}

// the largest take most of the machine's memory to compile, and pins are written one after another
if (check) await twoAtATime(circuits, look);
else for (const circuit of circuits) await look(circuit);

/** After each instance, so that an interrupted run keeps what it has built. */
async function pin(name: string, r1cs: Pinned): Promise<void> {
  const list = JSON.parse(await readFile(path, 'utf8')) as {
    circuits: { name: string; r1cs: Pinned; batch?: { accounts: number; amortised: number } }[];
  };
  const entry = list.circuits.find((candidate) => candidate.name === name);
  if (entry !== undefined) {
    entry.r1cs = r1cs;
    if (entry.batch !== undefined) entry.batch.amortised = Math.round(r1cs.constraints / entry.batch.accounts);
  }
  await writeFileAtomic(path, `${JSON.stringify(list, null, 2)}\n`);
}
