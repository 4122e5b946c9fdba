// A reader that falls over a malformed file, or takes it for something else: prototype keys, fields twice, numbers beyond
// all numbers, nesting that overflows a stack. Elsewhere such files stopped a venue's prover, or made two verifiers of one
// proof of reserves see two different books. Here every malformed file of the table ends in its typed error.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SolvencyError } from '../../src/errors.js';
import { decodeText } from '../../src/formats/textFile.js';
import { runHere, zkSolvency } from '../cli/command.js';
import { type Malformed, malformed } from './causes.js';
import { PARSERS, type Parser } from './parsers.js';
import { isLong } from './settings.js';

const read = (parser: Parser, file: string | Uint8Array): unknown =>
  parser.parse(typeof file === 'string' ? file : decodeText(file, 'input.json'));

/** The code that a file ends in; what is not typed is told as it is. */
function codeOf(parser: Parser, file: string | Uint8Array): string {
  try {
    read(parser, file);
    return 'read';
  } catch (error) {
    return error instanceof SolvencyError ? error.code : `untyped: ${error}`;
  }
}

/** What a command says of a file: its code, after looking that it ended with 2 and left nothing behind. */
async function commandCode({ command }: Parser, file: string | Uint8Array, run = runHere): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zk-solvency-fuzz-'));
  try {
    const args = (await command?.(folder, file)) ?? [];
    const before = await readdir(folder);
    const { code, stdout, stderr } = await run([...args, '--json']);
    if (code !== 2) return `exit code ${code}: ${stdout}`;
    if (/\n\s+at .*:\d+:\d+/.test(stdout + stderr)) return 'a stack trace';
    if ((await readdir(folder)).join() !== before.join()) return 'something written';
    return (JSON.parse(stdout) as { error: { code: string } }).error.code;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Of each parser's inputs those that its command reads in the ordinary suite: all of them in the long one. */
function commanded({ isSlow }: Parser, inputs: readonly Malformed[]): readonly Malformed[] {
  const step = isLong ? 1 : isSlow === true ? 100 : 25;
  return inputs.filter((_, index) => index % step === 0);
}

const CORPUS = PARSERS.map((parser) => ({ name: parser.name, parser, inputs: malformed(parser) }));

describe.each(CORPUS)('$name', ({ parser, inputs }) => {
  it('the valid file is read', () => {
    expect(codeOf(parser, parser.text)).toBe('read');
  });

  it('every malformed file ends in its error', () => {
    const wrong = inputs.filter(({ code, file }) => codeOf(parser, file) !== code);
    expect(wrong.map(({ cause, code, file }) => `${cause}: ${codeOf(parser, file)}, not ${code}`)).toEqual([]);
  });

  it.runIf(parser.command)('and ends its command with exit code 2', async () => {
    const wrong: string[] = [];
    for (const { cause, code, file } of commanded(parser, inputs)) {
      const found = await commandCode(parser, file);
      if (found !== code) wrong.push(`${cause}: ${found}, not ${code}`);
    }
    expect(wrong).toEqual([]);
  });

  it('has at least 40 causes, each of them once', () => {
    const causes = inputs.map(({ cause }) => cause);
    expect(new Set(causes).size).toBe(causes.length);
    expect(causes.length).toBeGreaterThanOrEqual(40);
  });
});

it('the corpus has at least 1000 malformed files', () => {
  expect(CORPUS.reduce((sum, { inputs }) => sum + inputs.length, 0)).toBeGreaterThanOrEqual(1000);
});

it('a process of its own ends the same way', async () => {
  for (const [name, cause] of [
    ['account', 'lists in each other, 100000 deep'],
    ['policy', 'bytes that are no UTF-8'],
  ]) {
    const { parser, inputs } = CORPUS.find((one) => one.name === name) as (typeof CORPUS)[number];
    const { code, file } = inputs.find((one) => one.cause === cause) as Malformed;
    expect(await commandCode(parser, file, zkSolvency)).toBe(code);
  }
});
