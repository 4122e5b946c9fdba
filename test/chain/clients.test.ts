import { Interface, type InterfaceAbi, Wallet, ZeroHash } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { LOCAL_POLICY as POLICY } from '../../scripts/support/localGate.js';
import { groth16VerifierAbi } from '../../src/chain/abi/groth16Verifier.js';
import { scopeRegistryAbi } from '../../src/chain/abi/scopeRegistry.js';
import {
  type AccountRoots,
  accountRootOf,
  connectAccountRoots,
  postAccountRoot,
  registerVenue,
  revokeAccountRoot,
} from '../../src/chain/accountRoots.js';
import { chainError } from '../../src/chain/chainError.js';
import { actionHash, contextOf } from '../../src/chain/context.js';
import { connect } from '../../src/chain/contractClient.js';
import { deployGate, deployScopeRegistry, deploySystem, type SystemDeployment } from '../../src/chain/deploy.js';
import {
  allow,
  connectGate,
  dueSubjects,
  type Gate,
  isSolvent,
  policyOf,
  recordOf,
  type Submission,
  secondsLeft,
  statusOf,
  submissionOf,
  submitProof,
  submitProofs,
  syncStatuses,
  useProof,
} from '../../src/chain/gate.js';
import { proofCalldata } from '../../src/chain/proofCalldata.js';
import {
  connectRiskOracle,
  latestRiskRoot,
  postRiskRoot,
  type RiskOracle,
  revokeRiskRoot,
  riskRootOf,
} from '../../src/chain/riskOracle.js';
import { type SnapshotPost, signSnapshot } from '../../src/chain/riskOracleMessages.js';
import type { MarginProof } from '../../src/proof/marginProof.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { type FreeSignals, freeSignals, releaseSnarkjs } from '../support/freeSignals.js';

// The clients over the real contracts, with proofs of a circuit whose public signals are free: that what goes in and what
// comes out is what the contracts mean, and that refusals have the library's codes.

const NOW = 2_000_000_000n;
const SCOPE = 9n;
const MODEL = 77n;
const HOUR = 3600n;
const BUNDLE = `0x${'ab'.repeat(32)}`;

let chain: LocalChain;
let keys: FreeSignals;
let system: SystemDeployment;
let owner: LocalChain['signers'][number];
let alice: LocalChain['signers'][number];
let bob: LocalChain['signers'][number];
let gate: Gate;
let roots: AccountRoots;
let oracle: RiskOracle;
let saved: string;
const signer = Wallet.createRandom();
const reviewer = Wallet.createRandom();

const rpc = (method: string, ...args: unknown[]) => chain.provider.send(method, args) as Promise<string>;
async function at(time: bigint): Promise<void> {
  await rpc('evm_setNextBlockTimestamp', Number(time) as never);
  await rpc('evm_mine');
}

beforeAll(async () => {
  [keys, chain] = await Promise.all([freeSignals(7), startAnvil()]);
  [owner, alice, bob] = chain.signers as [typeof owner, typeof alice, typeof bob];
  await at(NOW - 2000n);
  system = await deploySystem(owner, {
    owner: owner.address,
    scope: SCOPE,
    policy: POLICY,
    oracle: {
      maxAge: HOUR / 2n,
      maxJumpBps: 1_000n,
      guardian: owner.address,
      signers: [signer.address],
      threshold: 1n,
      reviewers: [reviewer.address],
      reviewThreshold: 1n,
    },
    verifiers: [{ key: keys.key, setup: 'development', circuit: keys.circuit }],
  });
  gate = connectGate(system.gate.address, owner);
  roots = connectAccountRoots(system.accountRoots.address, owner);
  oracle = connectRiskOracle(system.riskOracle.address, owner);
  await registerVenue(roots, { maxAge: HOUR / 2n });
  await allow(gate, { verifier: verifier(), modelHash: MODEL, venue: owner.address }, true);
  await at(NOW - 45n);
  await postAccountRoot(roots, { venue: owner.address, root: 1001n, time: NOW - 100n, bundleHash: BUNDLE });
  await postRisk(2001n, NOW - 50n);
}, 120_000);

afterAll(async () => {
  await chain?.stop();
  await releaseSnarkjs();
});

beforeEach(async () => {
  saved = await rpc('evm_snapshot');
  await at(NOW);
});

afterEach(() => rpc('evm_revert', saved));

const verifier = (): string => system.verifiers.get(keys.circuit)?.address ?? '';
const code = (value: string, error?: string) =>
  expect.objectContaining({ code: value, ...(error && { details: expect.objectContaining({ error }) }) });

