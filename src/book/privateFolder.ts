import { access, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SolvencyError } from '../errors.js';

/**
 * Makes a folder for its owner's eyes whole or not at all: filled under another name beside it, then renamed; what was
 * written is removed when anything fails. Errors: INVALID_INPUT when the folder exists, UNWRITABLE.
 */
export async function makePrivateFolder<T>(path: string, fill: (folder: string) => Promise<T>): Promise<T> {
  await refuseExisting(path);
  return withPrivateFolder(dirname(path), `${basename(path)}.tmp-`, async (folder) => {
    const result = await fill(folder);
    await refuseExisting(path);
    await rename(folder, path);
    return result;
  });
}

/** A folder for its owner's eyes inside another one, which is removed at the end in any case. Errors: UNWRITABLE. */
export async function withPrivateFolder<T>(
  parent: string,
  prefix: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  let folder: string | undefined;
  try {
    // readable by its owner alone from the start
    folder = await mkdtemp(join(parent, prefix));
    return await use(folder);
  } catch (cause) {
    throw unlessTyped(cause, parent);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** What the file system refuses (no space, no permission) as a typed error. */
function unlessTyped(cause: unknown, where: string): unknown {
  const { code, syscall } = cause as NodeJS.ErrnoException;
  if (cause instanceof SolvencyError || code === undefined || syscall === undefined) return cause;
  const hint = code === 'ENOENT' ? 'there is no such folder' : code;
  return new SolvencyError('UNWRITABLE', `Cannot write in ${where}: ${hint}.`, {
    details: { path: where, reason: code },
    cause,
  });
}

async function refuseExisting(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  throw new SolvencyError('INVALID_INPUT', `${path} exists already, and is never overwritten. Name another folder.`, {
    details: { path },
  });
}
