import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../src/files.js';
import type { Noticed } from './judge.js';
import { type Mutant, mutantsOf, withoutComments } from './mutants.js';
import { EXPLAINED } from './survivors.js';

const root = join(import.meta.dirname, '../..');
const circuits = join(root, 'circuits');
const path = join(import.meta.dirname, 'record.json');
const document = join(root, 'docs/mutation.md');

/** What was found of a mutant: of which text, and what noticed it; null for a survivor. */
export interface Entry {
  readonly text: string;
  readonly noticed: Noticed | null;
}

export type MutationRecord = Readonly<Record<string, Entry>>;

/** All mutants of circuits/, by file and line. */
export async function allMutants(): Promise<readonly Mutant[]> {
  const files = (await readdir(circuits, { recursive: true })).filter((file) => file.endsWith('.circom')).sort();
  const lists = files.map(async (file) => mutantsOf(file, await readFile(join(circuits, file), 'utf8')));
  return (await Promise.all(lists)).flat();
}

export const readRecord = async (): Promise<MutationRecord> =>
  existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as MutationRecord) : {};

/** Names a mutant's text apart from comments: an entry holds as long as it stands. */
export const textHash = ({ text }: Mutant): string =>
  createHash('sha256').update(withoutComments(text).replace(/\s+/g, ' ')).digest('hex').slice(0, 16);

/** Writes the record and the document made of it. */
export async function writeRecord(mutants: readonly Mutant[], record: MutationRecord): Promise<void> {
  const entries = mutants.flatMap(({ id }) => (record[id] === undefined ? [] : [[id, record[id]] as const]));
  await writeFileAtomic(path, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
  await writeFileAtomic(document, documentOf(mutants, record));
}

/** What is wrong with the record, for people, and the mutants that were never run. */
export function faultsOf(
  mutants: readonly Mutant[],
  record: MutationRecord,
): { readonly faults: readonly string[]; readonly unknown: readonly string[] } {
  const faults = mutants.flatMap((mutant) => {
    const entry = record[mutant.id];
    const explained = EXPLAINED[mutant.id] !== undefined;
    if (entry === undefined) return [];
    if (entry.text !== textHash(mutant)) return [`changed since it was run: ${mutant.id}`];
    if (entry.noticed === null && !explained) return [`survived: ${mutant.id}`];
    if (entry.noticed !== null && explained) return [`explained and yet noticed: ${mutant.id}`];
    const file = entry.noticed?.test.split(': ')[0];
    if (file !== undefined && !existsSync(join(root, file)))
      return [`the test is gone that noticed ${mutant.id}: ${file}`];
    return [];
  });
  const gone = Object.keys(EXPLAINED).filter((id) => mutants.every((mutant) => mutant.id !== id));
  return {
    faults: [...faults, ...gone.map((id) => `explained, and no such mutant: ${id}`)],
    unknown: mutants.flatMap(({ id }) => (record[id] === undefined ? [id] : [])),
  };
}

const NOT_RUN = `

Those in the last column were not run yet; \`npm run test:mutation\` goes on with them.`;

function documentOf(mutants: readonly Mutant[], record: MutationRecord): string {
  const unknown = mutants.filter(({ id }) => record[id] === undefined).length;
  const folders = [...new Set(mutants.map(({ file }) => file.split('/')[0] as string))];
  const row = (name: string, list: readonly Mutant[]): string => {
    const count = (by: Noticed['by']): number => list.filter(({ id }) => record[id]?.noticed?.by === by).length;
    const explained = list.filter(({ id }) => EXPLAINED[id] !== undefined).length;
    const unknown = list.filter(({ id }) => record[id] === undefined).length;
    return `| ${name} | ${list.length} | ${count('false statement')} | ${count('free wire')} | ${explained} | ${unknown} |`;
  };
  const rows = folders.map((folder) =>
    row(
      `circuits/${folder}`,
      mutants.filter(({ file }) => file.startsWith(`${folder}/`)),
    ),
  );
  const reasons = Object.entries(EXPLAINED).map(([id, reason]) => `| \`${id.replace(/\|/g, '\\|')}\` | ${reason} |`);
  return `# Mutants

Every \`===\` of the circuits, and every check that a number is in a range, a bit, or not zero, is removed, one at a time:
a mutant. It counts as killed only when a test finds a witness that its R1CS accepts and the circuit's refuses: one of a
**false statement**, or one in which a **free wire** takes another value. Tests of hashes, counts, manifests and budgets
notice every change and do not count.

One run of the tests of circuits judges most of them. For it each check has a switch, a signal that is 1 in every
calculator and whose value 0 makes the check hold: a circuit with switches is all of its mutants at once. Where the
constraints that a witness breaks are all of one check, the mutant without it accepts that witness, and the test that
holds it to be refused notices. The rest are compiled and tested one by one.

\`npm run test:mutation\` runs those that are not known, changed or survived, and writes this page; with \`--all\` it runs
every one, with parts of their names only those. CI checks that the
record (\`scripts/mutation/record.json\`) is of the circuits as they stand and has no survivor without a reason.${unknown === 0 ? '' : NOT_RUN}

| | mutants | false statement | free wire | redundant | not run |
|---|---|---|---|---|---|
${rows.join('\n')}
${row('**all**', mutants)}

## Redundant checks

${
  reasons.length === 0
    ? 'None.'
    : `Removing one of these makes no false statement provable. Each stands for a reason all the same.

| check | why no witness tells |
|---|---|
${reasons.join('\n')}`
}
`;
}
