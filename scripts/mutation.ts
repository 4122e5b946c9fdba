import { type Noticed, noticed } from './mutation/judge.js';
import type { Mutant } from './mutation/mutants.js';
import { allMutants, type Entry, faultsOf, readRecord, textHash, writeRecord } from './mutation/record.js';
import { EXPLAINED } from './mutation/survivors.js';
import { testsOf } from './mutation/testsOf.js';
import { judgeTogether } from './mutation/together.js';
import { openWorkspace, type Workspace } from './mutation/workspace.js';

// npm run test:mutation                 removes each check of the circuits in turn and runs the tests of circuits, for
//                                       those mutants that the record does not know or knows as survivors
// npm run test:mutation -- --all        for every mutant
// npm run test:mutation -- <part> ...   only mutants whose name (file: check) holds one of these parts
// npm run test:mutation -- --check      runs nothing: whether the record is of these circuits and has no survivor unexplained
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
const parts = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const mutants = await allMutants();
const record: Record<string, Entry> = { ...(await readRecord()) };
const chosen = flags.includes('--check') ? [] : mutants.filter(isChosen);

const workspaces = chosen.length === 0 ? [] : [await openWorkspace('first'), await openWorkspace('second')];
const found = workspaces[0] === undefined ? new Map<Mutant, Noticed>() : await judgeTogether(workspaces[0], chosen);
for (const [mutant, by] of found) await keep(mutant, by);
const waiting = chosen.filter((mutant) => !found.has(mutant));
await Promise.all(
  workspaces.map(async (workspace) => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) await run(workspace, mutant);
  }),
);

const { faults, unknown } = faultsOf(mutants, record);
for (const fault of faults) console.log(fault);
console.log(`${mutants.length} mutants, ${faults.length} to look at, ${unknown.length} not run`);
if (faults.length > 0) process.exitCode = 1;

function isChosen(mutant: Mutant): boolean {
  if (flags.includes('--all')) return true;
  if (parts.length > 0) return parts.some((part) => mutant.id.includes(part));
  const entry = record[mutant.id];
  return entry?.text !== textHash(mutant) || (entry.noticed === null && EXPLAINED[mutant.id] === undefined);
}

async function run(workspace: Workspace, mutant: Mutant): Promise<void> {
  let found: Entry['noticed'] = null;
  for (const test of testsOf(mutant.file)) {
    found = (await look(workspace, mutant, test)) ?? null;
    if (found !== null) break;
  }
  await keep(mutant, found);
}

async function keep(mutant: Mutant, found: Entry['noticed']): Promise<void> {
  record[mutant.id] = { text: textHash(mutant), noticed: found };
  console.log(`${found === null ? 'SURVIVED' : `killed by ${found.by}`}  ${mutant.id}  ${found?.test ?? ''}`);
  // after each, so that an interrupted run keeps what it has found
  await writeRecord(mutants, record);
}

/** What a file of tests notices of a mutant. Most fail at once in the way that counts; of others all failures are read. */
async function look(workspace: Workspace, { file, text }: Mutant, test: string): Promise<Noticed | undefined> {
  const changed = new Map([[file, text]]);
  const first = await workspace.runWith(changed, [test], { options: ['--bail=1'] });
  if (first.failures.length === 0) return undefined;
  return noticed(first) ?? noticed(await workspace.runWith(changed, [test]));
}
