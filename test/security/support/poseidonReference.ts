import { FIELD_ORDER } from '../../../src/protocol/constants.js';

/**
 * Poseidon over BN254's scalar field from its paper (Grassi and others, eprint 2019/458), written without any table: round
 * constants and matrix come from the paper's generator (appendix E), and every round is the plain one. Libraries hold
 * constants for rounds that are rearranged to be cheap, and a mistake there would be the same in all that copy them.
 */

/** Partial rounds for 1 to 16 inputs at 128 bits of security, as circomlib rounds the paper's figures up. */
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
const FULL_ROUNDS = 8;
const FIELD_BITS = 254;

/** The whole state after the permutation of (tag, inputs); the hash is its first element. */
export function permute(tag: bigint, inputs: readonly bigint[]): readonly bigint[] {
  const width = inputs.length + 1;
  const partial = PARTIAL_ROUNDS[inputs.length - 1] as number;
  const { constants, matrix } = parametersOf(width, partial);
  let state: readonly bigint[] = [tag, ...inputs];
  for (let round = 0; round < FULL_ROUNDS + partial; round++) {
    const isFull = round < FULL_ROUNDS / 2 || round >= FULL_ROUNDS / 2 + partial;
    const raised = state.map((value, i) => {
      const added = (value + (constants[round * width + i] as bigint)) % FIELD_ORDER;
      return isFull || i === 0 ? added ** 5n % FIELD_ORDER : added;
    });
    state = matrix.map((row) => row.reduce((sum, factor, i) => sum + factor * (raised[i] as bigint), 0n) % FIELD_ORDER);
  }
  return state;
}

function parametersOf(width: number, partial: number) {
  const nextBit = grain(width, partial);
  const drawn = (): bigint => {
    let value = 0n;
    for (let i = 0; i < FIELD_BITS; i++) value = (value << 1n) | nextBit();
    return value;
  };
  const belowOrder = (): bigint => {
    for (;;) {
      const value = drawn();
      if (value < FIELD_ORDER) return value;
    }
  };
  const constants = Array.from({ length: (FULL_ROUNDS + partial) * width }, belowOrder);
  // Cauchy: 1 / (x_i + y_j) of numbers that are not drawn anew when they are too large
  const numbers = Array.from({ length: 2 * width }, () => drawn() % FIELD_ORDER);
  const matrix = numbers.slice(0, width).map((x) => numbers.slice(width).map((y) => inverse(x + y)));
  return { constants, matrix };
}

/** The generator's bits: a shift register of 80 bits, of whose output pairs those that begin with 1 count by their second. */
function grain(width: number, partial: number): () => bigint {
  const bits = (value: number, length: number): readonly number[] =>
    [...value.toString(2).padStart(length, '0')].map(Number);
  // prime field, x^5, then the sizes, then ones
  const start = [
    bits(1, 2),
    bits(0, 4),
    bits(FIELD_BITS, 12),
    bits(width, 12),
    bits(FULL_ROUNDS, 10),
    bits(partial, 10),
  ];
  const register = Uint8Array.from([...start.flat(), ...Array<number>(30).fill(1)]);
  let at = 0;
  const back = (offset: number): number => register[(at + offset) % 80] as number;
  const step = (): number => {
    const made = back(62) ^ back(51) ^ back(38) ^ back(23) ^ back(13) ^ back(0);
    register[at] = made;
    at = (at + 1) % 80;
    return made;
  };
  for (let i = 0; i < 160; i++) step();
  return () => {
    while (step() === 0) step();
    return BigInt(step());
  };
}

/** Fermat: a^(r - 2). */
function inverse(value: bigint): bigint {
  let [result, base] = [1n, value % FIELD_ORDER];
  for (let exponent = FIELD_ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % FIELD_ORDER;
    base = (base * base) % FIELD_ORDER;
  }
  return result;
}
