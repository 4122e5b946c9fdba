import { FIELD_ORDER } from '../../src/protocol/constants.js';

/** The representative from 0 to r - 1. */
export const reduce = (value: bigint): bigint => {
  const rest = value % FIELD_ORDER;
  return rest < 0n ? rest + FIELD_ORDER : rest;
};

/** 1 / value modulo r, by Euclid's algorithm; RangeError for 0. */
export function inverse(value: bigint): bigint {
  let [r0, r1, t0, t1] = [FIELD_ORDER, reduce(value), 0n, 1n];
  if (r1 === 0n) throw new RangeError('0 has no inverse');
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1, t0, t1] = [r1, r0 - quotient * r1, t1, t0 - quotient * t1];
  }
  return reduce(t0);
}
