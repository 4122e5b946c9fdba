import { ZeroHash } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAnvil } from '../../scripts/support/anvil.js';
import { contextOf } from '../../src/chain/context.js';
import { deployGate, deployVerifier } from '../../src/chain/deploy.js';
import {
  connectGate,
  isSolvent,
  postAccountRoot,
  postRiskRoot,
  revokeAccountRoot,
  setPublisher,
  setVerifier,
  submitProof,
} from '../../src/chain/gate.js';
import { type MarginProof, signalList } from '../../src/proof/marginProof.js';
import { prove } from '../../src/proof/prove.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { smallestArtifacts } from '../support/artifacts.js';
import { OWNER_SECRET, packageOf, snapshot, usd } from '../support/market.js';

describe('a margin proof at a gate', () => {
  const now = Math.floor(Date.now() / 1000);
  const table = buildRiskTable({ ...snapshot, time: now });
  const committed = packageOf({ collateral: [usd(500n)], positions: [{ instrumentId: 100, size: 300n, cost: 0n }] });
  const account = { ...committed, root: { ...committed.root, time: BigInt(now) } };
  const deadline = BigInt(now + 3600);
  let chain: Awaited<ReturnType<typeof startAnvil>>;
  let gateAddress: string;
  let verifier: string;
  let proof: MarginProof;

  beforeAll(async () => {
    chain = await startAnvil();
    const [owner, trader] = chain.signers;
    if (owner === undefined || trader === undefined) throw new Error('the chain has no accounts');
    const artifacts = await smallestArtifacts();
    const policy = {
      minThresholdBps: 10_000n,
      minEquityFloor: 0n,
      scope: 1n,
      maxAge: 3600n,
      maxRootGap: 600n,
      riskGrace: 600n,
    };
    gateAddress = (await deployGate(owner, { owner: await owner.getAddress(), policy })).address;
    verifier = (
      await deployVerifier(owner, { key: artifacts.verificationKey, setup: 'development', circuit: artifacts.circuit })
    ).address;
    const context = contextOf({
      chainId: chain.chainId,
      gate: gateAddress,
      subject: await trader.getAddress(),
      actionHash: ZeroHash,
      deadline,
    });
    proof = await prove({
      account,
      ownerSecret: OWNER_SECRET,
      table,
      request: { thresholdBps: 10_000n, equityFloor: 0n, scope: 1n, context },
      artifacts,
    });
    const gate = connectGate(gateAddress, owner);
    await setPublisher(gate, await owner.getAddress(), true);
    await setVerifier(gate, verifier, table.opening.modelHash, true);
    await postAccountRoot(gate, proof.publicSignals.accountRoot, BigInt(now));
    await postRiskRoot(gate, table.riskRoot, BigInt(now), table.opening.modelHash);
  });
  afterAll(() => chain?.stop());

  const submit = (signer: number, change: Partial<Parameters<typeof submitProof>[1]> = {}) =>
    submitProof(connectGate(gateAddress, chain.signers[signer] as never), {
      verifier,
      proof: proof.proof,
      publicSignals: signalList(proof.publicSignals),
      actionHash: ZeroHash,
      deadline,
      ...change,
    });

  it('taken from the mempool and sent by somebody else is refused', async () => {
    await expect(submit(2)).rejects.toMatchObject({ code: 'CHAIN', details: { error: 'WrongContext' } });
  });

  it('with a public signal changed is refused', async () => {
    const raised = signalList({ ...proof.publicSignals, thresholdBps: 20_000n });
    await expect(submit(1, { publicSignals: raised })).rejects.toMatchObject({ details: { error: 'ProofInvalid' } });
  });

  it('makes its subject solvent, until the account root is revoked', async () => {
    const [owner, trader] = chain.signers;
    if (owner === undefined || trader === undefined) throw new Error('the chain has no accounts');
    const gate = connectGate(gateAddress, owner);
    expect(await isSolvent(gate, await trader.getAddress())).toBe(false);
    await submit(1);
    expect(await isSolvent(gate, await trader.getAddress())).toBe(true);
    await revokeAccountRoot(gate, proof.publicSignals.accountRoot);
    expect(await isSolvent(gate, await trader.getAddress())).toBe(false);
  });
});
