/** A circuit text from which one check was removed. */
export interface Mutant {
  /** file of circuits/, the check as it stands, and which of them where it stands more than once */
  readonly id: string;
  readonly file: string;
  /** what is removed: where its text begins and ends in the file, and `===` or the name of a template that checks */
  readonly start: number;
  readonly end: number;
  readonly of: string;
  /** which of the checks of such a template, '' for `===` */
  readonly without: string;
  /** the whole text of the file without the check */
  readonly text: string;
}

/**
 * Templates that say nothing but what their inputs must be, and what stands in for them: the same signals, the check
 * missing. A decomposition into bits makes two checks, that the bits are bits and that they sum to the number; a split by
 * sign makes the one on its magnitude (its sign and its sum are checks of its own file).
 */
const CHECKS: Readonly<Record<string, readonly { readonly without: string; readonly text: string }[]>> = {
  Ranged: [{ without: 'range', text: 'template Without0(BITS) { signal input in; }' }],
  Below: [{ without: 'bound', text: 'template Without0(BOUND) { signal input in; }' }],
  Boolean: [{ without: 'bit', text: 'template Without0() { signal input in; }' }],
  NonZeroIf: [{ without: 'not zero', text: 'template Without0() { signal input in; signal input flag; }' }],
  Num2Bits: [
    {
      without: 'sum',
      text: 'template Without0(BITS) { signal input in; signal output out[BITS]; for (var i = 0; i < BITS; i++) { out[i] <-- (in >> i) & 1; out[i] * (1 - out[i]) === 0; } }',
    },
    {
      without: 'bits',
      text: 'template Without1(BITS) { signal input in; signal output out[BITS]; var sum = 0; for (var i = 0; i < BITS; i++) { out[i] <-- (in >> i) & 1; sum += out[i] * (1 << i); } sum === in; }',
    },
  ],
  SignSplit: [
    {
      without: 'range',
      text: 'template Without0(BITS) { signal input in; signal output positive; signal output negative; signal sign <-- in < 0 ? 1 : 0; sign * (1 - sign) === 0; signal magnitude <-- in < 0 ? -in : in; negative <== sign * magnitude; positive <== magnitude - negative; positive - negative === in; }',
    },
  ],
};

/** Every `===` and every check of a range, a bit or zero in the text of a circuit, each removed once. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const code = withoutComments(text);
  const found = [...equalities(code), ...ranges(code)].sort((left, right) => left.start - right.start);
  const seen = new Map<string, number>();
  return found.map(({ start, end, replacement, appended, of, note }) => {
    const statement = code.slice(start, end).replace(/\s+/g, ' ').trim();
    const name = `${file}: ${note === '' ? statement : `${lineOf(code, start)} without ${note}`}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return {
      id: times === 1 ? name : `${name} (${times})`,
      file,
      start,
      end,
      of,
      without: note,
      text: `${text.slice(0, start)}${replacement}${text.slice(end)}${appended === '' ? '' : `\n${appended}\n`}`,
    };
  });
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly appended: string;
  readonly of: string;
  readonly note: string;
}

function equalities(code: string): readonly Found[] {
  return [...code.matchAll(/===/g)].map(({ index }) => {
    const start = startOfStatement(code, index);
    const end = code.indexOf(';', index) + 1;
    // a loop or a condition may have nothing else in it
    return { start, end, replacement: '{}', appended: '', of: '===', note: '' };
  });
}

function ranges(code: string): readonly Found[] {
  const uses = new RegExp(`(?<=[=] )(${Object.keys(CHECKS).join('|')})(?=\\()`, 'g');
  return [...code.matchAll(uses)].flatMap(({ 1: name, index }) =>
    (CHECKS[name as string] ?? []).map(({ without, text }, variant) => ({
      start: index,
      end: index + (name as string).length,
      replacement: `Without${variant}`,
      appended: text,
      of: name as string,
      note: without,
    })),
  );
}

/** The same length and lines, comments blank. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));

/** Where the statement begins that stands around a place: after what ended the last one and after heads of loops. */
function startOfStatement(code: string, place: number): number {
  let depth = 0;
  let start = place;
  for (; start > 0; start--) {
    const before = code.charAt(start - 1);
    if (before === ')') depth++;
    else if (before === '(') depth--;
    else if (depth === 0 && ';{}'.includes(before)) break;
  }
  for (let head = headAt(code, start, place); head !== undefined; head = headAt(code, start, place)) start = head;
  return start + (/^\s*/.exec(code.slice(start))?.[0].length ?? 0);
}

/** Where the head of a loop or a condition ends that begins at a place. */
function headAt(code: string, start: number, limit: number): number | undefined {
  const opening = /^\s*(for|if|while)\s*\(/.exec(code.slice(start, limit))?.[0];
  if (opening === undefined) return undefined;
  let at = start + opening.length;
  for (let depth = 1; depth > 0; at++) {
    if (code.charAt(at) === '(') depth++;
    if (code.charAt(at) === ')') depth--;
  }
  return at;
}

const lineOf = (code: string, place: number): string =>
  code
    .slice(code.lastIndexOf('\n', place) + 1, code.indexOf('\n', place))
    .replace(/;.*/, '')
    .trim();
