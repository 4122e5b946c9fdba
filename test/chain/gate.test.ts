import { type Contract, Interface, type InterfaceAbi, id, ZeroHash } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { compileGate } from '../../src/chain/compileContracts.js';
import { contextOf } from '../../src/chain/context.js';
import { deployGate, deployVerifier } from '../../src/chain/deploy.js';
import {
  connectGate,
  type GatePolicy,
  isSolvent,
  policyOf,
  postAccountRoot,
  postRiskRoot,
  revokeAccountRoot,
  revokeRiskRoot,
  type Submission,
  setPublisher,
  setVerifier,
  statusOf,
  submitProof,
} from '../../src/chain/gate.js';
import { GATE_ABI } from '../../src/chain/gateAbi.js';
import type { ProofPoints } from '../../src/proof/marginProof.js';
import { signalList } from '../../src/proof/marginProof.js';
import { proofArithmetic, Q, R } from '../support/bn254.js';
import { CIRCUIT, releaseSnarkjs, type SevenSignalsKeys, sevenSignals } from '../support/sevenSignals.js';

const MODEL = 77n;
const POLICY: GatePolicy = {
  minThresholdBps: 12_000n,
  minEquityFloor: 10n ** 20n,
  scope: 9n,
  maxAge: 3600n,
  maxRootGap: 600n,
  riskGrace: 60n,
};
/** the time of the chain when a test begins; roots are a little older */
const NOW = 2_000_000_000n;
const ACCOUNT_ROOT = 1001n;
const RISK_ROOT = 2001n;
const ACCOUNT_TIME = NOW - 100n;
const RISK_TIME = NOW - 50n;

let keys: SevenSignalsKeys;
let chain: LocalChain;
let verifier: string;
let address: string;
/** the same gate, as its owner, its publisher, a subject and another subject */
let owner: Contract;
let publisher: Contract;
let alice: Contract;
let bob: Contract;
let aliceAddress: string;
let bobAddress: string;
let snapshot: string;

beforeAll(async () => {
  [keys, chain] = await Promise.all([sevenSignals(), startAnvil()]);
  const [first, second, third, fourth] = chain.signers;
  if (first === undefined || second === undefined || third === undefined || fourth === undefined) throw new Error();
  const verifierDeployment = await deployVerifier(first, { key: keys.key, setup: 'development', circuit: CIRCUIT });
  const gateDeployment = await deployGate(first, { owner: first.address, policy: POLICY });
  verifier = verifierDeployment.address;
  address = gateDeployment.address;
  console.log(`deployment: verifier ${verifierDeployment.gasUsed} gas, gate ${gateDeployment.gasUsed} gas`);
  owner = connectGate(address, first);
  publisher = connectGate(address, second);
  alice = connectGate(address, third);
  bob = connectGate(address, fourth);
  aliceAddress = third.address;
  bobAddress = fourth.address;
  await setPublisher(owner, second.address, true);
  await setVerifier(owner, verifier, MODEL, true);
  await at(NOW - 10n);
  await postAccountRoot(publisher, ACCOUNT_ROOT, ACCOUNT_TIME);
  await postRiskRoot(publisher, RISK_ROOT, RISK_TIME, MODEL);
}, 60_000);

afterAll(async () => {
  await chain?.stop();
  await releaseSnarkjs();
});

beforeEach(async () => {
  snapshot = await chain.provider.send('evm_snapshot', []);
  await at(NOW);
});

afterEach(async () => {
  await chain.provider.send('evm_revert', [snapshot]);
});

/** Mines a block at that time, so that calls see it; the next transaction is at least a second later. */
async function at(time: bigint): Promise<void> {
  await chain.provider.send('evm_setNextBlockTimestamp', [Number(time)]);
  await chain.provider.send('evm_mine', []);
}

interface Statement {
  readonly subject?: string;
  readonly chainId?: bigint;
  readonly gate?: string;
  readonly actionHash?: string;
  readonly deadline?: bigint;
  readonly accountRoot?: bigint;
  readonly riskRoot?: bigint;
  readonly thresholdBps?: bigint;
  readonly equityFloor?: bigint;
  readonly nullifier?: bigint;
  readonly scope?: bigint;
}

