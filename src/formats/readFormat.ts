import { z } from 'zod';
import { SolvencyError } from '../errors.js';
import { findJsonFault, lineAndColumn } from './findJsonFault.js';

/** Every format of this software is at its first version. */
export const FORMAT_VERSION = 1;

/** A text longer than this is refused before it is looked at. */
export const MAX_TEXT_LENGTH = 64 * 1024 * 1024;

/** Of a longer text only the first fault is looked for: a million faults are a million objects. */
const LONG_TEXT_LENGTH = 1024 * 1024;

const SHOWN_ISSUES = 5;

/** The schema of a file: its name and version, then its fields; unknown fields are refused at every level. */
export const fileSchema = <Name extends string, Shape extends z.core.$ZodLooseShape>(name: Name, shape: Shape) =>
  z.strictObject({
    format: z.literal(`zk-solvency/${name}` as const),
    version: z.literal(FORMAT_VERSION),
    ...shape,
  });

/**
 * Reads a JSON text of the format `zk-solvency/<name>`; `where` names the file for errors.
 * Errors: INVALID_INPUT (no JSON, another format, missing, unknown or ill-typed fields, too long) and
 * UNSUPPORTED_VERSION. They name places and reasons, and never repeat a value: accounts and identities are read here.
 */
export const readFormat = <Schema extends z.ZodType>(schema: Schema, text: string, file: FormatFile): z.infer<Schema> =>
  openFormat(text, file)(schema);

/** Which format a text should have, and the name of its file. */
interface FormatFile {
  readonly name: string;
  readonly where: string;
}

/** The same in two steps, for a format whose schema depends on what the file says: the text is parsed once. */
export function openFormat(
  text: string,
  { name, where }: FormatFile,
): <Schema extends z.ZodType>(schema: Schema) => z.infer<Schema> {
  const value = parseJson(text, where);
  const format = `zk-solvency/${name}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(where, `${where} must hold a JSON object of the format ${format}.`);
  }
  const header = value as { readonly format?: unknown; readonly version?: unknown };
  if (header.format !== format) {
    const named = typeof header.format === 'string' && /^zk-solvency\/[a-zA-Z-]{1,40}$/.test(header.format);
    const found = named ? (header.format as string) : 'something else';
    throw new SolvencyError(
      'INVALID_INPUT',
      `${where} must have "format": "${format}", and it says ${found}. Is it the right file?`,
      { details: { where, expected: format, found } },
    );
  }
  if (typeof header.version === 'number' && Number.isInteger(header.version) && header.version > FORMAT_VERSION) {
    throw new SolvencyError(
      'UNSUPPORTED_VERSION',
      `${where} is version ${header.version} of the format ${format}, and this software reads version ${FORMAT_VERSION}. Use a newer release of it, or ask for the file in version ${FORMAT_VERSION}.`,
      { details: { where, format, found: header.version, supported: FORMAT_VERSION } },
    );
  }
  // the library's own way to stop at the first fault of an array; `validate` sets it and says no place
  const context: object = { abortEarly: text.length > LONG_TEXT_LENGTH };
  return (schema) => {
    const result = schema.safeParse(value, context);
    if (result.success) return result.data;
    const { issues } = result.error;
    const shown = issues.slice(0, SHOWN_ISSUES).map(describe);
    const rest = issues.length > shown.length ? `; and ${issues.length - shown.length} more` : '';
    throw new SolvencyError('INVALID_INPUT', `${where} is not a valid ${format} file: ${shown.join('; ')}${rest}.`, {
      details: { where, format, issues: shown },
    });
  };
}

/** The text of a file: format and version first, then the fields in the order given. */
export function writeFormat(name: string, fields: object): string {
  return `${JSON.stringify({ format: `zk-solvency/${name}`, version: FORMAT_VERSION, ...fields }, null, 2)}\n`;
}

/** The value of a JSON text; INVALID_INPUT says where it is broken, and never quotes it. */
export function parseJson(text: string, where: string): unknown {
  if (text.length > MAX_TEXT_LENGTH) throw invalid(where, `${where} is longer than 64 MB, which no such file is.`);
  const fault = findJsonFault(text);
  if (fault !== undefined) {
    const { line, column } = lineAndColumn(text, fault.offset);
    throw new SolvencyError(
      'INVALID_INPUT',
      `${where} is not valid JSON: line ${line}, column ${column}: ${fault.reason}.`,
      {
        details: { where, line, column, reason: fault.reason },
      },
    );
  }
  return JSON.parse(text);
}

const invalid = (where: string, message: string): SolvencyError =>
  new SolvencyError('INVALID_INPUT', message, { details: { where } });

function describe(issue: z.core.$ZodIssue): string {
  const path = formatPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    // quoted and cut, since the key is whatever the file holds
    const keys = issue.keys.slice(0, SHOWN_ISSUES).map((key) => JSON.stringify(key.slice(0, 40)));
    return `${path === '' ? '' : `${path}: `}unknown field ${keys.join(', ')}`;
  }
  return `${path === '' ? 'the file' : path}: ${reasonOf(issue)}`;
}

/** Why a place is refused, in words of the file; never what stands there. */
function reasonOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPE_NAMES[issue.expected] ?? `a ${issue.expected}`}, and is missing or of another type`;
    case 'invalid_value':
      return issue.values.length === 1 ? `must be ${JSON.stringify(issue.values[0])}` : issue.message;
    default:
      return issue.message;
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  array: 'an array',
  int: 'a whole number',
  number: 'a whole number',
  object: 'an object',
  tuple: 'an array',
};

/** tiers[3].rate */
function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text === '' ? '' : '.'}${String(part)}`),
    '',
  );
}
