import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeFileAtomic } from '../src/files.js';
import { markdownTable, replaceSection } from './markdown.js';
import { strictnessTable } from './strictness.js';

// `npx tsx bench/models.ts [FILE_OR_FOLDER ...]` prints how much stricter the circuits are than the venues' exact rules
// over recorded cases, those of the tests unless told; with --write it puts the table into docs/models.md.
const root = resolve(import.meta.dirname, '..');
const given = process.argv.slice(2).filter((argument) => argument !== '--write');
const fixtures = ['test/vectors/fixtures', 'test/venues/derive/fixtures'].map((path) => join(root, path));
const table = markdownTable(
  ['model', 'statements', 'exact', 'laxer', 'stricter by at most, quote', 'of the requirement'],
  await strictnessTable(given.length > 0 ? given : fixtures),
);
console.log(table);
if (process.argv.includes('--write')) {
  const path = join(root, 'docs/models.md');
  await writeFileAtomic(path, replaceSection(await readFile(path, 'utf8'), 'strictness', table));
}
