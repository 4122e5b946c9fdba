import fc from 'fast-check';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { type Json, type Path, pathsOf, raw, valueAt, withValue, write } from './jsonTree.js';

const R = FIELD_ORDER.toString();
const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** What readers of JSON, of numbers, of names and of paths were caught out by. */
const ODD: readonly Json[] = [
  ...[
    null,
    true,
    false,
    0,
    1,
    -1,
    1.5,
    2 ** 31,
    2 ** 32,
    1e13,
    2 ** 53 - 1,
    2 ** 53,
    1e300,
    '',
    [],
    {},
    [[]],
    [null],
    [0],
    [''],
  ],
  ...['-0', '1e999', '-1e999', '1e-999', '1.0', '1e0', '9007199254740993', '4294967295.0000000001'].map(raw),
  ...['{"__proto__":{"isAdmin":true}}', '{"__proto__":null}', '{"constructor":{"prototype":{"isAdmin":1}}}'].map(raw),
  ...['{"length":1000000000}', '{"toString":1}', '{"toJSON":1}', '{"then":1}', deep(20), deep(40)].map(raw),
  ...['0', '-0', '-1', '00', '0.0', '0.1', '1', '2', '-1.5', '1e5', '0x10', '1/3', '1/0', '-1/3', '12.50', '١٢', '１'],
  ...['9'.repeat(19), '9'.repeat(77), '9'.repeat(100), '9'.repeat(101), '9'.repeat(10_000), `0.${'1'.repeat(98)}`],
  ...[
    R,
    (FIELD_ORDER - 1n).toString(),
    (2n ** 64n).toString(),
    (2n ** 256n).toString(),
    'NaN',
    'Infinity',
    '-Infinity',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'length', 'null', 'undefined', 'true'],
  ...['\u0000', '\ud800', '\udfff\ud800', '\ufeff', '\u202e', '\u2028', 'é', 'e\u0301', '😀', ' ', '\n', 'a\u0000b'],
  ...[
    '../x',
    '../../etc/passwd',
    '/etc/passwd',
    'C:\\x',
    '..\\x',
    'a/../../b',
    './x',
    'x/',
    '//x',
    '~',
    '%2e%2e/x',
    '-x',
  ],
  ...[`0x${'0'.repeat(40)}`, `0x${'0'.repeat(64)}`, `0x${'f'.repeat(64)}`, `0x${'F'.repeat(40)}`, '0x', '0X10'],
];

type Change = (file: Json, path: Path, other: Path, odd: Json) => Json;

const items = (file: Json, path: Path): Json[] | undefined => {
  const value = valueAt(file, path);
  return Array.isArray(value) ? value : undefined;
};
const onItems =
  (change: (list: Json[]) => Json[]): Change =>
  (file, path) => {
    const list = items(file, path) ?? items(file, path.slice(0, -1));
    const place = items(file, path) === undefined ? path.slice(0, -1) : path;
    return list === undefined || place.length === 0 ? file : withValue(file, place, change(structuredClone(list)));
  };
const onText =
  (change: (text: string) => string): Change =>
  (file, path) => {
    const value = valueAt(file, path);
    return typeof value === 'string' ? withValue(file, path, change(value)) : file;
  };

/** One thing done to a file. */
const CHANGES: readonly Change[] = [
  (file, path, _, odd) => withValue(file, path, odd),
  (file, path, _, odd) => withValue(file, path, odd),
  (file, path) => withValue(file, path, undefined),
  (file, path, other) => withValue(file, path, structuredClone(valueAt(file, other) ?? null)),
  (file, path, _, odd) => withValue(file, [...path.slice(0, -1), 'more'], odd),
  (file, path, _, odd) =>
    typeof odd === 'string' ? withValue(file, [...path.slice(0, -1), odd], valueAt(file, path)) : file,
  (file, path) => withValue(file, path, [valueAt(file, path) ?? null]),
  onItems((list) => [...list, ...structuredClone(list)]),
  onItems((list) => list.reverse()),
  onItems((list) => Array.from({ length: 500 }, (_, i) => structuredClone(list[i % (list.length || 1)] ?? null))),
  onItems((list) => list.slice(1)),
  onItems(() => []),
  onText((text) => `-${text}`),
  onText((text) => `${text}0`),
  onText((text) => `0${text}`),
  onText((text) => `${text}.0`),
  onText((text) => text.slice(1)),
  onText((text) => text.replace(/\d/, (digit) => String((Number(digit) + 1) % 10))),
  onText((text) => text.toUpperCase()),
  onText((text) => `${text} `),
];

/** A file with one to four things done to it: the tree of it, and its text. */
export const spoilt = (text: string): fc.Arbitrary<{ readonly tree: Json; readonly text: string }> => {
  const file = JSON.parse(text) as Json;
  const step = fc.record({
    change: fc.constantFrom(...CHANGES),
    path: fc.nat(),
    other: fc.nat(),
    odd: fc.constantFrom(...ODD),
  });
  return fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => {
    const tree = steps.reduce((value, { change, path, other, odd }) => {
      const paths = pathsOf(value, true);
      const at = (n: number): Path => paths[n % paths.length] ?? ['format'];
      return change(value, at(path), at(other), odd);
    }, file);
    return { tree, text: write(tree) };
  });
};

/** A text with characters changed, and what is no file at all. */
export const garbled = (text: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc
      .array(
        fc.tuple(fc.nat(text.length), fc.nat(3), fc.constantFrom(...'{}[],:"\\0-.eE \n\u0000\ud800\ufeff'.split(''))),
        {
          minLength: 1,
          maxLength: 3,
        },
      )
      .map((edits) => edits.reduce((all, [at, cut, char]) => all.slice(0, at) + char + all.slice(at + cut), text)),
    fc.nat(text.length).map((end) => text.slice(0, end)),
    fc.json({ maxDepth: 5, stringUnit: 'binary' }),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );
