// Malformed files that nobody thought of, drawn at random: a reader that throws what is not typed, never ends, shows what is
// private, changes a prototype, or reads two files as one. What was found stands in kept.test.ts.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { SolvencyError } from '../../src/errors.js';
import { decodeText } from '../../src/formats/textFile.js';
import { formatRational, parseRational } from '../../src/numbers/rational.js';
import { runHere } from '../cli/command.js';
import { registry } from '../snapshot/example.js';
import type { Json } from './jsonTree.js';
import { PARSERS, type Parser } from './parsers.js';
import { fuzz, isLong } from './settings.js';
import { garbled, spoilt } from './spoilt.js';

const MOST_MILLISECONDS = 2000;

/** What was read, or the error; fails for an error that is not typed, for a long time and for a changed prototype. */
function attempt(read: () => unknown): { readonly value: unknown } | { readonly error: SolvencyError } {
  const start = performance.now();
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof SolvencyError)) throw error;
    expect(error.exitCode).toBe(2);
    expect(error.message.length).toBeLessThan(2000);
    return { error };
  } finally {
    expect(performance.now() - start).toBeLessThan(MOST_MILLISECONDS);
    requireCleanPrototypes();
  }
}

const NAMES = [Object.prototype, Array.prototype].map((prototype) => Object.getOwnPropertyNames(prototype).join());
function requireCleanPrototypes(): void {
  expect([Object.prototype, Array.prototype].map((prototype) => Object.getOwnPropertyNames(prototype).join())).toEqual(
    NAMES,
  );
  expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
}

/** Figures and names of a file that its error must not show. Short ones say nothing: 64 is also a number of bits. */
function figuresOf(tree: Json): readonly string[] {
  if (Array.isArray(tree)) return tree.flatMap(figuresOf);
  if (typeof tree === 'object' && tree !== null) return Object.values(tree).flatMap(figuresOf);
  const text = String(tree);
  const isPublic = text.startsWith('zk-solvency/') || text === registry.venue || /^\W|^[a-z]+$/i.test(text);
  return isPublic || text.length < 6 ? [] : [text];
}

/** A file as what it means: decimals, fractions and hexadecimal in one form, fields in one order. */
function meaning(value: Json, key = ''): Json {
  if (Array.isArray(value)) return value.map((item) => meaning(item, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, inner]) => [name, meaning(inner, name)]),
    );
  }
  if (typeof value === 'number') return value + 0 === 0 ? 0 : value;
  if (typeof value !== 'string') return value;
  if (key === 'slot' && /^(0x)?[0-9a-fA-F]+$/.test(value)) return BigInt(value).toString();
  const rational = value.length > 200 ? undefined : parseRational(value);
  return rational === undefined
    ? value.replace(/^0x[0-9a-fA-F]{40}$/, (address) => address.toLowerCase())
    : formatRational(rational);
}

/** What was read of a file is written as a file that means the same, and that is read as the same. */
function requireRoundTrip({ name, parse, serialize, rewrite }: Parser, text: string, value: unknown): void {
  const fields = (): Json => JSON.parse(text) as Json;
  const written = serialize?.(value as never) ?? rewrite?.(withoutHeader(fields()) as never);
  if (written === undefined) return;
  expect(parse(written)).toEqual(value);
  // an account may give its lines in any order, lines of zero, and entry prices
  if (name !== 'account') expect(meaning(JSON.parse(written) as Json)).toEqual(meaning(fields()));
}

function withoutHeader(file: Json): Json {
  const { format: _format, version: _version, ...fields } = file as Record<string, Json>;
  return fields;
}

const anyParser = fc.constantFrom(...PARSERS);

fuzz(
  'a spoilt file is refused by its kind, or read as what it says',
  200,
  fc.property(
    anyParser.chain((parser) => spoilt(parser.text).map((file) => ({ parser: parser.name, ...file }))),
    ({ parser: name, tree, text }) => {
      const parser = PARSERS.find((one) => one.name === name) as Parser;
      const result = attempt(() => parser.parse(text));
      if ('value' in result) requireRoundTrip(parser, text, result.value);
      else if (parser.isPrivate === true) {
        // the format's own name is no figure, nor is a part of it
        const shown = `${result.error.message} ${JSON.stringify(result.error)}`.replace(/zk-solvency\/[a-z-]+/g, '');
        for (const figure of figuresOf(withoutHeader(tree))) expect(shown).not.toContain(figure);
      }
    },
  ),
);

fuzz(
  'garbage is refused by its kind',
  150,
  fc.property(
    anyParser.chain((parser) => garbled(parser.text).map((text) => ({ parser: parser.name, text }))),
    ({ parser: name, text }) => {
      const parser = PARSERS.find((one) => one.name === name) as Parser;
      const result = attempt(() => parser.parse(text));
      if ('value' in result) requireRoundTrip(parser, text, result.value);
    },
  ),
);

fuzz(
  'random bytes are refused by their kind',
  100,
  fc.property(fc.uint8Array({ maxLength: 300 }), anyParser, (bytes, parser) => {
    expect(attempt(() => parser.parse(decodeText(bytes, 'input.json')))).toHaveProperty('error');
  }),
);

/** Those whose commands ask no node, and check no signature in the short run. */
const commanded = PARSERS.filter(
  ({ name, command, isSlow }) => command !== undefined && name !== 'reserve owners' && (isLong || isSlow !== true),
);

fuzz(
  'a command ends a spoilt file with exit code 2 and writes nothing, or does its work',
  30,
  fc.asyncProperty(
    fc
      .constantFrom(...commanded)
      .chain((parser) => spoilt(parser.text).map(({ text }) => ({ parser: parser.name, text }))),
    async ({ parser: name, text }) => {
      const { command } = PARSERS.find((one) => one.name === name) as Parser;
      const folder = await mkdtemp(join(tmpdir(), 'zk-solvency-fuzz-'));
      try {
        const args = (await command?.(folder, text)) ?? [];
        const before = await readdir(folder);
        const { code, stdout } = await runHere([...args, '--json']);
        const report = JSON.parse(stdout) as { ok: boolean; error?: { code: string } };
        // 1: the file is well formed and what it claims does not hold
        expect([0, 1, 2], stdout).toContain(code);
        expect(report.ok).toBe(code === 0);
        if (code !== 0) expect(await readdir(folder)).toEqual(before);
        requireCleanPrototypes();
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  ),
);
