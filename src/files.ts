import { randomBytes } from 'node:crypto';
import { access, constants, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SolvencyError } from './errors.js';

/**
 * Writes a file whole or not at all: into a temporary file beside it, then renamed. The folder must exist.
 * `mode` is the file's permission, 0o644 unless told; secrets take 0o600. UNWRITABLE names the path and the reason.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array, mode = 0o644): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, data, { mode });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(path, cause);
  }
}

/** UNWRITABLE when a file could not be written there; asked before long work whose result would be lost. */
export async function requireWritable(path: string): Promise<void> {
  await access(dirname(path), constants.W_OK).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
}

function unwritable(path: string, cause: unknown): SolvencyError {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
  const hint = reason === 'ENOENT' ? 'its folder does not exist' : reason;
  return new SolvencyError('UNWRITABLE', `Cannot write ${path}: ${hint}.`, { details: { path, reason }, cause });
}