async function postRisk(root: bigint, time: bigint) {
  const marks = [{ instrument: 1, price: 10n ** 8n }];
  const post: SnapshotPost = { root, time, modelHash: MODEL, dataHash: BUNDLE, marks };
  const domain = { chainId: chain.chainId, oracle: oracle.address };
  const reviews = await signSnapshot([reviewer], domain, post);
  return postRiskRoot(oracle, post, await signSnapshot([signer], domain, post), reviews);
}

interface Purpose {
  readonly subject?: string;
  readonly consumer?: string;
  readonly actionHash?: string;
  readonly deadline?: bigint;
  readonly signals?: Partial<MarginProof['publicSignals']>;
}

async function submission(purpose: Purpose = {}): Promise<Submission> {
  const { subject = alice.address, consumer = gate.address, actionHash = ZeroHash, deadline = NOW + 600n } = purpose;
  const { chainId } = chain;
  const publicSignals = {
    accountRoot: 1001n,
    riskRoot: 2001n,
    thresholdBps: 15_000n,
    equityFloor: 3n,
    nullifier: 5n,
    scope: SCOPE,
    context: contextOf({ chainId, gate: gate.address, consumer, subject, actionHash, deadline }),
    ...purpose.signals,
  };
  const proof = await keys.prove(PUBLIC_SIGNALS.map((name) => publicSignals[name]));
  const made = { proof, publicSignals } as MarginProof;
  return submissionOf(made, { subject, deadline, venue: owner.address, verifier: verifier(), actionHash });
}

const verifierCall = ({ proof, publicSignals }: Submission): string =>
  new Interface(groth16VerifierAbi as InterfaceAbi).encodeFunctionData('verify', [
    proofCalldata(proof),
    PUBLIC_SIGNALS.map((name) => publicSignals[name]),
  ]);

const as = (who: typeof alice): Gate => connectGate(gate.address, who);

describe('deploySystem', () => {
  test('puts up a gate over its own sources, which its registry has admitted', async () => {
    expect(system.isAdmitted).toBe(true);
    expect(await gate.read('accountRoots', [])).toBe(system.accountRoots.address);
    expect(await gate.read('riskOracle', [])).toBe(system.riskOracle.address);
    expect(await gate.read('scopeRegistry', [])).toBe(system.scopeRegistry.address);
    const registry = connect(scopeRegistryAbi, system.scopeRegistry.address, owner);
    expect(await registry.read('scope', [])).toBe(SCOPE);
    expect(await registry.read('isGate', [gate.address])).toBe(true);
    expect(await gate.read('owner', [])).toBe(owner.address);
    expect(await policyOf(gate)).toEqual(POLICY);
  });

  test('leaves to another owner what only the owner may do', async () => {
    const config = {
      owner: bob.address,
      scope: SCOPE,
      policy: POLICY,
      oracle: {
        maxAge: HOUR / 2n,
        maxJumpBps: 0n,
        guardian: bob.address,
        signers: [signer.address],
        threshold: 1n,
        reviewers: [reviewer.address],
        reviewThreshold: 1n,
      },
      verifiers: [],
    };
    const other = await deploySystem(owner, config);
    expect(other.isAdmitted).toBe(false);
    const registry = connect(scopeRegistryAbi, other.scopeRegistry.address, bob);
    expect(await registry.read('isGate', [other.gate.address])).toBe(false);
    await registry.send('admit', [other.gate.address, true]);
    expect(await registry.read('isGate', [other.gate.address])).toBe(true);
  });

  test('says what cannot be in the words of the contract', async () => {
    const unfit = { ...POLICY, maxAge: HOUR / 2n };
    const [accountRoots, riskOracle, scopeRegistry] = [
      system.accountRoots.address,
      system.riskOracle.address,
      system.scopeRegistry.address,
    ];
    await expect(
      deployGate(owner, { owner: owner.address, accountRoots, riskOracle, scopeRegistry, policy: unfit }),
    ).rejects.toEqual(code('INVALID_INPUT', 'InvalidPolicy'));
    await expect(deployScopeRegistry(owner, { owner: '0x12', scope: SCOPE })).rejects.toEqual(code('INVALID_INPUT'));
  });
});

