import { ELEMENT_BYTES } from './bn254Field.js';

/** Sections of a Groth16 .zkey file, version 1. */
export const SECTION = {
  protocol: 1,
  header: 2,
  publics: 3,
  coefficients: 4,
  a: 5,
  b1: 6,
  b2: 7,
  privates: 8,
  h: 9,
  contributions: 10,
} as const;

/** Points are affine, their coordinates in Montgomery form. */
export const POINT_BYTES = { G1: 2 * ELEMENT_BYTES, G2: 4 * ELEMENT_BYTES } as const;

/** The number of the protocol, alone in its section. */
export const GROTH16 = 1;

/** An entry of the coefficient section: matrix, row, wire, coefficient. */
export const COEFFICIENT_BYTES = 12 + ELEMENT_BYTES;

/** Where things lie in the header section: both field orders, each after its size, three counts, then the points. */
const COUNTS = 2 * (4 + ELEMENT_BYTES);
const POINTS = COUNTS + 12;
const { G1, G2 } = POINT_BYTES;
export const HEADER = {
  wires: COUNTS,
  publics: COUNTS + 4,
  domain: COUNTS + 8,
  alpha1: POINTS,
  beta1: POINTS + G1,
  beta2: POINTS + 2 * G1,
  gamma2: POINTS + 2 * G1 + G2,
  delta1: POINTS + 2 * G1 + 2 * G2,
  delta2: POINTS + 3 * G1 + 2 * G2,
  length: POINTS + 3 * G1 + 3 * G2,
} as const;
