import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../../src/files.js';

/** Writes the files that differ from what they should hold; with `check` it only names them and fails. */
export async function writeGenerated(files: ReadonlyMap<string, string>, check: boolean): Promise<void> {
  const drifted: string[] = [];
  for (const [path, contents] of files) {
    const current = await readFile(path, 'utf8').catch(() => undefined);
    if (current === contents) continue;
    drifted.push(path);
    if (!check) await writeFileAtomic(path, contents);
  }
  const list = drifted.join(', ');
  console.log(list === '' ? 'Generated files are up to date.' : `${check ? 'Drifted' : 'Written'}: ${list}`);
  if (check && list !== '') process.exitCode = 1;
}