/** A proof of a statement that the gate accepts from Alice, but for what is told otherwise. */
async function submission(statement: Statement = {}): Promise<Submission> {
  const actionHash = statement.actionHash ?? ZeroHash;
  const deadline = statement.deadline ?? NOW + 10_000n;
  const context = contextOf({
    chainId: statement.chainId ?? chain.chainId,
    gate: statement.gate ?? address,
    subject: statement.subject ?? aliceAddress,
    actionHash,
    deadline,
  });
  const publicSignals = signalList({
    accountRoot: statement.accountRoot ?? ACCOUNT_ROOT,
    riskRoot: statement.riskRoot ?? RISK_ROOT,
    thresholdBps: statement.thresholdBps ?? POLICY.minThresholdBps,
    equityFloor: statement.equityFloor ?? POLICY.minEquityFloor,
    nullifier: statement.nullifier ?? 5n,
    scope: statement.scope ?? POLICY.scope,
    context,
  });
  return { verifier, proof: await keys.prove(publicSignals), publicSignals, actionHash, deadline };
}

/** What a refusal looks like: the contract's error, by name. */
const refusal = (error: string) =>
  expect.objectContaining({ code: 'CHAIN', details: expect.objectContaining({ error }) });

const refuses = (call: Promise<unknown>, error: string) => expect(call).rejects.toEqual(refusal(error));

describe('gate: acceptance', () => {
  test('records who is solvent, until when, and against which roots', async () => {
    const receipt = await submitProof(alice, await submission({ thresholdBps: 15_000n }));
    console.log(`submit, first of a subject: ${receipt.gasUsed} gas`);
    expect(await isSolvent(alice, aliceAddress)).toBe(true);
    expect(await isSolvent(alice, bobAddress)).toBe(false);
    expect(await statusOf(alice, aliceAddress)).toEqual({
      accountTime: ACCOUNT_TIME,
      riskTime: RISK_TIME,
      // counted from the older root, never from the block
      solventUntil: ACCOUNT_TIME + POLICY.maxAge,
      thresholdBps: 15_000n,
      equityFloor: POLICY.minEquityFloor,
      accountRoot: ACCOUNT_ROOT,
      riskRoot: RISK_ROOT,
    });
    expect(receipt.gasUsed).toBeLessThan(500_000n);
  });

  test('emits what was proven', async () => {
    const actionHash = id('borrow 100');
    const receipt = await submitProof(alice, await submission({ actionHash }));
    const events = receipt.logs.map((log) => alice.interface.parseLog(log));
    expect(events.map((event) => event?.name)).toEqual(['NullifierBound', 'SolvencyProven']);
    expect(events[1]?.args.toObject()).toMatchObject({ subject: aliceAddress, accountRoot: ACCOUNT_ROOT, actionHash });
  });

  test('the same subject renews with the same nullifier', async () => {
    await submitProof(alice, await submission());
    await postAccountRoot(publisher, 1002n, NOW);
    await postRiskRoot(publisher, 2002n, NOW, MODEL);
    const receipt = await submitProof(alice, await submission({ accountRoot: 1002n, riskRoot: 2002n }));
    console.log(`submit, renewal: ${receipt.gasUsed} gas`);
    expect((await statusOf(alice, aliceAddress)).solventUntil).toBe(NOW + POLICY.maxAge);
  });

  test('the same proof again changes nothing', async () => {
    const again = await submission();
    await submitProof(alice, again);
    const before = await statusOf(alice, aliceAddress);
    await at(NOW + 500n);
    await submitProof(alice, again);
    expect(await statusOf(alice, aliceAddress)).toEqual(before);
  });

  test('a subject counts as solvent up to the last second and no longer', async () => {
    await submitProof(alice, await submission());
    await at(ACCOUNT_TIME + POLICY.maxAge);
    expect(await isSolvent(alice, aliceAddress)).toBe(true);
    await at(ACCOUNT_TIME + POLICY.maxAge + 1n);
    expect(await isSolvent(alice, aliceAddress)).toBe(false);
  });
});

