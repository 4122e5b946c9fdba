import { AbiCoder, type ContractRunner, keccak256, type TransactionReceipt, ZeroHash } from 'ethers';
import type { BundleHeader, BundleProof, BundleProofs } from '../attestation/bundleProofs.js';
import { reserveAttestationsAbi } from './abi/reserveAttestations.js';
import { type ArgumentsOf, type ContractClient, connect } from './contractClient.js';
import {
  type ChainEntry,
  chainEntries,
  chainEntry,
  type EntryCalldata,
  entryCalldata,
  type ProofTree,
  proofLeaf,
  proofTree,
} from './proofTree.js';

/** A ReserveAttestations. Its functions beside those below are called with `read` and `send`. */
export type ReserveAttestations = ContractClient<typeof reserveAttestationsAbi>;

/** What a venue attests: IReserveAttestations.Header. */
export type AttestationHeader = ArgumentsOf<typeof reserveAttestationsAbi, 'attest'>[0];

/** Where an attestation stands, in the order of IReserveAttestations.State. */
export const ATTESTATION_STATES = ['None', 'Open', 'Pending', 'Final', 'Revoked'] as const;
export type AttestationState = (typeof ATTESTATION_STATES)[number];

/** A bundle as it goes on chain: its proofs, the start proof that it lacks (proveStart), verifiers by circuit. */
export interface ChainBundle {
  readonly bundle: BundleProofs;
  readonly start: BundleProof;
  /** addresses by name of the circuit */
  readonly verifiers: ReadonlyMap<string, string>;
}

/** Batches that are verified in one transaction: about two million gas. */
const BATCHES_AT_ONCE = 32;

/** The contract at an address. Reading needs a provider, everything else a signer. */
export const connectReserveAttestations = (address: string, runner: ContractRunner): ReserveAttestations =>
  connect(reserveAttestationsAbi, address, runner);

/** Twin of ReserveAttestations.idOf: the id under which the contract keeps a venue's attestation. */
export const chainAttestationId = (
  venue: string,
  { accountRoot, bundleHash }: Pick<BundleHeader, 'accountRoot' | 'bundleHash'>,
): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'uint256', 'bytes32'], [venue, accountRoot, bundleHash]));

/** Where an attestation stands now. */
export const attestationStateOf = async (attestations: ReserveAttestations, id: string): Promise<AttestationState> =>
  // the contract has no other
  ATTESTATION_STATES[Number(await attestations.read('stateOf', [id]))] as AttestationState;

/**
 * Has every proof of a bundle verified on chain, after which its attestation is final. `venue` is the signer's address. What
 * was verified before is not sent again: after a failure, call it once more. Gives the attestation's id on chain.
 */
export async function attestDirectly(
  attestations: ReserveAttestations,
  venue: string,
  { bundle, start, verifiers }: ChainBundle,
): Promise<string> {
  const id = chainAttestationId(venue, bundle.header);
  const state = await attestationStateOf(attestations, id);
  if (state === 'Final') return id;
  if (state === 'None') {
    const entry = entryCalldata(chainEntry(start, verifiers));
    await attestations.send('begin', [headerCalldata(bundle.header, ZeroHash), entry]);
  }
  const { done } = await attestations.read('progressOf', [id]);
  for await (const batches of batchGroups(bundle, Number(done))) {
    const entries = batches.map((batch) => entryCalldata(chainEntry(batch, verifiers)));
    const signals = entries.flatMap((entry) => entry.signals);
    // all of one circuit
    const verifier = entries[0]?.verifier ?? '';
    await attestations.send('extend', [id, verifier, entries.map(({ proof }) => proof), signals]);
  }
  await attestations.send('close', [id, entryCalldata(chainEntry(bundle.closing, verifiers))]);
  return id;
}

/** The tree of a bundle's proofs, for an attestation under a bond and for challenges of one. */
export async function bundleTree({ bundle, start, verifiers }: ChainBundle): Promise<ProofTree> {
  const leaves: string[] = [];
  const proofs = { batches: bundle.batches(), start, closing: bundle.closing };
  for await (const entry of chainEntries(proofs, verifiers)) leaves.push(proofLeaf(entry));
  return proofTree(leaves);
}

/**
 * Attests under a bond, which the signer pays. It is final when the window has passed without a challenge: verify the bundle
 * first, since one false proof in it costs the bond. `proofsRoot` is the root of bundleTree.
 */
export async function attestUnderBond(
  attestations: ReserveAttestations,
  header: BundleHeader,
  proofsRoot: string,
): Promise<TransactionReceipt> {
  const value = await attestations.read('bond', []);
  return attestations.send('attest', [headerCalldata(header, proofsRoot)], { value });
}

/** An entry of an attestation with its place in the tree. */
export interface PlacedEntry {
  readonly position: number;
  readonly entry: ChainEntry;
  readonly tree: ProofTree;
}

/** Revokes a pending attestation whose entry does not say what its place asks for: verifier, signals, states or roots. */
export const challengeEntry = (
  attestations: ReserveAttestations,
  id: string,
  placed: PlacedEntry,
): Promise<TransactionReceipt> => attestations.send('challengeEntry', [id, ...placedCalldata(placed)]);

/** Revokes a pending attestation one of whose proofs fails. */
export const challengeProof = (
  attestations: ReserveAttestations,
  id: string,
  placed: PlacedEntry,
): Promise<TransactionReceipt> => attestations.send('challengeProof', [id, ...placedCalldata(placed)]);

/** Revokes a pending attestation of which a batch does not follow the one before. `next` stands behind `placed`. */
export const challengeChain = (
  attestations: ReserveAttestations,
  id: string,
  placed: PlacedEntry,
  next: PlacedEntry,
): Promise<TransactionReceipt> => {
  const [, nextEntry, nextPath] = placedCalldata(next);
  return attestations.send('challengeChain', [id, ...placedCalldata(placed), nextEntry, nextPath]);
};

/** Demands that the entry at a position is shown on chain; the signer pays the fee. */
export async function demandEntry(
  attestations: ReserveAttestations,
  id: string,
  position: number,
): Promise<TransactionReceipt> {
  const value = await attestations.read('demandFee', []);
  return attestations.send('demand', [id, BigInt(position)], { value });
}

/** Shows an entry that was demanded. Anybody. */
export const answerDemand = (
  attestations: ReserveAttestations,
  id: string,
  placed: PlacedEntry,
): Promise<TransactionReceipt> => attestations.send('answer', [id, ...placedCalldata(placed)]);

type Path = ArgumentsOf<typeof reserveAttestationsAbi, 'answer'>[3];

const placedCalldata = ({ position, entry, tree }: PlacedEntry): readonly [bigint, EntryCalldata, Path] => [
  BigInt(position),
  entryCalldata(entry),
  // as many siblings as the tree has levels
  tree.path(position) as Path,
];

const headerCalldata = (header: BundleHeader, proofsRoot: string): AttestationHeader => ({
  ...header,
  count: BigInt(header.count),
  proofsRoot,
});

/** Batches from the `done`-th on, in groups of one circuit. */
async function* batchGroups(bundle: BundleProofs, done: number): AsyncGenerator<readonly BundleProof[]> {
  let group: BundleProof[] = [];
  let index = 0;
  for await (const batch of bundle.batches()) {
    if (index++ < done) continue;
    if (group.length === BATCHES_AT_ONCE || (group.length > 0 && group[0]?.circuit !== batch.circuit)) {
      yield group;
      group = [];
    }
    group.push(batch);
  }
  if (group.length > 0) yield group;
}
