import { createReadStream } from 'node:fs';
import { SolvencyError } from '../errors.js';
import { MAX_TEXT_LENGTH } from './readFormat.js';

/**
 * Reads a text file, never more of it than any file of this software has: a device has no end. Errors: UNREADABLE names the
 * path and the system's reason; INVALID_INPUT for what is too long or no UTF-8.
 */
export async function readTextFile(path: string): Promise<string> {
  const parts: Buffer[] = [];
  try {
    for await (const part of createReadStream(path, { end: MAX_TEXT_LENGTH })) parts.push(part);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
    const hint = reason === 'ENOENT' ? 'there is no such file' : reason;
    throw new SolvencyError('UNREADABLE', `Cannot read ${path}: ${hint}.`, { details: { path, reason }, cause });
  }
  const bytes = Buffer.concat(parts);
  if (bytes.length <= MAX_TEXT_LENGTH) return decodeText(bytes, path);
  throw new SolvencyError('INVALID_INPUT', `${path} is longer than 64 MB, which no such file is.`, {
    details: { where: path },
  });
}

/**
 * The text of a file's bytes. Bytes that are no UTF-8 are refused, INVALID_INPUT: replaced in silence, they would make one
 * text of two files. A byte order mark stays, for the reader of the format to refuse.
 */
export function decodeText(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SolvencyError('INVALID_INPUT', `${where} is no text in UTF-8.`, { details: { where } });
  }
}
