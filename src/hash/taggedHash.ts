import { buildPoseidon } from 'circomlibjs';

// Built once: the module is WASM and single threaded, so nothing has to be released.
const poseidon = await buildPoseidon();

/**
 * Twin of TaggedHash: Poseidon of 1 to 16 field elements with the domain tag as the initial capacity element, so that
 * hashes of different meaning never collide whatever their arity.
 */
export function taggedHash(tag: bigint, inputs: readonly bigint[]): bigint {
  return poseidon.F.toObject(poseidon([...inputs], tag));
}
