import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { add, formatRational, type Rational, rational } from '../../../src/numbers/rational.js';
import type { CaseInputs, Evaluation, Evaluator } from '../../../src/vectors/evaluator.js';
import { isObject, type Json, type JsonObject, readNumber } from '../../../src/vectors/json.js';
import { readCases, type VectorCase } from '../../../src/vectors/readCases.js';

/** Cases from derivexyz/v2-core, as their fields `source` state; the rest of the files is run by `npm run vectors`. */
export const casesOf = (file: string): readonly VectorCase[] =>
  readCases(readFileSync(join(import.meta.dirname, 'fixtures', file), 'utf8'), file) as readonly VectorCase[];

export const inputsOf = ({ id, model, fields }: VectorCase): CaseInputs => ({ id, model, fields, asked: {} });

export const evaluationOf = (evaluator: Evaluator, vector: VectorCase): Evaluation =>
  evaluator.evaluate(inputsOf(vector));

function changedFigure(value: Json, step: Rational): readonly Json[] {
  if (typeof value === 'boolean') return [!value, null];
  const known = typeof value === 'string' ? readNumber(value) : undefined;
  if (known === undefined) throw new Error(`no figure: ${JSON.stringify(value)}`);
  return [formatRational(add(known, step)), formatRational(add(known, rational(-step.num, step.den))), null, true];
}

function changes(value: Json, stepOf: (value: string) => Rational): readonly Json[] {
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    return [
      items.slice(1),
      [...items, '0'],
      // one change an item is enough, and lists are long
      ...items.map((item, index) => items.with(index, changes(item, stepOf)[0] as Json)),
    ];
  }
  if (isObject(value)) {
    return Object.entries(value).flatMap(([name, item]) =>
      changes(item, stepOf).map((changed) => ({ ...value, [name]: changed })),
    );
  }
  return changedFigure(value, typeof value === 'string' ? stepOf(value) : rational(1n));
}

/** Every expected object that differs from the case's in one figure, by a step that its tolerance must not let pass. */
export const changedExpectations = (
  expected: JsonObject,
  stepOf: (field: string, value: string) => Rational,
): readonly { readonly field: string; readonly expected: JsonObject }[] =>
  Object.entries(expected).flatMap(([field, value]) =>
    changes(value, (text) => stepOf(field, text)).map((changed) => ({
      field,
      expected: { ...expected, [field]: changed },
    })),
  );

/** A copy of the fields in which the value at a path is another; undefined removes it. */
export function withField(fields: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const [first, ...rest] = path as [string, ...string[]];
  const entries = Object.entries(fields).filter(([key]) => key !== first);
  const inner = fields[first];
  if (rest.length === 0) return Object.fromEntries(value === undefined ? entries : [...entries, [first, value]]);
  if (Array.isArray(inner)) {
    const items = inner as readonly Json[];
    const [index, ...deeper] = rest as [string, ...string[]];
    const item = deeper.length === 0 ? value : withField(items[Number(index)] as JsonObject, deeper, value);
    const list = item === undefined ? items.toSpliced(Number(index), 1) : items.with(Number(index), item);
    return Object.fromEntries([...entries, [first, list]]);
  }
  return Object.fromEntries([...entries, [first, withField((inner ?? {}) as JsonObject, rest, value)]]);
}
