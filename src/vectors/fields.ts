import { SolvencyError } from '../errors.js';
import type { Rational } from '../numbers/rational.js';
import { isObject, type Json, type JsonObject, readNumber } from './json.js';

const refuse = (message: string): never => {
  throw new SolvencyError('INVALID_INPUT', message);
};

/**
 * Refuses a field that is not in `allowed`: a case that states more than the model reads would otherwise get an answer
 * to another question. `note` is prose and always allowed.
 */
export function onlyFields(object: JsonObject, allowed: readonly string[], where: string): void {
  const unknown = Object.keys(object).filter((key) => key !== 'note' && !allowed.includes(key));
  if (unknown.length > 0) refuse(`${where} has fields this model does not read: ${unknown.join(', ')}`);
}

/** A missing object reads as an empty one. */
export function objectAt(object: JsonObject, key: string, where: string): JsonObject {
  const value = object[key] ?? {};
  return isObject(value) ? value : refuse(`${where}.${key} is not an object`);
}

/** A missing list reads as an empty one; every item must be an object. */
export function objectsAt(object: JsonObject, key: string, where: string): readonly JsonObject[] {
  const value: Json = object[key] ?? [];
  if (!Array.isArray(value)) return refuse(`${where}.${key} is not a list`);
  return value.map((item: Json, index) =>
    isObject(item) ? item : refuse(`${where}.${key}[${index}] is not an object`),
  );
}

export function textAt(object: JsonObject, key: string, where: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : refuse(`${where} states no ${key}`);
}

export function numberAt(object: JsonObject, key: string, where: string): Rational {
  const text = textAt(object, key, where);
  return readNumber(text) ?? refuse(`${where}.${key} is no number: "${text}"`);
}

export const optionalNumberAt = (object: JsonObject, key: string, where: string): Rational | undefined =>
  object[key] === undefined || object[key] === null ? undefined : numberAt(object, key, where);

export function integerAt(object: JsonObject, key: string, where: string): bigint {
  const value = numberAt(object, key, where);
  return value.den === 1n ? value.num : refuse(`${where}.${key} is no integer`);
}

export const optionalIntegerAt = (object: JsonObject, key: string, where: string): bigint | undefined =>
  object[key] === undefined || object[key] === null ? undefined : integerAt(object, key, where);
