import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BundleProof } from '../../src/attestation/bundleProofs.js';
import { type AttestationsConfig, deployReserveAttestations } from '../../src/chain/deploy.js';
import type { ChainEntry } from '../../src/chain/proofTree.js';
import {
  answerDemand,
  attestationStateOf,
  attestDirectly,
  attestUnderBond,
  bundleTree,
  type ChainBundle,
  chainAttestationId,
  challengeChain,
  challengeEntry,
  challengeProof,
  connectReserveAttestations,
  demandEntry,
  type ReserveAttestations,
} from '../../src/chain/reserveAttestations.js';
import {
  ANSWER_WINDOW,
  type AttestationSystem,
  attestationSystem,
  BOND,
  CHALLENGE_WINDOW,
  type Chain,
  type Changes,
  FEE,
  NOW,
} from '../support/attestationSystem.js';
import { type FreeSignals, releaseSnarkjs } from '../support/freeSignals.js';

// Bundles as a venue has them, sent and challenged by the functions that a venue and a challenger call, at a contract that
// was deployed by ours.

let system: AttestationSystem;
let verifiers: ReadonlyMap<string, string>;
let asVenue: ReserveAttestations;
let asChallenger: ReserveAttestations;
let saved: string;

beforeAll(async () => {
  system = await attestationSystem();
  const [owner, venue, challenger] = system.chain.signers;
  if (!owner || !venue || !challenger) throw new Error('the chain has no accounts');
  const input = ({ key, circuit }: FreeSignals) => ({ key, circuit, setup: 'development' as const });
  const config: AttestationsConfig = {
    riskOracle: system.oracle,
    bond: BOND,
    demandFee: FEE,
    challengeWindow: CHALLENGE_WINDOW,
    answerWindow: ANSWER_WINDOW,
    start: input(system.keys.start),
    batches: [input(system.keys.batch)],
    closings: [input(system.keys.coverage)],
  };
  const deployed = await deployReserveAttestations(owner, config);
  verifiers = new Map([...deployed.verifiers].map(([circuit, { address }]) => [circuit, address]));
  asVenue = connectReserveAttestations(deployed.attestations.address, venue);
  asChallenger = connectReserveAttestations(deployed.attestations.address, challenger);
}, 120_000);

afterAll(async () => {
  await system?.stop();
  await releaseSnarkjs();
});

beforeEach(async () => {
  saved = await system.snapshot();
});

afterEach(() => system.revert(saved));

const bundleOf = async (count: number, changes: Changes = {}): Promise<ChainBundle> => {
  const { header, entries }: Chain = await system.bundle(count, 1001n, changes);
  const circuitOf = (position: number): string => {
    if (position < count) return system.keys.batch.circuit;
    return position === count ? system.keys.start.circuit : system.keys.coverage.circuit;
  };
  const proofs = entries.map(
    ({ proof, signals }, position): BundleProof => ({ circuit: circuitOf(position), proof, signals }),
  );
  const [start, closing] = proofs.slice(count) as [BundleProof, BundleProof];
  const { proofsRoot: _, ...rest } = header;
  return {
    bundle: {
      header: rest,
      batches: async function* () {
        yield* proofs.slice(0, count);
      },
      closing,
    },
    start,
    verifiers,
  };
};

const idOf = ({ bundle }: ChainBundle): string => chainAttestationId(system.venue, bundle.header);
const refuses = (call: Promise<unknown>, error: string) =>
  expect(call).rejects.toMatchObject({ details: expect.objectContaining({ error }) });