describe('gate: replay', () => {
  test('a proof taken from the mempool and sent by somebody else', async () => {
    await refuses(submitProof(bob, await submission()), 'WrongContext');
  });

  test('a rerandomised proof is stopped in the same way, and is no second proof for its own subject', async () => {
    const original = await submission();
    const { rerandomised } = await proofArithmetic();
    const { a, b, c } = rerandomised({ ...original.proof, b: swap(original.proof.b) }, 99n);
    const another: Submission = { ...original, proof: { a, b: swap(b), c } };
    await refuses(submitProof(bob, another), 'WrongContext');
    await submitProof(alice, original);
    const before = await statusOf(alice, aliceAddress);
    await submitProof(alice, another);
    expect(await statusOf(alice, aliceAddress)).toEqual(before);
  });

  test('another chain', async () => {
    await refuses(submitProof(alice, await submission({ chainId: 1n })), 'WrongContext');
  });

  test('another gate', async () => {
    await refuses(submitProof(alice, await submission({ gate: verifier })), 'WrongContext');
  });

  test('another action or deadline than the proven', async () => {
    const proven = await submission({ actionHash: id('borrow 100') });
    await refuses(submitProof(alice, { ...proven, actionHash: id('borrow 101') }), 'WrongContext');
    await refuses(submitProof(alice, { ...proven, deadline: proven.deadline + 1n }), 'WrongContext');
    await submitProof(alice, proven);
  });

  test('a context not below the field: the hash with its top bits', async () => {
    const original = await submission();
    const publicSignals = original.publicSignals.with(6, (original.publicSignals[6] ?? 0n) + R);
    await refuses(submitProof(alice, { ...original, publicSignals }), 'WrongContext');
  });

  test('a passed deadline; the last second still counts', async () => {
    const late = await submission({ deadline: NOW + 100n });
    await chain.provider.send('evm_setNextBlockTimestamp', [Number(NOW + 100n)]);
    await submitProof(alice, late);
    await at(NOW + 101n);
    await refuses(submitProof(alice, late), 'DeadlinePassed');
  });

  test('another scope', async () => {
    await refuses(submitProof(alice, await submission({ scope: 10n })), 'WrongScope');
  });
});

describe('gate: nullifiers', () => {
  test('a second subject with the same nullifier', async () => {
    await submitProof(alice, await submission());
    await refuses(submitProof(bob, await submission({ subject: bobAddress })), 'NullifierTaken');
    expect(await isSolvent(bob, bobAddress)).toBe(false);
    await submitProof(bob, await submission({ subject: bobAddress, nullifier: 6n }));
    expect(await isSolvent(bob, bobAddress)).toBe(true);
  });

  test('a subject with a second nullifier', async () => {
    await submitProof(alice, await submission());
    await refuses(submitProof(alice, await submission({ nullifier: 6n })), 'SubjectBoundElsewhere');
  });

  test('a proof that fails binds nothing', async () => {
    const { proof } = await submission({ nullifier: 6n });
    await refuses(submitProof(alice, { ...(await submission()), proof }), 'ProofInvalid');
    expect(await alice.getFunction('nullifierOf')(aliceAddress)).toBe(0n);
    await submitProof(bob, await submission({ subject: bobAddress }));
  });
});

