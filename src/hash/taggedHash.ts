import { poseidonHash } from './poseidonHash.js';

/**
 * Twin of TaggedHash: Poseidon of 1 to 16 field elements with the domain tag as the initial capacity element, so that
 * hashes of different meaning never collide whatever their arity.
 */
export const taggedHash = (tag: bigint, inputs: readonly bigint[]): bigint => poseidonHash(tag, inputs);
