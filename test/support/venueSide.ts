import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import { afterAll, beforeAll } from 'vitest';
import type { BookPlan } from '../../src/attestation/bookPlan.js';
import { collectEvidence } from '../../src/reserves/collectEvidence.js';
import { loadVerificationKey } from '../../src/setup/artifacts.js';
import {
  ALICE,
  BOB,
  CHAIN_ID,
  ETHER,
  mint,
  ownerSignature,
  startVenueChain,
  type VenueChain,
} from '../reserves/venueChain.js';
import { ARTIFACTS } from './artifacts.js';

/** A local chain with an exchange's coins and a folder to work in, for the tests of one file. */
export function useVenue(): { readonly work: string; readonly chain: VenueChain } {
  let work: string;
  let chain: VenueChain;
  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'zk-solvency-test-'));
    chain = await startVenueChain();
  });
  afterAll(async () => {
    await chain?.stop();
    await rm(work, { recursive: true, force: true });
  });
  return {
    get work() {
      return work;
    },
    get chain() {
      return chain;
    },
  };
}

/** What an exchange on a local chain adds to a proven book: coins that cover it, evidence of them, its key, a policy. */
export async function venueSide(venue: VenueChain, plan: BookPlan, time: number) {
  await mint(venue.tokens.packed, ALICE.address, 100_000_000n * 10n ** 6n);
  await mint(venue.tokens.plain, ALICE.address, 10_000n * ETHER);
  const key = Wallet.createRandom();
  const circuits = [...new Set([...plan.tables.map(({ circuit }) => circuit), 'liabilities-opening'])];
  const keyHashes = await Promise.all(
    circuits.map(async (circuit) => [circuit, (await loadVerificationKey(ARTIFACTS, circuit)).keyHash] as const),
  );
  const policy = { ...venue.policy, venueKey: key.address, verificationKeys: new Map(keyHashes) };
  const attestation = { venue: policy.venue, accountRoot: plan.claimed.accountRoot, time };
  const owners = [await ownerSignature('eip191', ALICE, attestation), await ownerSignature('eip712', BOB, attestation)];
  const { evidence, block } = await collectEvidence({ node: venue.node, block: 'latest', policy, owners, attestation });
  return { policy, evidence, blockHashes: new Map([[CHAIN_ID, block.hash]]), venueKey: key.privateKey };
}
