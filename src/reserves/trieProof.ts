import { verifyMerkleProof } from '@ethereumjs/mpt';
import { getBytes, keccak256 } from 'ethers';
import type { TrieProof } from './evidence.js';
import { invalidProof } from './refusal.js';

/** RLP of the empty string: the one node of a trie that holds nothing. */
const EMPTY_NODE = '0x80';
/** Root of a trie that holds nothing. */
export const EMPTY_ROOT = keccak256(EMPTY_NODE);

/**
 * What a secure trie (keys hashed with keccak256) of that root holds under `key`: the stored bytes, or undefined when the
 * proof shows that it holds nothing there. PROOF_INVALID when the nodes do not lead from the root to one or the other:
 * a proof that was cut is no proof of absence.
 */
export async function provenValue(
  root: string,
  key: string,
  proof: TrieProof,
  where: string,
): Promise<Uint8Array | undefined> {
  if (root === EMPTY_ROOT) {
    // nodes write it as no node or as the empty one
    if (proof.length === 0 || (proof.length === 1 && proof[0] === EMPTY_NODE)) return undefined;
    throw invalidProof(where, 'the trie is empty, and its proof holds nodes of another');
  }
  try {
    const nodes = proof.map((node) => getBytes(node));
    // with a root given, the library looks every node up by its hash, beginning with that root
    const options = { root: getBytes(root), useKeyHashing: true };
    return (await verifyMerkleProof(getBytes(key), nodes, options)) ?? undefined;
  } catch (cause) {
    throw invalidProof(where, 'the proof does not lead from the root of its trie to its key', cause);
  }
}
