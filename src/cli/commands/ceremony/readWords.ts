import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { SolvencyError } from '../../../errors.js';

/**
 * A contributor's own words, from a file or asked for without being shown; never an argument, which other users of the
 * machine could see. Errors: UNREADABLE, INVALID_INPUT when there are none.
 */
export async function readWords(source: string | true): Promise<Buffer> {
  const words = source === true ? await ask() : await readFile(source).catch((cause) => unreadable(source, cause));
  if (words.length > 0) return words;
  throw new SolvencyError('INVALID_INPUT', 'There are no words. Give some, or leave --words out.');
}

/** A line of standard input, with no echo. */
async function ask(): Promise<Buffer> {
  process.stderr.write('Words, or dice rolls, for the randomness (they are not shown): ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: process.stdin.isTTY === true });
  try {
    return await new Promise((resolve, reject) => {
      lines.once('line', (line) => resolve(Buffer.from(line, 'utf8')));
      lines.once('close', () => resolve(Buffer.alloc(0)));
      lines.once('SIGINT', () => reject(new SolvencyError('CANCELLED', 'The contribution was cancelled.')));
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

function unreadable(path: string, cause: unknown): never {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
  throw new SolvencyError('UNREADABLE', `Cannot read ${path}: ${reason}.`, { details: { path, reason }, cause });
}
