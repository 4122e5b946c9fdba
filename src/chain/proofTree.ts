import { AbiCoder, concat, id, keccak256, ZeroHash } from 'ethers';
import type { BundleProof } from '../attestation/bundleProofs.js';
import { SolvencyError } from '../errors.js';
import type { ProofPoints } from '../proof/marginProof.js';
import { type ProofCalldata, proofCalldata } from './proofCalldata.js';

/** Levels below the root; ProofTree.DEPTH is the same. */
const DEPTH = 20;
/** Domain of leaves; ProofTree.LEAF_DOMAIN is the same. */
const LEAF_DOMAIN = id('zk-solvency/proof-tree/leaf/1');

/** A proof of a book with the verifier of its circuit: the struct Entry of the contracts. */
export interface ChainEntry {
  /** address */
  readonly verifier: string;
  readonly proof: ProofPoints;
  readonly signals: readonly bigint[];
}

/** An entry as the contracts take it. */
export interface EntryCalldata {
  readonly verifier: string;
  readonly proof: ProofCalldata;
  readonly signals: readonly bigint[];
}

/** What an attestation under a bond commits to, by its leaves. */
export interface ProofTree {
  /** 32 bytes, 0x-prefixed */
  readonly root: string;
  /** Siblings of the leaf at a position, upwards. INVALID_INPUT for a position that the tree does not have. */
  path(position: number): readonly string[];
}

export const entryCalldata = ({ verifier, proof, signals }: ChainEntry): EntryCalldata => ({
  verifier,
  proof: proofCalldata(proof),
  signals,
});

/** Twin of ProofTree.leafOf. */
export function proofLeaf(entry: ChainEntry): string {
  const { verifier, proof, signals } = entryCalldata(entry);
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ['bytes32', 'address', 'tuple(uint256[2] a, uint256[2][2] b, uint256[2] c)', 'uint256[]'],
    [LEAF_DOMAIN, verifier, proof, signals],
  );
  return keccak256(encoded);
}

/**
 * The tree of those leaves, the first at position 0 and zero behind the last. INVALID_INPUT when there are more than it has
 * positions.
 */
export function proofTree(leaves: readonly string[]): ProofTree {
  if (leaves.length > 2 ** DEPTH) {
    throw new SolvencyError('INVALID_INPUT', `A tree of proofs has ${2 ** DEPTH} leaves, not ${leaves.length}.`);
  }
  // a level holds the nodes over leaves that there are; the ones behind them are all alike
  const levels = [leaves];
  const empty = [ZeroHash];
  for (let level = 0; level < DEPTH; level++) {
    const below = levels[level] as readonly string[];
    const filler = empty[level] as string;
    const pairs = Array.from({ length: Math.ceil(below.length / 2) }, (_, i) =>
      node(below[2 * i] ?? filler, below[2 * i + 1] ?? filler),
    );
    levels.push(pairs);
    empty.push(node(filler, filler));
  }
  const nodeAt = (level: number, index: number): string => levels[level]?.[index] ?? (empty[level] as string);
  return {
    root: nodeAt(DEPTH, 0),
    path: (position) => {
      if (!Number.isInteger(position) || position < 0 || position >= 2 ** DEPTH) {
        throw new SolvencyError('INVALID_INPUT', `A tree of proofs has no position ${position}.`);
      }
      return Array.from({ length: DEPTH }, (_, level) => nodeAt(level, Math.floor(position / 2 ** level) ^ 1));
    },
  };
}

/**
 * The entries of a chain in the order of its positions: batches, start, closing. One at a time: a large venue has hundreds of
 * thousands. `verifiers` are addresses by circuit; INVALID_INPUT for a circuit that has none.
 */
export async function* chainEntries(
  proofs: {
    readonly batches: AsyncIterable<BundleProof> | Iterable<BundleProof>;
    readonly start: BundleProof;
    readonly closing: BundleProof;
  },
  verifiers: ReadonlyMap<string, string>,
): AsyncGenerator<ChainEntry> {
  for await (const batch of proofs.batches) yield chainEntry(batch, verifiers);
  yield chainEntry(proofs.start, verifiers);
  yield chainEntry(proofs.closing, verifiers);
}

/** A proof of a bundle with the verifier of its circuit. INVALID_INPUT when there is none. */
export function chainEntry(
  { circuit, proof, signals }: BundleProof,
  verifiers: ReadonlyMap<string, string>,
): ChainEntry {
  const verifier = verifiers.get(circuit);
  if (verifier === undefined) {
    throw new SolvencyError('INVALID_INPUT', `There is no verifier of ${circuit}: give its address.`, {
      details: { circuit },
    });
  }
  return { verifier, proof, signals };
}

const node = (left: string, right: string): string => keccak256(concat([left, right]));
