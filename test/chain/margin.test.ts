import { ZeroHash } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAnvil } from '../../scripts/support/anvil.js';
import { type LocalGate, localGate } from '../../scripts/support/localGate.js';
import { contextOf } from '../../src/chain/context.js';
import { connectGate, isSolvent, type Submission, statusOf, submissionOf, submitProof } from '../../src/chain/gate.js';
import { prove } from '../../src/proof/prove.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { smallestArtifacts } from '../support/artifacts.js';
import { OWNER_SECRET, packageOf, snapshot, usd } from '../support/market.js';

// A proof of a real margin circuit at a gate; what the gate makes of signals is in gate.test.ts.

describe('a margin proof at a gate', () => {
  const now = Math.floor(Date.now() / 1000);
  const table = buildRiskTable({ ...snapshot, time: now });
  const committed = packageOf({ collateral: [usd(500n)], positions: [{ instrumentId: 100, size: 300n, cost: 0n }] });
  const account = { ...committed, root: { ...committed.root, time: BigInt(now) } };
  const deadline = BigInt(now + 3600);
  let chain: Awaited<ReturnType<typeof startAnvil>>;
  let local: LocalGate;
  let submission: Submission;

  beforeAll(async () => {
    chain = await startAnvil();
    const [owner, trader] = chain.signers;
    if (owner === undefined || trader === undefined) throw new Error('the chain has no accounts');
    const artifacts = await smallestArtifacts();
    const { verificationKey: key, setup, circuit } = artifacts;
    const { modelHash } = table.opening;
    local = await localGate(owner, { scope: 1n, verifier: { key, setup, circuit }, modelHash });
    const { address } = local.gate;
    const subject = trader.address;
    const { chainId } = chain;
    const context = contextOf({ chainId, gate: address, consumer: address, subject, actionHash: ZeroHash, deadline });
    const proof = await prove({
      account,
      ownerSecret: OWNER_SECRET,
      table,
      request: { thresholdBps: 10_000n, equityFloor: 0n, scope: 1n, context },
      artifacts,
    });
    await local.postAccountRoot(proof.publicSignals.accountRoot, BigInt(now));
    await local.postRiskRoot(table);
    submission = submissionOf(proof, { subject, deadline, venue: local.venue, verifier: local.verifier });
  });
  afterAll(() => chain?.stop());

  const submit = (signer: number, change: Partial<Submission> = {}) =>
    submitProof(connectGate(local.gate.address, chain.signers[signer] as never), { ...submission, ...change });

  it('taken from the mempool and sent by somebody else is refused', async () => {
    const thief = chain.signers[2]?.address ?? '';
    await expect(submit(2)).rejects.toMatchObject({ details: { error: 'NotTheSubject' } });
    await expect(submit(2, { subject: thief })).rejects.toMatchObject({ details: { error: 'WrongContext' } });
  });

  it('with a public signal changed is refused', async () => {
    const publicSignals = { ...submission.publicSignals, thresholdBps: 20_000n };
    await expect(submit(1, { publicSignals })).rejects.toMatchObject({ code: 'PROOF_INVALID' });
  });

  it('makes its subject solvent, until the account root is revoked', async () => {
    const { gate } = local;
    const { subject } = submission;
    expect(await isSolvent(gate, subject)).toBe(false);
    await submit(1);
    expect([await isSolvent(gate, subject), await statusOf(gate, subject)]).toEqual([true, 'Healthy']);
    await local.revokeAccountRoot(submission.publicSignals.accountRoot);
    expect([await isSolvent(gate, subject), await statusOf(gate, subject)]).toEqual([false, 'MarginCall']);
  });
});
