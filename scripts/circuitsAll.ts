import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgress } from '../src/cli/output.js';
import { writeFileAtomic } from '../src/files.js';
import { buildArtifacts } from '../src/setup/artifacts.js';
import { CIRCUITS } from '../src/setup/circuits.js';

// `npm run circuits:all` builds every instance with its keys and pins constraint count and r1cs hash in circuits.json;
// with --check it only compares, and fails where an instance drifted. Both fail where one exceeds its budget.
const check = process.argv.includes('--check');
const root = join(import.meta.dirname, '..');
const path = join(root, 'circuits.json');
const list = JSON.parse(await readFile(path, 'utf8')) as {
  circuits: { name: string; r1cs: { constraints: number; sha256: string } }[];
};
for (const circuit of CIRCUITS) {
  const progress = startProgress();
  const manifest = await buildArtifacts(circuit, join(root, 'artifacts'), {
    onProgress: (step, done) => progress.fraction(`${circuit.name}: ${step}`, done),
  }).finally(() => progress.stop());
  const built = { constraints: manifest.constraints, sha256: manifest.files.r1cs.sha256 };
  const drifted = built.sha256 !== circuit.r1cs.sha256 || built.constraints !== circuit.r1cs.constraints;
  const over = built.constraints > circuit.budget;
  console.log(
    `${circuit.name}: ${built.constraints} of ${circuit.budget} constraints, r1cs ${built.sha256}${drifted ? ', drifted' : ''}${over ? ', OVER BUDGET' : ''}`,
  );
  if (over || (drifted && check)) process.exitCode = 1;
  const entry = list.circuits.find(({ name }) => name === circuit.name);
  if (entry !== undefined) entry.r1cs = built;
}
if (!check) await writeFileAtomic(path, `${JSON.stringify(list, null, 2)}\n`);