describe('gate: roots', () => {
  test('an unknown account root', async () => {
    await refuses(submitProof(alice, await submission({ accountRoot: 1n })), 'UnknownAccountRoot');
    await refuses(submitProof(alice, await submission({ accountRoot: RISK_ROOT })), 'UnknownAccountRoot');
  });

  test('an unknown risk root', async () => {
    await refuses(submitProof(alice, await submission({ riskRoot: 1n })), 'UnknownRiskRoot');
    await refuses(submitProof(alice, await submission({ riskRoot: ACCOUNT_ROOT })), 'UnknownRiskRoot');
  });

  test('a revoked account root, before and after a proof; it never comes back', async () => {
    const proof = await submission();
    await submitProof(alice, proof);
    await revokeAccountRoot(publisher, ACCOUNT_ROOT);
    expect(await isSolvent(alice, aliceAddress)).toBe(false);
    await refuses(submitProof(alice, proof), 'AccountRootIsRevoked');
    await refuses(postAccountRoot(publisher, ACCOUNT_ROOT, NOW), 'RootAlreadyPosted');
    await revokeAccountRoot(owner, 1003n);
    await refuses(postAccountRoot(publisher, 1003n, NOW), 'AccountRootIsRevoked');
    await postAccountRoot(publisher, 1002n, NOW);
    await submitProof(alice, await submission({ accountRoot: 1002n }));
    expect(await isSolvent(alice, aliceAddress)).toBe(true);
  });

  test('a revoked risk root, before and after a proof; it never comes back', async () => {
    const proof = await submission();
    await submitProof(alice, proof);
    await revokeRiskRoot(owner, RISK_ROOT);
    expect(await isSolvent(alice, aliceAddress)).toBe(false);
    await refuses(submitProof(alice, proof), 'RiskRootIsRevoked');
    await revokeRiskRoot(owner, 2003n);
    await refuses(postRiskRoot(publisher, 2003n, NOW, MODEL), 'RiskRootIsRevoked');
    await postRiskRoot(publisher, 2002n, NOW, MODEL);
    await submitProof(alice, await submission({ riskRoot: 2002n }));
    expect(await isSolvent(alice, aliceAddress)).toBe(true);
  });

  test('a risk root after its grace: provers do not pick the best price', async () => {
    await postRiskRoot(publisher, 2002n, NOW, MODEL);
    const proof = await submission();
    await submitProof(alice, proof);
    await at(NOW + POLICY.riskGrace + 2n);
    await refuses(submitProof(alice, proof), 'RiskRootSuperseded');
  });

  test('roots that are stale', async () => {
    const proof = await submission({ deadline: NOW + 10_000n });
    await at(ACCOUNT_TIME + POLICY.maxAge + 1n);
    await refuses(submitProof(alice, proof), 'Stale');
  });

  test('root times too far apart', async () => {
    await postAccountRoot(publisher, 1002n, RISK_TIME - POLICY.maxRootGap);
    await postAccountRoot(publisher, 1003n, RISK_TIME - POLICY.maxRootGap - 1n);
    await refuses(submitProof(alice, await submission({ accountRoot: 1003n })), 'RootTimesTooFarApart');
    await submitProof(alice, await submission({ accountRoot: 1002n }));
  });

  test('root times going back for a subject', async () => {
    await postAccountRoot(publisher, 1002n, NOW);
    await submitProof(alice, await submission({ accountRoot: 1002n }));
    await refuses(submitProof(alice, await submission()), 'RootTimeWentBack');
    await postRiskRoot(publisher, 2002n, NOW, MODEL);
    await submitProof(alice, await submission({ accountRoot: 1002n, riskRoot: 2002n }));
    await refuses(submitProof(alice, await submission({ accountRoot: 1002n })), 'RootTimeWentBack');
  });

  test('posting: only publishers, never in the future, never twice, risk times never back', async () => {
    await refuses(postAccountRoot(alice, 1002n, NOW), 'NotAPublisher');
    await refuses(postRiskRoot(owner, 2002n, NOW, MODEL), 'NotAPublisher');
    await refuses(revokeAccountRoot(alice, ACCOUNT_ROOT), 'NotAPublisher');
    await refuses(revokeRiskRoot(alice, RISK_ROOT), 'NotAPublisher');
    await refuses(postAccountRoot(publisher, 1002n, NOW + 1_000n), 'TimeInFuture');
    await refuses(postRiskRoot(publisher, 2002n, NOW + 1_000n, MODEL), 'TimeInFuture');
    await refuses(postAccountRoot(publisher, ACCOUNT_ROOT, NOW), 'RootAlreadyPosted');
    await refuses(postRiskRoot(publisher, RISK_ROOT, NOW, MODEL), 'RootAlreadyPosted');
    await refuses(postRiskRoot(publisher, 2002n, RISK_TIME, MODEL), 'RiskTimeNotLater');
    await refuses(postAccountRoot(publisher, 0n, NOW), 'InvalidRoot');
    await refuses(postAccountRoot(publisher, 1002n, 0n), 'InvalidRoot');
    await setPublisher(owner, await publisherAddress(), false);
    await refuses(postAccountRoot(publisher, 1002n, NOW), 'NotAPublisher');
  });
});

const publisherAddress = async (): Promise<string> => chain.signers[1]?.address ?? '';

