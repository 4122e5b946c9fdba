import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Noticed, noticedBy, TRUE_REFUSED } from './judge.js';
import type { Mutant } from './mutants.js';
import { withSwitches } from './switches.js';
import { testsOf } from './testsOf.js';
import type { Workspace } from './workspace.js';

/** What test/support/switches.ts notes: a test in which a witness was refused by one check alone. */
interface Refusal {
  readonly check: number;
  readonly path: string;
  readonly test: string;
}

/**
 * Judges many mutants by one run of the tests: of circuits in which each check has a switch. A witness that a test holds
 * to be false and that one check alone refuses is accepted by the mutant without it. Those that are not found here may
 * still be noticed where the mutant is compiled by itself: a switch keeps signals apart that the compiler makes one.
 */
export async function judgeTogether(
  workspace: Workspace,
  mutants: readonly Mutant[],
): Promise<ReadonlyMap<Mutant, Noticed>> {
  const texts = new Map<string, string>();
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    const text = await readFile(join(workspace.place, 'circuits', file), 'utf8');
    const ofFile = mutants.filter((mutant) => mutant.file === file);
    texts.set(
      file,
      withSwitches(text, ofFile, (mutant) => mutants.indexOf(mutant)),
    );
  }
  const notes = join(workspace.place, 'build/refusals');
  await rm(notes, { force: true });
  const tests = [...new Set(mutants.flatMap(({ file }) => testsOf(file)))];
  // both processes take files of this run, where a mutant by itself has one
  const { failures } = await workspace.runWith(texts, tests, { options: ['--maxWorkers=2'], env: { REFUSALS: notes } });
  // such a test says nothing: the switches may be what refuses a true statement there
  const stumbled = new Set(failures.filter(({ message }) => TRUE_REFUSED.test(message)).map(({ test }) => test));
  const refusals = (existsSync(notes) ? await readFile(notes, 'utf8') : '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Refusal);
  const found = new Map<Mutant, Noticed>();
  for (const { check, path, test } of refusals) {
    const mutant = mutants[check] as Mutant;
    const name = `${path.slice(workspace.place.length + 1)}: ${test.replaceAll(' > ', ' ')}`;
    const noticed = noticedBy(name);
    if (stumbled.has(name) || found.get(mutant)?.by === 'false statement') continue;
    found.set(mutant, noticed);
  }
  return found;
}
