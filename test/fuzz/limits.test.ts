// Files that are small to send and large to read: deep nesting, lists and objects without end, a fault in every item. A bundle
// is read from whoever hands it over, so such a file stops a verifier. Each is refused in bounded time and memory.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SolvencyError } from '../../src/errors.js';
import { MAX_FIELDS, MAX_VALUES } from '../../src/formats/findJsonFault.js';
import { type Json, pathsOf, valueAt, withValue } from './jsonTree.js';
import { PARSERS, type Parser } from './parsers.js';
import { isLong } from './settings.js';

const SIZE = 50_000_000;
const MOST_MILLISECONDS = 2000;
const account = PARSERS.find(({ name }) => name === 'account') as Parser;
const head = '{"format":"zk-solvency/account","version":1,"positions":[],"collateral":';

const LARGE: readonly (readonly [cause: string, make: () => string, message: RegExp])[] = [
  ['a list of 25 million numbers', () => `[${'1,'.repeat(SIZE / 2)}1]`, /more than \d+ values/],
  ['25 million wrong items', () => `${head}[${'1,'.repeat(SIZE / 2)}1]}`, /more than \d+ values/],
  ['as many wrong items as there may be values', () => `${head}[${'1,'.repeat(MAX_VALUES - 6)}1]}`, /collateral\[0\]/],
  ['as many empty lists', () => `${head}[${'[],'.repeat(MAX_VALUES - 6)}[]]}`, /collateral\[0\]/],
  [
    'five million fields',
    () => `{${Array.from({ length: 5_000_000 }, (_, i) => `"${i.toString(36)}":1`).join()}}`,
    /more than \d+ fields/,
  ],
  ['a string of 50 MB', () => `${head}[{"asset":"${'a'.repeat(SIZE)}","amount":"1"}]}`, /collateral\[0\]\.asset/],
  ['a number of 50 MB', () => `${head}[{"asset":"a","amount":${'1'.repeat(SIZE)}}]}`, /collateral\[0\]\.amount/],
  ['50 million digits', () => `${head}[{"asset":"a","amount":"${'1'.repeat(SIZE)}"}]}`, /collateral\[0\]\.amount/],
  [
    '50 million escapes',
    () => `${head}[{"asset":"${'\\n'.repeat(SIZE / 2)}","amount":"1"}]}`,
    /collateral\[0\]\.asset/,
  ],
  ['50 million line breaks', () => '\n'.repeat(SIZE), /line 50000001, column 1/],
  ['lists in each other, 50 million deep', () => '['.repeat(SIZE), /nested/],
];

/** In the ordinary suite some of them. */
const tried = LARGE.filter((_, index) => isLong || index % 5 === 1);

describe('a large file is refused within two seconds', () => {
  it.each(tried)('%s', (_, make, message) => {
    const text = make();
    const start = process.cpuUsage();
    expect(() => account.parse(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(message) }),
    );
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(MOST_MILLISECONDS);
  });
});

it('as many values and fields as may be are not too many', () => {
  const fields = Array.from({ length: MAX_FIELDS }, (_, i) => `"${i}":1`).join();
  expect(() => account.parse(`{${fields}}`)).toThrow(/must have "format"/);
  expect(() => account.parse(`[${'1,'.repeat(MAX_VALUES - 2)}1]`)).toThrow(/must hold a JSON object/);
});

/** Items that fail at another rule each: their type, their form, their length, their range. */
const BAD_LEAVES: readonly Json[] = [
  null,
  '',
  '~'.repeat(300),
  '9'.repeat(77),
  '9'.repeat(101),
  -1,
  Number.MAX_SAFE_INTEGER,
  1e300,
];

it('a long file of any format is left at the first wrong item of a list', () => {
  const accumulated: string[] = [];
  let tries = 0;
  const padding = ' '.repeat(1024 * 1024);
  for (const { name, text, parse } of PARSERS) {
    const file = JSON.parse(text) as Json;
    const seen = new Set<string>();
    for (const path of pathsOf(file)) {
      const place = path.findLastIndex((part) => typeof part === 'number');
      const value = valueAt(file, path);
      if (place < 0 || (typeof value === 'object' && value !== null) || seen.has(path.join())) continue;
      seen.add(path.join());
      const list = path.slice(0, place);
      for (const leaf of BAD_LEAVES) {
        if (!isLong && tries++ % 41 !== 0) continue;
        const [item] = valueAt(withValue(file, path, leaf), list) as Json[];
        const long = `${JSON.stringify(
          withValue(
            file,
            list,
            Array.from({ length: 40 }, () => item ?? null),
          ),
        )}${padding}`;
        try {
          parse(long);
        } catch (error) {
          // two rules of one item may speak; not each of forty items
          const more = /and (\d+) more/.exec((error as Error).message)?.[1] ?? '0';
          if (!(error instanceof SolvencyError) || Number(more) > 5)
            accumulated.push(`${name}: ${path.join('.')} ${leaf}: ${error}`);
        }
      }
    }
  }
  expect(accumulated).toEqual([]);
});

it('a command reads them in half a gigabyte', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zk-solvency-large-'));
  try {
    for (const [, make] of isLong ? LARGE : LARGE.slice(1, 2)) {
      const path = join(folder, 'attestation.json');
      await writeFile(path, make().replace('zk-solvency/account', 'zk-solvency/attestation'));
      const policy = resolve(import.meta.dirname, '../../conformance/policy.json');
      const main = resolve(import.meta.dirname, '../../dist/cli/main.js');
      const args = ['reserves', 'verify', folder, '--policy', policy, '--block-hash', `1:0x${'00'.repeat(32)}`];
      const child = spawn(process.execPath, ['--max-old-space-size=512', main, ...args], { stdio: 'ignore' });
      expect(await new Promise((done) => child.once('close', done))).toBe(2);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
