import { poseidonHash } from '../hash/poseidonHash.js';
import { modulo } from '../setup/bn254Field.js';

/** Elements that one Poseidon of a transcript takes. */
const BLOCK = 16;

/** Twin of Transcript: digest of elements in blocks of 16, each starting from the digest of those before it. */
export function transcript(tag: bigint, elements: readonly bigint[]): bigint {
  let digest = tag;
  for (let first = 0; first < elements.length; first += BLOCK) {
    digest = poseidonHash(digest, elements.slice(first, first + BLOCK).map(modulo));
  }
  return digest;
}
