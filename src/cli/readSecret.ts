import { stat } from 'node:fs/promises';
import { SolvencyError } from '../errors.js';
import { readText } from './input.js';

/** Permissions of anybody but the owner. */
const OTHERS = 0o077;

/**
 * Reads a file that holds a secret. Secrets are never arguments: those stand in the shell's history and in the list of
 * processes. A file that others on this machine may read is told of on standard error. Errors: readText's, and
 * INVALID_INPUT for a secret in place of its file's name, which no message repeats.
 */
export async function readSecret(path: string): Promise<string> {
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(path)) {
    throw new SolvencyError(
      'INVALID_INPUT',
      'A secret was given where the name of its file belongs. Others may have seen it: use another, and write it to a file.',
    );
  }
  const text = await readText(path);
  // Windows has no such bits, and a pipe is nobody else's
  const status = await stat(path);
  if (process.platform !== 'win32' && status.isFile() && (status.mode & OTHERS) !== 0) {
    console.error(`Warning: others on this machine may read the secret in ${path}. Make it yours alone: chmod 600`);
  }
  return text;
}
