import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../src/files.js';
import { circomConstants } from './generate/circomConstants.js';

/** Everything that is written from one source: path in the repository -> contents. */
async function generated(): Promise<ReadonlyMap<string, string>> {
  return new Map([['circuits/constants.circom', circomConstants()]]);
}

// `npm run generate` writes the files; with --check it only says which have drifted, and fails.
const check = process.argv.includes('--check');
const drifted: string[] = [];
for (const [path, contents] of await generated()) {
  const current = await readFile(path, 'utf8').catch(() => undefined);
  if (current === contents) continue;
  drifted.push(path);
  if (!check) await writeFileAtomic(path, contents);
}
console.log(drifted.length === 0 ? 'Generated files are up to date.' : `${check ? 'Drifted' : 'Written'}: ${drifted.join(', ')}`);
if (check && drifted.length > 0) process.exitCode = 1;
