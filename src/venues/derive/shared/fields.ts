import { SolvencyError } from '../../../errors.js';
import { divide, floor, multiply, type Rational, rational } from '../../../numbers/rational.js';
import { numberAt, optionalNumberAt } from '../../../vectors/fields.js';
import { type Json, type JsonObject, readNumber } from '../../../vectors/json.js';
import type { HeldOption } from './scenario.js';

export const refuse = (message: string): SolvencyError => new SolvencyError('INVALID_INPUT', message);

const WEI = rational(10n ** 18n);

export const fromWei = (value: Rational): Rational => divide(value, WEI);
export const toWei = (value: Rational): Rational => multiply(value, WEI);

export const weiAt = (object: JsonObject, key: string, where: string): Rational =>
  fromWei(numberAt(object, key, where));

export function notNegativeAt(object: JsonObject, key: string, where: string): Rational {
  const value = numberAt(object, key, where);
  if (value.num < 0n) throw refuse(`${where}.${key} is negative`);
  return value;
}

export function positiveAt(object: JsonObject, key: string, where: string): Rational {
  const value = numberAt(object, key, where);
  if (value.num <= 0n) throw refuse(`${where}.${key} is not positive`);
  return value;
}

export const numberOr = (object: JsonObject, key: string, where: string, otherwise: Rational): Rational =>
  optionalNumberAt(object, key, where) ?? otherwise;

/** A flag, which the files write as true or as "1". */
export function flagAt(object: JsonObject, key: string, where: string): boolean {
  const value = object[key];
  if (value === true || value === '1') return true;
  if (value === false || value === '0') return false;
  throw refuse(`${where}.${key} is neither true nor false`);
}

/** A missing list reads as an empty one. */
export function listAt(object: JsonObject, key: string, where: string): readonly Json[] {
  const value: Json = object[key] ?? [];
  if (!Array.isArray(value)) throw refuse(`${where}.${key} is not a list`);
  return value as readonly Json[];
}

export const numbersAt = (object: JsonObject, key: string, where: string): readonly Rational[] =>
  listAt(object, key, where).map((item, index) => {
    const value = typeof item === 'string' ? readNumber(item) : undefined;
    if (value === undefined) throw refuse(`${where}.${key}[${index}] is no number`);
    return value;
  });

const SECONDS_PER_DAY = rational(86_400n);

/** Days as whole seconds: the contracts keep no fraction of a second. */
export const secondsOfDays = (days: Rational): bigint => floor(multiply(days, SECONDS_PER_DAY));

/** An account holds one position of an option: a second one would be margined as what it is not. */
export function requireDistinct(options: readonly HeldOption[], where: string): void {
  const seen = new Set<string>();
  for (const { strike, isCall } of options) {
    const key = `${strike.num}/${strike.den} ${isCall}`;
    if (seen.has(key)) throw refuse(`${where} lists the same option twice`);
    seen.add(key);
  }
}
