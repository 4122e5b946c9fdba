import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '../src/files.js';
import { CIRCUITS } from '../src/setup/circuits.js';
import { compileCircuit } from '../src/setup/compileCircuit.js';

// `npm run circuits:all` compiles every instance and pins its constraint count and r1cs hash in circuits.json; with
// --check it only compares, and fails where an instance drifted or exceeds its budget.
const check = process.argv.includes('--check');
const path = 'circuits.json';
const list = JSON.parse(await readFile(path, 'utf8')) as {
  circuits: { name: string; r1cs: { constraints: number; sha256: string } }[];
};
for (const circuit of CIRCUITS) {
  const folder = await mkdtemp(join(tmpdir(), 'zk-solvency-all-'));
  const { r1cs, constraints } = await compileCircuit(circuit, folder);
  const sha256 = createHash('sha256')
    .update(await readFile(r1cs))
    .digest('hex');
  await rm(folder, { recursive: true });
  const drifted = sha256 !== circuit.r1cs.sha256 || constraints !== circuit.r1cs.constraints;
  const over = constraints > circuit.budget;
  console.log(
    `${circuit.name}: ${constraints} of ${circuit.budget} constraints, r1cs ${sha256}${drifted ? ', drifted' : ''}${over ? ', OVER BUDGET' : ''}`,
  );
  if (over || (drifted && check)) process.exitCode = 1;
  const entry = list.circuits.find(({ name }) => name === circuit.name);
  if (entry !== undefined) entry.r1cs = { constraints, sha256 };
}
if (!check) await writeFileAtomic(path, `${JSON.stringify(list, null, 2)}\n`);