describe('the gate', () => {
  test('takes a proof, and says until when it counts', async () => {
    expect(await statusOf(gate, alice.address)).toBe('Unknown');
    expect(await isSolvent(gate, alice.address)).toBe(false);
    const receipt = await submitProof(as(alice), await submission());
    expect(await statusOf(gate, alice.address)).toBe('Healthy');
    expect(await isSolvent(gate, alice.address)).toBe(true);
    const { timestamp } = await receipt.getBlock();
    // a plain object, whatever else the library's results can do
    expect(await recordOf(gate, alice.address)).toStrictEqual({
      accountTime: NOW - 100n,
      riskTime: NOW - 50n,
      provenAt: BigInt(timestamp),
      solventUntil: NOW - 100n + POLICY.maxAge,
      equityFloor: 3n,
      thresholdBps: 15_000n,
      venue: owner.address,
      accountRoot: 1001n,
      riskRoot: 2001n,
    });
    expect(await secondsLeft(gate, alice.address)).toBe(NOW - 100n + POLICY.maxAge - BigInt(timestamp));
  });

  test('lists who is due', async () => {
    await submitProof(as(alice), await submission());
    const { solventUntil } = await recordOf(gate, alice.address);
    expect(await dueSubjects(gate, solventUntil)).toEqual([alice.address]);
    expect(await dueSubjects(gate, solventUntil + HOUR)).toEqual([]);
  });

  test('asks for one page after the other of those that are due', async () => {
    const hours = new Map([[5n, Array.from({ length: 1001 }, (_, i) => `subject ${i}`)]]);
    const blocks = new Set<number | undefined>();
    const read = async (_: string, [hour, offset, limit]: readonly [bigint, bigint, bigint], block?: number) => {
      blocks.add(block);
      return (hours.get(hour) ?? []).slice(Number(offset), Number(offset + limit));
    };
    const crowded = { ...gate, read } as unknown as Gate;
    expect(await dueSubjects(crowded, 5n * HOUR + 1n)).toEqual(hours.get(5n));
    // a page of another block could hold somebody twice, and somebody else not at all
    expect(blocks).toEqual(new Set([await gate.latestBlock()]));
  });

  test('takes proofs of many subjects from anybody, once each has come by itself', async () => {
    const signals = { nullifier: 6n };
    const both = [await submission(), await submission({ subject: bob.address, signals })];
    await expect(submitProofs(gate, both)).rejects.toEqual(code('EXPECTATION_NOT_MET', 'SubjectNotBound'));
    await submitProof(as(alice), both[0] as Submission);
    await submitProof(as(bob), both[1] as Submission);
    await expect(submitProofs(gate, both)).rejects.toEqual(code('EXPECTATION_NOT_MET', 'NothingNew'));
    await postAccountRoot(roots, { venue: owner.address, root: 1002n, time: NOW, bundleHash: BUNDLE });
    const accountRoot = 1002n;
    await submitProofs(gate, [
      await submission({ signals: { accountRoot } }),
      await submission({ subject: bob.address, signals: { ...signals, accountRoot } }),
    ]);
    expect((await recordOf(gate, bob.address)).accountRoot).toBe(accountRoot);
  });

  test('uses a proof up for an action of its consumer', async () => {
    await submitProof(as(alice), await submission());
    const borrow = actionHash(['string', 'uint256', 'uint256'], ['borrow', 100n, 1n]);
    const proof = await submission({ consumer: bob.address, actionHash: borrow });
    await expect(useProof(as(alice), proof)).rejects.toEqual(code('EXPECTATION_NOT_MET', 'WrongContext'));
    await useProof(as(bob), proof);
    await expect(useProof(as(bob), proof)).rejects.toEqual(code('EXPECTATION_NOT_MET', 'ProofAlreadyUsed'));
  });

  test('calls whose root was revoked, and says so when it is asked to', async () => {
    await submitProof(as(alice), await submission());
    await revokeRiskRoot(oracle, 2001n);
    expect(await statusOf(gate, alice.address)).toBe('MarginCall');
    const receipt = await syncStatuses(gate, [alice.address, bob.address]);
    expect(receipt.logs).toHaveLength(1);
    expect((await riskRootOf(oracle, 2001n)).revokedAt).toBeGreaterThan(0n);
    expect(await latestRiskRoot(oracle, MODEL)).toBe(2001n);
  });

  test('contextOf is the contract’s', async () => {
    const deadline = 2n ** 64n - 1n;
    const borrow = actionHash(['uint256'], [1n]);
    const expected = await gate.read('contextOf', [bob.address, alice.address, borrow, deadline]);
    const { chainId } = chain;
    const input = { gate: gate.address, consumer: bob.address, subject: alice.address, actionHash: borrow, deadline };
    expect(contextOf({ chainId, ...input })).toBe(expected);
  });
});

