import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { BookAccount, RandomBytes } from '../../src/book/bookAccount.js';
import { type BookFiles, type TakeInInput, takeIn } from '../../src/book/intake/takeIn.js';
import { registry } from '../support/market.js';

/** A folder that is removed when the test ends. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zk-solvency-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Bytes that are the same in every run. */
export function fixedRandom(seed: string): RandomBytes {
  let draw = 0;
  return (count) => createHash('shake256', { outputLength: count }).update(`${seed} ${draw++}`).digest();
}

/** CSV texts by the field of BookFiles that they are given as. */
export type Texts = Partial<Record<keyof BookFiles, string>>;

/** Writes texts and names them as a book's files. */
export function writeFiles(folder: string, texts: Texts): BookFiles {
  const paths = Object.entries(texts).map(([name, text]) => {
    const path = join(folder, `${name}.csv`);
    writeFileSync(path, text);
    return [name, path];
  });
  return Object.fromEntries(paths) as unknown as BookFiles;
}

/** Takes in texts under the test market and lists the accounts. */
export function takeInTexts(folder: string, texts: Texts, options: Partial<TakeInInput> = {}) {
  const input = {
    files: writeFiles(folder, texts),
    registry,
    most: { assets: 5, positions: 8 },
    workFolder: folder,
    random: fixedRandom('owners'),
    ...options,
  };
  return takeIn(input, async ({ counts, accounts }) => ({ counts, accounts: await collect(accounts()) }));
}

export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function* each(accounts: readonly BookAccount[]): AsyncGenerator<BookAccount> {
  yield* accounts;
}