describe('gate: policy and proof', () => {
  test('a threshold below the minimum', async () => {
    const proof = await submission({ thresholdBps: POLICY.minThresholdBps - 1n });
    await refuses(submitProof(alice, proof), 'ThresholdTooLow');
  });

  test('an equity floor below the minimum', async () => {
    const proof = await submission({ equityFloor: POLICY.minEquityFloor - 1n });
    await refuses(submitProof(alice, proof), 'EquityFloorTooLow');
  });

  test('a proof of another statement, and a proof with a point changed', async () => {
    const original = await submission();
    const { proof } = await submission({ thresholdBps: 13_000n });
    await refuses(submitProof(alice, { ...original, proof }), 'ProofInvalid');
    const [x, y] = original.proof.a;
    const negated: ProofPoints = { ...original.proof, a: [x, Q - y] };
    await refuses(submitProof(alice, { ...original, proof: negated }), 'ProofInvalid');
  });

  test('a signal not below r passes no check that it should not: the proof is refused', async () => {
    const original = await submission();
    const publicSignals = original.publicSignals.with(4, (original.publicSignals[4] ?? 0n) + R);
    await refuses(submitProof(alice, { ...original, publicSignals }), 'ProofInvalid');
  });

  test('too little gas for the verifier: the call reverts and records nothing', async () => {
    const { proof, publicSignals, actionHash, deadline } = await submission();
    const { proofCalldata } = await import('../../src/chain/proofCalldata.js');
    const args = [verifier, proofCalldata(proof), publicSignals, actionHash, deadline];
    for (const gasLimit of [60_000n, 200_000n, 300_000n, 380_000n]) {
      await expect(alice.getFunction('submit').staticCall(...args, { gasLimit })).rejects.toThrow();
    }
    const starved = alice.getFunction('submit').staticCall(...args, { gasLimit: 380_000n });
    await expect(starved).rejects.toMatchObject({ revert: { name: 'NotEnoughGas' } });
  });

  test('a verifier that was not accepted, or not for this model', async () => {
    const proof = await submission();
    await refuses(submitProof(alice, { ...proof, verifier: aliceAddress }), 'VerifierNotAccepted');
    await postRiskRoot(publisher, 2002n, NOW, MODEL + 1n);
    await refuses(submitProof(alice, await submission({ riskRoot: 2002n })), 'VerifierNotAccepted');
    await setVerifier(owner, verifier, MODEL, false);
    await refuses(submitProof(alice, proof), 'VerifierNotAccepted');
  });

  test('only the owner changes publishers and verifiers, and a verifier is a contract', async () => {
    await refuses(setPublisher(alice, aliceAddress, true), 'OwnableUnauthorizedAccount');
    await refuses(setVerifier(alice, verifier, 1n, true), 'OwnableUnauthorizedAccount');
    await refuses(setVerifier(owner, aliceAddress, MODEL, true), 'NotAContract');
  });

  test('states its policy, and refuses one that no proof can meet', async () => {
    expect(await policyOf(alice)).toEqual(POLICY);
    const [signer] = chain.signers;
    if (signer === undefined) throw new Error('no signer');
    for (const policy of [
      { ...POLICY, minThresholdBps: 0n },
      { ...POLICY, minThresholdBps: 1n << 20n },
      { ...POLICY, scope: R },
      { ...POLICY, maxAge: 0n },
      { ...POLICY, maxAge: 1n << 32n },
    ]) {
      await refuses(deployGate(signer, { owner: signer.address, policy }), 'InvalidPolicy');
    }
  });
});

describe('gate: twins', () => {
  test('contextOf gives what the contract gives', async () => {
    for (const [actionHash, deadline] of [
      [ZeroHash, 0n],
      [id('withdraw'), 2n ** 64n - 1n],
    ] as const) {
      const own = contextOf({ chainId: chain.chainId, gate: address, subject: bobAddress, actionHash, deadline });
      expect(await alice.getFunction('contextOf')(bobAddress, actionHash, deadline)).toBe(own);
      expect(own).toBeLessThan(2n ** 248n);
    }
  });

  test('GATE_ABI is the interface of the contract, and of its verifiers', () => {
    const entries = (abi: InterfaceAbi): string[] => new Interface(abi).format(true).sort();
    const compiled = entries(compileGate().abi as InterfaceAbi).filter((entry) => !entry.startsWith('constructor'));
    const known = [...compiled, 'error NotEnoughGas()', 'error PrecompileFailed()'].sort();
    expect(entries(GATE_ABI)).toEqual(known);
  });
});

const swap = ([x, y]: ProofPoints['b']): ProofPoints['b'] => [
  [x[1], x[0]],
  [y[1], y[0]],
];