describe('refusals have the codes of the library', () => {
  test.each<[string, string, Purpose]>([
    ['EXPECTATION_NOT_MET', 'WrongContext', { signals: { context: 1n } }],
    ['EXPECTATION_NOT_MET', 'WrongScope', { signals: { scope: 8n } }],
    ['EXPECTATION_NOT_MET', 'ThresholdTooLow', { signals: { thresholdBps: 9_999n } }],
    ['EXPECTATION_NOT_MET', 'UnknownAccountRoot', { signals: { accountRoot: 7n } }],
    ['EXPECTATION_NOT_MET', 'ActionNotExpected', { actionHash: `0x${'01'.repeat(32)}` }],
    ['CHAIN', 'DeadlinePassed', { deadline: NOW - 1n }],
  ])('%s for %s', async (expected, error, purpose) => {
    await expect(submitProof(as(alice), await submission(purpose))).rejects.toEqual(code(expected, error));
  });

  test('of contracts that the gate calls, too', async () => {
    const honest = await submission();
    const altered = { ...honest, publicSignals: { ...honest.publicSignals, equityFloor: 4n } };
    await expect(submitProof(as(alice), altered)).rejects.toEqual(code('PROOF_INVALID', 'ProofInvalid'));
    await submitProof(as(alice), honest);
    const taken = await submission({ subject: bob.address });
    await expect(submitProof(as(bob), taken)).rejects.toEqual(code('EXPECTATION_NOT_MET', 'NullifierTaken'));
    // the verifier's own: a pairing that would be starved
    const starved = alice.call({ to: verifier(), data: verifierCall(honest), gasLimit: 100_000n });
    await expect(starved.catch((cause: unknown) => Promise.reject(chainError(cause, 'verify')))).rejects.toEqual(
      code('CHAIN', 'NotEnoughGas'),
    );
  });

  test('of roots and oracle', async () => {
    const venue = owner.address;
    const post = { venue, root: 1002n, time: NOW - 10n, bundleHash: BUNDLE };
    await expect(postAccountRoot(connectAccountRoots(roots.address, bob), post)).rejects.toEqual(
      code('CHAIN', 'NotThePoster'),
    );
    await expect(postAccountRoot(roots, { ...post, time: NOW - HOUR - 1n })).rejects.toEqual(
      code('CHAIN', 'TimeWentBack'),
    );
    await expect(registerVenue(roots, { maxAge: HOUR })).rejects.toEqual(code('DUPLICATE', 'AlreadyRegistered'));
    await revokeAccountRoot(roots, venue, 1001n);
    expect(await accountRootOf(roots, venue, 1001n)).toMatchObject({ time: NOW - 100n, bundleHash: BUNDLE });
    await expect(submitProof(as(alice), await submission())).rejects.toEqual(
      code('EXPECTATION_NOT_MET', 'AccountRootIsRevoked'),
    );
    await expect(revokeRiskRoot(connectRiskOracle(oracle.address, bob), 2001n)).rejects.toEqual(
      code('CHAIN', 'NotTheGuardian'),
    );
    const unsigned = { root: 2002n, time: NOW, modelHash: MODEL, dataHash: BUNDLE, marks: [] };
    await expect(postRiskRoot(oracle, unsigned, [])).rejects.toEqual(code('EXPECTATION_NOT_MET', 'QuorumNotReached'));
  });

  test('a malformed argument is named before anything is sent', async () => {
    const honest = await submission();
    await expect(submitProof(as(alice), { ...honest, venue: '0x12' })).rejects.toEqual(code('INVALID_INPUT'));
    await expect(allow(gate, { verifier: 'vitalik.eth', modelHash: MODEL, venue: bob.address }, true)).rejects.toEqual(
      code('INVALID_INPUT'),
    );
    await expect(recordOf(gate, '0x')).rejects.toEqual(code('INVALID_INPUT'));
    await expect(allow(gate, { verifier: bob.address, modelHash: MODEL, venue: bob.address }, true)).rejects.toEqual(
      code('INVALID_INPUT', 'NotAContract'),
    );
  });

  test('an address without a contract, and what a provider alone cannot do', async () => {
    await expect(policyOf(connectGate(bob.address, owner))).rejects.toMatchObject({
      code: 'CHAIN',
      message: expect.stringContaining('no such contract'),
    });
    const reader = connectGate(gate.address, chain.provider);
    expect(await isSolvent(reader, alice.address)).toBe(false);
    await expect(syncStatuses(reader, [])).rejects.toEqual(code('CHAIN'));
    await expect(policyOf(connectGate(gate.address, new Wallet(signer.privateKey)))).rejects.toEqual(code('CHAIN'));
  });
});

test('arguments and results have the types of the ABI', () => {
  expectTypeOf<Parameters<Gate['read']>[0]>().toExtend<string>();
  expectTypeOf(gate.read<'isSolvent'>).returns.resolves.toEqualTypeOf<boolean>();
  expectTypeOf(gate.read<'recordOf'>)
    .returns.resolves.toHaveProperty('solventUntil')
    .toEqualTypeOf<bigint>();
  expectTypeOf(gate.send<'allow'>)
    .parameter(1)
    .toEqualTypeOf<readonly [string, bigint, string, boolean]>();
  // @ts-expect-error a view is not sent
  expectTypeOf(gate.send<'isSolvent'>).toBeFunction();
  // @ts-expect-error there is no such function
  expectTypeOf(gate.read<'isRich'>).toBeFunction();
});
