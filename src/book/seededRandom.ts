import { createHash } from 'node:crypto';
import { FIELD_ORDER } from '../protocol/constants.js';

/** Draws that a seed determines, on every machine: whole numbers only. For made-up data, never for secrets. */
export interface SeededRandom {
  /** uniform in [0, bound), bound at most 2^32 */
  below(bound: number): number;
  /** true with that many chances in a million */
  chance(perMillion: number): boolean;
  /** uniform in [0, 2^bits) */
  bits(bits: number): bigint;
  /** below r */
  field(): bigint;
}

const BLOCK_BYTES = 4096;

/** SHAKE256 of the seed and a counter. */
export function seededRandom(seed: string): SeededRandom {
  let block = Buffer.alloc(0);
  let [at, counter] = [0, 0];
  const word = (): number => {
    if (at === block.length) {
      block = createHash('shake256', { outputLength: BLOCK_BYTES }).update(`${counter++}\n${seed}`).digest();
      at = 0;
    }
    at += 4;
    return block.readUInt32LE(at - 4);
  };
  const below = (bound: number): number => Math.floor((word() / 2 ** 32) * bound);
  const bits = (count: number): bigint => {
    let value = 0n;
    for (let drawn = 0; drawn < count; drawn += 32) value = (value << 32n) | BigInt(word());
    return value >> BigInt((32 - (count % 32)) % 32);
  };
  return {
    below,
    chance: (perMillion) => below(1_000_000) < perMillion,
    bits,
    field: () => bits(256) % FIELD_ORDER,
  };
}
