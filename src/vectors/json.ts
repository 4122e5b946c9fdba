import { multiply, parseRational, type Rational, rational } from '../numbers/rational.js';

/** JSON in which every number is its own text, so that none passes through a float. */
export type Json = null | boolean | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses JSON and keeps bare numbers as text: 0.1000000000000000055 stays what it is. Quoting each number token and
 * leaving the rest to JSON.parse keeps its checks: "1." or "01" still fail. Throws SyntaxError.
 */
export function parseLosslessJson(text: string): Json {
  return JSON.parse(text.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') ? token : `"${token}"`))) as Json;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const EXPONENT_LIMIT = 1000;

/** Reads "-12.50", "1e-6" or "1/6" exactly; undefined when the text is no number. */
export function readNumber(text: string): Rational | undefined {
  const match = /^(.*\d)[eE]([+-]?\d{1,5})$/.exec(text);
  if (match === null) return parseRational(text);
  const mantissa = parseRational(match[1] as string);
  const exponent = Number(match[2]);
  // beyond this no venue's figure goes, and a power of ten costs memory
  if (mantissa === undefined || Math.abs(exponent) > EXPONENT_LIMIT) return undefined;
  const power = 10n ** BigInt(Math.abs(exponent));
  return multiply(mantissa, exponent < 0 ? rational(1n, power) : rational(power));
}
