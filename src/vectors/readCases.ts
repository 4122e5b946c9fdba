import { SolvencyError } from '../errors.js';
import { isObject, type Json, type JsonObject, parseLosslessJson } from './json.js';

export interface VectorCase {
  readonly id: string;
  readonly model: string;
  readonly tolerance: string;
  readonly expected: JsonObject;
  readonly fields: JsonObject;
}

const unreadable = (name: string, what: string): SolvencyError =>
  new SolvencyError('UNREADABLE', `${name}: ${what}; give a file of vector cases, or a folder of them`);

// prose, and figures that were computed from the case while it was extracted: neither asks nor answers
const NOT_INPUTS = new Set([
  'id',
  'model',
  'expected',
  'tolerance',
  'source',
  'description',
  'note',
  'derived_not_from_source',
]);

function readCase(value: Json, where: string): VectorCase {
  if (!isObject(value)) throw unreadable(where, 'is not an object');
  const { id, model, tolerance, expected } = value;
  if (typeof id !== 'string' || typeof model !== 'string') throw unreadable(where, 'states no id or no model');
  if (!isObject(expected) || Object.keys(expected).length === 0) throw unreadable(where, 'states no expected figure');
  return {
    id,
    model,
    tolerance: typeof tolerance === 'string' ? tolerance : '',
    expected,
    fields: Object.fromEntries(Object.entries(value).filter(([key]) => !NOT_INPUTS.has(key))),
  };
}

/**
 * Reads one vector file; undefined when it is JSON but holds no `cases` (a parameter file). Throws UNREADABLE when it is
 * no JSON or a case lacks its id, model or expected figures.
 */
export function readCases(text: string, name: string): readonly VectorCase[] | undefined {
  let parsed: Json;
  try {
    parsed = parseLosslessJson(text);
  } catch {
    throw unreadable(name, 'is not valid JSON');
  }
  if (!isObject(parsed) || !Array.isArray(parsed['cases'])) return undefined;
  return parsed['cases'].map((value: Json, index) => readCase(value, `${name}, case ${index}`));
}
