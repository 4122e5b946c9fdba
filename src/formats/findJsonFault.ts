/** Where a JSON text is wrong, and why. The reason never repeats the text, which may be private. */
export interface JsonFault {
  readonly offset: number;
  readonly reason: string;
}

/** No format of this software nests deeper. */
const MAX_DEPTH = 32;

const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Expected = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd' | 'end';

/**
 * The first fault of a JSON text (RFC 8259), undefined when there is none. Besides the grammar it finds what
 * JSON.parse lets pass: a key that occurs twice in an object, of which two readers may see two different values.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  // one entry per open bracket: the keys so far of an object, undefined for an array
  const open: (Set<string> | undefined)[] = [];
  let expected: Expected = 'value';
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
      if (keys?.has(key) === true) return { offset: at, reason: 'this key occurs twice in its object' };
      keys?.add(key);
      expected = 'colon';
      at = end;
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
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return at;
}

/** The offset after what a sticky pattern matches at `from`, undefined when it does not. */
function match(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** The offset after the string that starts at `from`. Walked by hand: a pattern would backtrack on a long string. */
function stringEnd(text: string, from: number): number | JsonFault {
  let at = from + 1;
  while (text[at] !== '"') {
    const char = text[at];
    if (char === undefined) return { offset: from, reason: 'this string has no end' };
    if (char < ' ') return { offset: at, reason: 'a string must not hold a line break or control character' };
    const next = char === '\\' ? match(ESCAPE, text, at) : at + 1;
    if (next === undefined) return { offset: at, reason: 'this escape sequence is unknown' };
    at = next;
  }
  return at + 1;
}