describe('sent proof by proof', () => {
  test('is final at once, however many transactions the batches take', async () => {
    // more than go into one transaction
    const chain = await bundleOf(33);
    const id = await attestDirectly(asVenue, system.venue, chain);
    expect(id).toBe(await asVenue.read('idOf', [system.venue, 1001n, chain.bundle.header.bundleHash]));
    expect(await attestationStateOf(asVenue, id)).toBe('Final');
    expect(await attestDirectly(asVenue, system.venue, chain)).toBe(id);
  });

  test('goes on where it stopped', async () => {
    const chain = await bundleOf(3);
    const broken = await bundleOf(3, { signals: { 2: { tableHash: 4n } } });
    await expect(attestDirectly(asVenue, system.venue, broken)).rejects.toMatchObject({
      code: 'EXPECTATION_NOT_MET',
      details: { error: 'EntryRefused' },
    });
    expect(await attestationStateOf(asVenue, idOf(chain))).toBe('Open');
    expect(await attestDirectly(asVenue, system.venue, chain)).toBe(idOf(chain));
    expect(await attestationStateOf(asVenue, idOf(chain))).toBe('Final');
  });

  test('a proof that fails is PROOF_INVALID', async () => {
    const [first] = (await system.bundle(3, 1001n)).entries;
    const chain = await bundleOf(3, { entries: { 1: (entry) => ({ ...entry, proof: first?.proof ?? entry.proof }) } });
    await expect(attestDirectly(asVenue, system.venue, chain)).rejects.toMatchObject({ code: 'PROOF_INVALID' });
  });

  test('a circuit without a verifier is named', async () => {
    const chain = { ...(await bundleOf(1)), verifiers: new Map() };
    await expect(attestDirectly(asVenue, system.venue, chain)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { circuit: system.keys.start.circuit },
    });
  });
});

describe('under a bond', () => {
  const entryOf = ({ circuit, proof, signals }: BundleProof): ChainEntry => ({
    verifier: verifiers.get(circuit) ?? '',
    proof,
    signals,
  });
  /** Attests, and gives what it takes to speak about the entry at a position. */
  async function posted(chain: ChainBundle) {
    const tree = await bundleTree(chain);
    await attestUnderBond(asVenue, chain.bundle.header, tree.root);
    const entries: ChainEntry[] = [];
    for await (const batch of chain.bundle.batches()) entries.push(entryOf(batch));
    entries.push(entryOf(chain.start), entryOf(chain.bundle.closing));
    const placed = (position: number) => ({ position, entry: entries[position] as ChainEntry, tree });
    return { id: idOf(chain), placed };
  }

  test('is final when the window has passed without a challenge, none of which succeeds', async () => {
    const { id, placed } = await posted(await bundleOf(3));
    expect(await attestationStateOf(asVenue, id)).toBe('Pending');
    await refuses(challengeEntry(asChallenger, id, placed(1)), 'NothingWrong');
    await refuses(challengeProof(asChallenger, id, placed(4)), 'ProofIsValid');
    await refuses(challengeChain(asChallenger, id, placed(0), placed(1)), 'NothingWrong');
    await demandEntry(asChallenger, id, 2);
    await answerDemand(asVenue, id, placed(2));
    await system.at((await system.time()) + CHALLENGE_WINDOW + 2n);
    expect(await attestationStateOf(asVenue, id)).toBe('Final');
    expect(await system.time()).toBeGreaterThan(NOW);
  });

  test.each<[string, Changes, (id: string, placed: (position: number) => never) => Promise<unknown>]>([
    [
      'an entry that is not what its place asks for',
      { signals: { 1: { tableHash: 4n } } },
      (id, placed) => challengeEntry(asChallenger, id, placed(1)),
    ],
    [
      'a proof that fails',
      {
        entries: { 2: (entry) => ({ ...entry, signals: entry.signals.map((signal, i) => (i === 4 ? 129n : signal)) }) },
      },
      (id, placed) => challengeProof(asChallenger, id, placed(2)),
    ],
    [
      'a batch that does not follow',
      { signals: { 1: { stateBefore: 7n } } },
      (id, placed) => challengeChain(asChallenger, id, placed(0), placed(1)),
    ],
  ])('is revoked for %s, and half of the bond is the challenger’s', async (_, changes, challenge) => {
    const { id, placed } = await posted(await bundleOf(3, changes));
    await challenge(id, placed as never);
    expect(await attestationStateOf(asVenue, id)).toBe('Revoked');
    expect(await asVenue.read('creditOf', [system.challenger])).toBe(BOND / 2n);
  });
});
