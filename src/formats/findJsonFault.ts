/** Where a JSON text is wrong, and why. The reason never repeats the text, which may be private. */
export interface JsonFault {
  readonly offset: number;
  readonly reason: string;
}

/** No format of this software nests deeper. */
const MAX_DEPTH = 32;

/** More than any file of this software holds; each value costs a reader many times the memory of its text. */
export const MAX_VALUES = 2 ** 22;

/** Fields of one object. */
export const MAX_FIELDS = 2 ** 16;

const [TAB, LINE_FEED, RETURN, SPACE, QUOTE, BACKSLASH] = [9, 10, 13, 32, 34, 92];

const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Expected = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd' | 'end';

/**
 * The first fault of a JSON text (RFC 8259), undefined when there is none. Besides the grammar it finds what
 * JSON.parse lets pass: a key that occurs twice in an object, or sets a prototype, of which two readers may see two
 * different values; and what would take a reader's time or memory.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  // one entry per open bracket: the keys so far of an object, undefined for an array
  const open: (Set<string> | undefined)[] = [];
  let expected: Expected = 'value';
  let values = 0;
  let at = 0;
  while (true) {
    at = skipSpace(text, at);
    const char = text[at];
    if (char === undefined) return expected === 'end' ? undefined : { offset: at, reason: 'the text ends too early' };
    const keys = open.at(-1);
    const closing = keys === undefined ? ']' : '}';
    if (expected === 'end') return { offset: at, reason: 'there is more text after the end' };
    if (char === closing && (expected === 'commaOrEnd' || expected === 'valueOrEnd' || expected === 'keyOrEnd')) {
      open.pop();
      expected = open.length === 0 ? 'end' : 'commaOrEnd';
      at++;
    } else if (expected === 'commaOrEnd') {
      if (char !== ',') return { offset: at, reason: `"," or "${closing}" is expected` };
      expected = keys === undefined ? 'value' : 'key';
      at++;
    } else if (expected === 'colon') {
      if (char !== ':') return { offset: at, reason: '":" is expected' };
      expected = 'value';
      at++;
    } else if (expected === 'key' || expected === 'keyOrEnd') {
      if (char !== '"') return { offset: at, reason: 'a key in double quotes is expected' };
      const end = stringEnd(text, at);
      if (typeof end !== 'number') return end;
      const key = JSON.parse(text.slice(at, end)) as string;
      // some readers, and the schemas here, pass over it in silence
      if (key === '__proto__') return { offset: at, reason: 'no field has this name, which is that of a prototype' };
      if (keys?.has(key) === true) return { offset: at, reason: 'this key occurs twice in its object' };
      if (keys?.size === MAX_FIELDS) return { offset: at, reason: `this object has more than ${MAX_FIELDS} fields` };
      keys?.add(key);
      expected = 'colon';
      at = end;
    } else if (++values > MAX_VALUES) {
      return { offset: at, reason: `there are more than ${MAX_VALUES} values` };
    } else if (char === '{' || char === '[') {
      if (open.length === MAX_DEPTH) return { offset: at, reason: `it is nested more than ${MAX_DEPTH} deep` };
      open.push(char === '{' ? new Set() : undefined);
      expected = char === '{' ? 'keyOrEnd' : 'valueOrEnd';
      at++;
    } else {
      const end = char === '"' ? stringEnd(text, at) : match(SCALAR, text, at);
      if (end === undefined) return { offset: at, reason: 'a value is expected' };
      if (typeof end !== 'number') return end;
      expected = open.length === 0 ? 'end' : 'commaOrEnd';
      at = end;
    }
  }
}

/** Line and column of an offset, both counted from 1. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let [line, start] = [1, 0];
  for (let at = 0; at < offset; at++) {
    if (text.charCodeAt(at) === LINE_FEED) [line, start] = [line + 1, at + 1];
  }
  return { line, column: offset - start + 1 };
}

function skipSpace(text: string, from: number): number {
  for (let at = from; ; at++) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== LINE_FEED && code !== RETURN && code !== TAB) return at;
  }
}

/** The offset after what a sticky pattern matches at `from`, undefined when it does not. */
function match(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** The offset after the string that starts at `from`. Walked by hand: a pattern would backtrack on a long string. */
function stringEnd(text: string, from: number): number | JsonFault {
  for (let at = from + 1; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < SPACE) return { offset: at, reason: 'a string must not hold a line break or control character' };
    const next = code === BACKSLASH ? match(ESCAPE, text, at) : at + 1;
    if (next === undefined) return { offset: at, reason: 'this escape sequence is unknown' };
    at = next;
  }
  return { offset: from, reason: 'this string has no end' };
}
