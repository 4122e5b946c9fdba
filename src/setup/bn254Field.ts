import { FIELD_ORDER } from '../protocol/constants.js';

/** The order of the base field, in which the coordinates of points lie; FIELD_ORDER is that of the scalars. */
export const BASE_FIELD_ORDER = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** Size of an element in files and in the curve module. */
export const ELEMENT_BYTES = 32;

/** 2^256: an element x is x 2^256 in Montgomery form. */
const MONTGOMERY = 2n ** 256n % FIELD_ORDER;

/** 2^28 divides r - 1; 5 is not a square, so its powers have roots of unity of every order up to 2^28. */
export const MAX_DOMAIN_POWER = 28;

export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = modulo(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % FIELD_ORDER;
    square = (square * square) % FIELD_ORDER;
  }
  return result;
}

export const modulo = (value: bigint): bigint => ((value % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER;

export const inverse = (value: bigint): bigint => power(value, FIELD_ORDER - 2n);

/** The generator of the domain of that size (a power of two) which the library uses. */
export const rootOfUnity = (size: number): bigint => power(5n, (FIELD_ORDER - 1n) / BigInt(size));

/** Plain little-endian bytes. */
export function toBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(ELEMENT_BYTES);
  let rest = modulo(value);
  for (let i = 0; i < ELEMENT_BYTES; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

/** Little-endian bytes of the Montgomery form. */
export const toMontgomeryBytes = (value: bigint): Uint8Array => toBytes(value * MONTGOMERY);

/** What the library's key files multiply the coefficients of a circuit with, plain. */
export const COEFFICIENT_FACTOR = (MONTGOMERY * MONTGOMERY) % FIELD_ORDER;
