import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SolvencyError } from '../errors.js';
import { readCases, type VectorCase } from './readCases.js';

const unreadable = (path: string, what: string): SolvencyError =>
  new SolvencyError('UNREADABLE', `${path} ${what}; give a file of vector cases, or a folder of them`);

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw unreadable(path, 'cannot be read');
  }
}

/**
 * All cases of one file, or of every *.json of a folder that holds `cases`, in the order of the file names. Throws
 * UNREADABLE when the path cannot be read or holds no case at all, which is never taken for success.
 */
export async function loadCases(path: string): Promise<readonly VectorCase[]> {
  const kind = await stat(path).catch(() => undefined);
  if (kind === undefined) throw unreadable(path, 'does not exist');
  const files = kind.isDirectory()
    ? (await readdir(path))
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => join(path, name))
    : [path];
  const lists = await Promise.all(files.map(async (file) => readCases(await readText(file), basename(file))));
  const cases = lists.flatMap((list) => list ?? []);
  if (cases.length === 0) throw unreadable(path, 'holds no cases');
  return cases;
}
