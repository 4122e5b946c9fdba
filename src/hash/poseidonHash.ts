import { buildPoseidon } from 'circomlibjs';

// Built once: the module is WASM and single threaded, so nothing has to be released.
const permutation = await buildPoseidon();

/** Twin of PoseidonHash: the first element of the state after the permutation of a capacity element and 1 to 16 others. */
export function poseidonHash(capacity: bigint, inputs: readonly bigint[]): bigint {
  return permutation.F.toObject(permutation([...inputs], capacity));
}
