import { type Contract, id, type JsonRpcSigner, type TransactionReceipt, ZeroHash } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GateRecord } from '../../src/chain/gate.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { proofArithmetic, Q, R } from '../support/bn254.js';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { executionGas, expectGas } from '../support/gas.js';
import {
  ACCOUNT_ROOT,
  ACCOUNT_TIME,
  type GateSystem,
  gateSystem,
  MODEL,
  NOW,
  ORACLE_MAX_AGE,
  POLICY,
  RISK_ROOT,
  RISK_TIME,
  SCOPE,
  type Submission,
  VENUE_MAX_AGE,
} from '../support/gateSystem.js';

// The gate with the real oracle, roots, registry and verifier, and proofs of a circuit whose public signals are free: what is
// tested here is what the gate makes of signals, and that it asks the verifier.

const UNKNOWN = 0n;
const HEALTHY = 1n;
const MARGIN_CALL = 2n;
const LIQUIDATABLE = 3n;

let system: GateSystem;
let alice: Contract;
let bob: Contract;
let aliceAddress: string;
let bobAddress: string;
let snapshot: string;

beforeAll(async () => {
  system = await gateSystem();
  alice = system.gateAs(system.alice);
  bob = system.gateAs(system.bob);
  aliceAddress = system.alice.address;
  bobAddress = system.bob.address;
}, 120_000);

afterAll(async () => {
  await system?.stop();
  await releaseSnarkjs();
});

beforeEach(async () => {
  snapshot = await system.snapshot();
  await system.at(NOW);
});

afterEach(() => system.revert(snapshot));

const submit = (submission: Submission, as: Contract = alice) => system.send(as, 'submit', submission);
const refuses = (call: Promise<unknown>, error: string) => expect(call).rejects.toMatchObject({ error });
const statusOf = (subject = aliceAddress): Promise<bigint> => system.gate.getFunction('statusOf')(subject);
const secondsLeft = (subject = aliceAddress): Promise<bigint> => system.gate.getFunction('secondsLeft')(subject);
const isSolvent = (subject = aliceAddress): Promise<boolean> => system.gate.getFunction('isSolvent')(subject);
const recordOf = async (subject = aliceAddress) =>
  (await system.gate.getFunction('recordOf')(subject)).toObject() as GateRecord;

describe('gate: acceptance', () => {
  test('records who is solvent, until when, and against which roots', async () => {
    await submit(await system.submission({ thresholdBps: 15_000n }));
    expect(await isSolvent()).toBe(true);
    expect(await statusOf()).toBe(HEALTHY);
    expect(await isSolvent(bobAddress)).toBe(false);
    expect(await statusOf(bobAddress)).toBe(UNKNOWN);
    expect(await secondsLeft(bobAddress)).toBe(0n);
    expect(await recordOf()).toMatchObject({
      accountTime: ACCOUNT_TIME,
      riskTime: RISK_TIME,
      // counted from the older root, never from the block
      solventUntil: ACCOUNT_TIME + POLICY.maxAge,
      thresholdBps: 15_000n,
      equityFloor: POLICY.minEquityFloor,
      venue: system.venue.address,
      accountRoot: ACCOUNT_ROOT,
      riskRoot: RISK_ROOT,
    });
  });

  test('emits what was proven', async () => {
    const receipt = await submit(await system.submission());
    const events = receipt.logs.map((log) => system.parse(log));
    expect(events.map((event) => event?.name)).toEqual(['StatusChanged', 'SolvencyProven', 'NullifierBound']);
    expect(events[0]?.args.toObject()).toEqual({ subject: aliceAddress, from: UNKNOWN, to: HEALTHY });
    expect(events[1]?.args.toObject()).toMatchObject({ subject: aliceAddress, accountRoot: ACCOUNT_ROOT });
    expect(events[2]?.args.toObject()).toMatchObject({ nullifier: 5n, subject: aliceAddress });
  });

  test('the same subject renews with the same nullifier', async () => {
    await submit(await system.submission());
    await system.postAccount(1002n, NOW);
    await system.postRisk(2002n, NOW);
    await submit(await system.submission({ accountRoot: 1002n, riskRoot: 2002n }));
    expect((await recordOf()).solventUntil).toBe(NOW + POLICY.maxAge);
  });

  test('the same proof again changes nothing, and takes no second from its subject that a pause has given', async () => {
    const again = await system.submission();
    await submit(again);
    const before = await recordOf();
    await system.pause();
    await system.at(NOW + 500n);
    await system.unpause();
    const left = await secondsLeft();
    await submit(again);
    expect(await recordOf()).toEqual({ ...before, provenAt: await system.time() });
    expect(await secondsLeft()).toBeGreaterThan(left - 5n);
    // nor does one with a newer root: nobody is set back by proving more
    await system.postAccount(1002n, NOW);
    await submit(await system.submission({ accountRoot: 1002n }));
    expect(await secondsLeft()).toBeGreaterThan(left - 5n);
  });

  test('whoever reads the policy reads what was fixed', async () => {
    expect((await system.gate.getFunction('policy')()).toObject()).toEqual(POLICY);
    expect(await system.gate.getFunction('accountRoots')()).toBe(await system.accountRoots.getAddress());
    expect(await system.gate.getFunction('riskOracle')()).toBe(await system.oracle.getAddress());
    expect(await system.gate.getFunction('scopeRegistry')()).toBe(await system.registry.getAddress());
  });
});

describe('gate: the slide from Healthy to Liquidatable', () => {
  const end = ACCOUNT_TIME + POLICY.maxAge;

  test('two deadlines, each to the second, without anybody doing anything', async () => {
    await submit(await system.submission());
    await system.keepUp(end);
    expect([await statusOf(), await isSolvent()]).toEqual([HEALTHY, true]);
    await system.keepUp(end + 1n);
    expect([await statusOf(), await isSolvent()]).toEqual([MARGIN_CALL, false]);
    expect(await secondsLeft()).toBe(POLICY.callPeriod - 1n);
    await system.keepUp(end + POLICY.callPeriod);
    expect([await statusOf(), await secondsLeft()]).toEqual([MARGIN_CALL, 0n]);
    await system.keepUp(end + POLICY.callPeriod + 1n);
    expect([await statusOf(), await secondsLeft()]).toEqual([LIQUIDATABLE, 0n]);
  });

  test.each([
    ['called', 1n],
    ['liquidatable', POLICY.callPeriod + 1n],
  ])('recovery: who is %s proves again and is Healthy', async (_, after) => {
    await submit(await system.submission());
    await system.keepUp(end + after);
    const time = await system.time();
    await system.postAccount(1002n, time);
    await system.postRisk(2002n, time);
    expect(await statusOf()).not.toBe(HEALTHY);
    await submit(await system.submission({ accountRoot: 1002n, riskRoot: 2002n, deadline: time + 100n }));
    expect([await statusOf(), await isSolvent()]).toEqual([HEALTHY, true]);
  });

  test('a pause calls and liquidates nobody: the deadlines stand still, though nobody is solvent for an action', async () => {
    await submit(await system.submission());
    await system.pause();
    expect(await isSolvent()).toBe(false);
    const left = await secondsLeft();
    await system.at(end + 100n * POLICY.callPeriod);
    expect([await statusOf(), await isSolvent()]).toEqual([HEALTHY, false]);
    expect(await secondsLeft()).toBe(left);
    await system.unpause();
    await system.postAccount(1002n, await system.time());
    await system.postRisk(2002n, await system.time());
    const resumed = await system.time();
    // what was left at the pause runs from here, to within the seconds of the transactions between
    await system.keepUp(resumed + left - 5n);
    expect(await statusOf()).toBe(HEALTHY);
    await system.keepUp(resumed + left + 5n);
    expect(await statusOf()).toBe(MARGIN_CALL);
    await system.pause();
    await system.at(resumed + left + 100n * POLICY.callPeriod);
    expect(await statusOf()).toBe(MARGIN_CALL);
  });

  test.each(['account', 'risk'] as const)('an outage of the %s roots stops the clock too', async (source) => {
    await submit(await system.submission());
    const age = source === 'account' ? VENUE_MAX_AGE : ORACLE_MAX_AGE;
    const last = source === 'account' ? ACCOUNT_TIME : RISK_TIME;
    await system.keepUp(end + 10n * POLICY.callPeriod, source === 'account' ? 'risk' : 'account');
    // seconds at which the source was up: from the proof to its last root's age, that second included
    const { provenAt } = await recordOf();
    const lived = last + age + 1n - provenAt;
    expect(lived).toBeLessThan(end - provenAt);
    expect([await statusOf(), await isSolvent()]).toEqual([HEALTHY, false]);
    expect(await secondsLeft()).toBe(end - provenAt - lived);
  });

  test('roots that last a second less than proofs: the outage is there before any proof has run out', async () => {
    await system.register(system.bob, POLICY.maxAge - 1n);
    const verifier = await system.verifier.getAddress();
    await system.send(system.gate, 'allow', verifier, MODEL, bobAddress, true);
    const roots = system.accountRoots.connect(system.bob) as Contract;
    await system.send(roots, 'post', bobAddress, ACCOUNT_ROOT, ACCOUNT_TIME, id('attestation'));
    await submit(await system.submission({ venue: bobAddress }));
    for (const moment of [end, end + 1n, end + 9_000n]) {
      await system.keepUp(moment, 'risk');
      expect(await statusOf()).toBe(HEALTHY);
    }
  });

  test('two outages that overlap are counted once', async () => {
    await submit(await system.submission());
    const { provenAt } = await recordOf();
    // both sources fall silent; the oracle is paused besides
    await system.at(NOW + 100n);
    await system.pause();
    const paused = await system.time();
    await system.at(end + 1000n);
    await system.unpause();
    await system.postRisk(2002n, await system.time());
    await system.postAccount(1002n, await system.time());
    const up = await system.time();
    expect(await secondsLeft()).toBe(end - provenAt - (paused - provenAt));
    await system.at(up + 10n);
    expect(await secondsLeft()).toBe(end - provenAt - (paused - provenAt) - 10n);
  });

  test.each(['account', 'risk'] as const)(
    'a revoked %s root calls at once, and the call runs while roots can be had',
    async (which) => {
      await submit(await system.submission());
      await (which === 'account' ? system.revokeAccount(ACCOUNT_ROOT) : system.revokeRisk(RISK_ROOT));
      expect([await statusOf(), await isSolvent()]).toEqual([MARGIN_CALL, false]);
      // it was the newest: nobody can prove anything, so nobody is liquidated
      await system.at(NOW + 100n * POLICY.callPeriod);
      expect(await statusOf()).toBe(MARGIN_CALL);
      const time = await system.time();
      await system.postAccount(1002n, time);
      await system.postRisk(2002n, time);
      const left = await secondsLeft();
      await system.keepUp((await system.time()) + left);
      expect(await statusOf()).toBe(MARGIN_CALL);
      await system.keepUp((await system.time()) + 1n);
      expect(await statusOf()).toBe(LIQUIDATABLE);
    },
  );

  test('a revocation of a root that is not the newest reaches whoever rests on it, and nobody else', async () => {
    await submit(await system.submission());
    await system.postAccount(1002n, NOW);
    await submit(await system.submission({ subject: bobAddress, nullifier: 6n, accountRoot: 1002n }), bob);
    await system.revokeAccount(ACCOUNT_ROOT);
    expect([await statusOf(aliceAddress), await statusOf(bobAddress)]).toEqual([MARGIN_CALL, HEALTHY]);
    await submit(await system.submission({ accountRoot: 1002n }));
    expect(await statusOf()).toBe(HEALTHY);
  });

  test('both roots revoked: the call runs from the first revocation', async () => {
    await submit(await system.submission());
    await system.postAccount(1002n, NOW);
    await system.postRisk(2002n, NOW);
    await system.revokeRisk(RISK_ROOT);
    const first = await system.time();
    await system.at(NOW + 100n);
    await system.revokeAccount(ACCOUNT_ROOT);
    expect(await secondsLeft()).toBe(POLICY.callPeriod - ((await system.time()) - first) - 1n);
  });

  test('whoever looks makes it an event, once', async () => {
    await submit(await system.submission());
    await system.keepUp(end + 1n);
    const receipt = await system.send(bob, 'sync', [aliceAddress, bobAddress]);
    expect(receipt.logs.map((log) => system.parse(log)?.args.toObject())).toEqual([
      { subject: aliceAddress, from: HEALTHY, to: MARGIN_CALL },
    ]);
    expect((await system.send(bob, 'sync', [aliceAddress])).logs).toHaveLength(0);
  });
});

describe('gate: who is due', () => {
  const hourOf = (time: bigint): bigint => time / 3600n;
  const due = (hour: bigint, offset = 0n, limit = 100n): Promise<string[]> =>
    system.gate
      .getFunction('dueIn')(hour, offset, limit)
      .then((result: string[]) => [...result]);

  test('subjects stand in the hour in which their proof ends, and in one only', async () => {
    await submit(await system.submission());
    await submit(await system.submission({ subject: bobAddress, nullifier: 6n }), bob);
    const hour = hourOf(ACCOUNT_TIME + POLICY.maxAge);
    expect(new Set(await due(hour))).toEqual(new Set([aliceAddress, bobAddress]));
    expect(await system.gate.getFunction('dueCount')(hour)).toBe(2n);
    expect(await due(hour, 1n, 1n)).toHaveLength(1);
    expect(await due(hour, 2n, 2n ** 256n - 1n)).toHaveLength(0);
    await system.keepUp(NOW + 3600n);
    const time = await system.time();
    await system.postAccount(1002n, time);
    await system.postRisk(2002n, time);
    await submit(await system.submission({ accountRoot: 1002n, riskRoot: 2002n, deadline: time + 100n }));
    expect(await due(hour)).toEqual([bobAddress]);
    expect(await due(hourOf(time + POLICY.maxAge))).toEqual([aliceAddress]);
  });
});

describe('gate: replay', () => {
  test('a proof taken from the mempool and sent by somebody else', async () => {
    await refuses(submit(await system.submission(), bob), 'NotTheSubject');
    await refuses(submit({ ...(await system.submission()), subject: bobAddress }, bob), 'WrongContext');
  });

  test('a rerandomised proof is stopped in the same way, and is no second proof for its own subject', async () => {
    const original = await system.submission();
    const { rerandomised } = await proofArithmetic();
    const another = { ...original, proof: rerandomised(original.proof, 99n) };
    await refuses(submit({ ...another, subject: bobAddress }, bob), 'WrongContext');
    await submit(original);
    const before = await recordOf();
    await submit(another);
    expect(await recordOf()).toEqual({ ...before, provenAt: await system.time() });
  });

  test('another chain, another gate, another consumer', async () => {
    await refuses(submit(await system.submission({ chainId: 1n })), 'WrongContext');
    await refuses(submit(await system.submission({ gate: bobAddress })), 'WrongContext');
    await refuses(submit(await system.submission({ consumer: bobAddress })), 'WrongContext');
  });

  test('another deadline than the proven', async () => {
    const proven = await system.submission();
    await refuses(submit({ ...proven, deadline: proven.deadline + 1n }), 'WrongContext');
  });

  test('a context not below the field: the hash with its top bits', async () => {
    const original = await system.submission();
    const publicSignals = original.publicSignals.with(6, (original.publicSignals[6] ?? 0n) + R);
    await refuses(submit({ ...original, publicSignals }), 'WrongContext');
  });

  test('a passed deadline; the last second still counts', async () => {
    const late = await system.submission({ deadline: NOW + 100n });
    await system.next(NOW + 100n);
    await submit(late);
    await system.at(NOW + 101n);
    await refuses(submit(late), 'DeadlinePassed');
  });

  test('another scope', async () => {
    await refuses(submit(await system.submission({ scope: SCOPE + 1n })), 'WrongScope');
  });
});

describe('gate: proofs for an action', () => {
  const action = id('borrow 100');
  // a wallet stands for the contract that carries the action out: to the gate both are an address
  const used = (over: Parameters<GateSystem['submission']>[0] = {}) =>
    system.submission({ actionHash: action, consumer: bobAddress, ...over });
  const use = (submission: Submission, as = bob) => system.send(as, 'useProof', submission);

  test('are good once, for the consumer that they name', async () => {
    await submit(await system.submission());
    const proof = await used();
    await refuses(use(proof, alice), 'WrongContext');
    await use(proof);
    expect(await system.gate.getFunction('isUsed')(proof.publicSignals[6])).toBe(true);
    await refuses(use(proof), 'ProofAlreadyUsed');
    const { rerandomised } = await proofArithmetic();
    await refuses(use({ ...proof, proof: rerandomised(proof.proof, 3n) }), 'ProofAlreadyUsed');
  });

  test('for another action, and for none', async () => {
    await submit(await system.submission());
    await refuses(use({ ...(await used()), actionHash: id('borrow 101') }), 'WrongContext');
    await refuses(use(await used({ actionHash: ZeroHash })), 'ActionExpected');
    await refuses(submit(await system.submission({ actionHash: action })), 'ActionNotExpected');
  });

  test('bind nobody: a stranger could tie a victim to an account of their own', async () => {
    await refuses(use(await used()), 'SubjectNotBound');
    await submit(await system.submission());
    await refuses(use(await used({ nullifier: 6n })), 'SubjectBoundElsewhere');
  });

  test('renew what the subject has proven', async () => {
    await submit(await system.submission());
    await system.postAccount(1002n, NOW);
    await use(await used({ accountRoot: 1002n }));
    expect((await recordOf()).accountRoot).toBe(1002n);
  });

  test('that fail use nothing up', async () => {
    await submit(await system.submission());
    const proof = await used();
    const { proof: other } = await used({ thresholdBps: 13_000n });
    await refuses(use({ ...proof, proof: other }), 'ProofInvalid');
    await use(proof);
  });
});

describe('gate: many at once', () => {
  const subjects = () => system.others.slice(0, 3);
  const renewals = () =>
    Promise.all(
      subjects().map(({ address }, i) =>
        system.submission({ subject: address, nullifier: BigInt(100 + i), accountRoot: 1002n, riskRoot: 2002n }),
      ),
    );
  const submitMany = (submissions: readonly Submission[]) => system.send(bob, 'submitMany', submissions);

  beforeEach(async () => {
    for (const [i, signer] of subjects().entries()) {
      const first = await system.submission({ subject: signer.address, nullifier: BigInt(100 + i) });
      await submit(first, system.gateAs(signer));
    }
    await system.postAccount(1002n, NOW);
    await system.postRisk(2002n, NOW);
  });

  test('renews them all, whoever sends it', async () => {
    await submitMany(await renewals());
    for (const { address } of subjects()) expect((await recordOf(address)).accountRoot).toBe(1002n);
  });

  test.each([0, 1, 2])('one bad proof, at place %i: none is renewed', async (place) => {
    const batch = await renewals();
    const bad = batch[place] as Submission;
    const { proof } = await system.submission();
    await refuses(submitMany(batch.with(place, { ...bad, proof })), 'ProofInvalid');
    const publicSignals = bad.publicSignals.with(2, (bad.publicSignals[2] ?? 0n) + 1n);
    await refuses(submitMany(batch.with(place, { ...bad, publicSignals })), 'ProofInvalid');
    for (const { address } of subjects()) expect((await recordOf(address)).accountRoot).toBe(ACCOUNT_ROOT);
  });

  test('none, another verifier, an action, a subject that never came itself', async () => {
    const batch = await renewals();
    await refuses(submitMany([]), 'InvalidBatch');
    const verifier = system.otherVerifier;
    await refuses(submitMany(batch.with(1, { ...(batch[1] as Submission), verifier })), 'InvalidBatch');
    await refuses(submitMany(batch.with(1, await system.submission({ actionHash: id('x') }))), 'ActionNotExpected');
    const stranger = await system.submission({ accountRoot: 1002n, riskRoot: 2002n });
    await refuses(submitMany(batch.with(1, stranger)), 'SubjectNotBound');
    const { address } = subjects()[1] as JsonRpcSigner;
    const weaker = await system.submission({ subject: address, nullifier: 101n });
    await refuses(submitMany(batch.with(1, weaker)), 'NothingNew');
  });

  test('with too little gas nothing is said of the proofs', async () => {
    const batch = await renewals();
    const outcomes = new Set<string>();
    for (let gasLimit = 100_000n; gasLimit <= 850_000n; gasLimit += 50_000n) {
      const before = await system.snapshot();
      await system.send(bob, 'submitMany', batch, { gasLimit }).then(
        () => outcomes.add('accepted'),
        (error: { error: string }) => outcomes.add(error.error),
      );
      await system.revert(before);
    }
    expect([...outcomes].sort()).toEqual(['', 'NotEnoughGas', 'accepted']);
  });
});

describe('gate: nullifiers', () => {
  test('a second subject with the same nullifier', async () => {
    await submit(await system.submission());
    await refuses(submit(await system.submission({ subject: bobAddress }), bob), 'NullifierTaken');
    expect(await isSolvent(bobAddress)).toBe(false);
    await submit(await system.submission({ subject: bobAddress, nullifier: 6n }), bob);
    expect(await isSolvent(bobAddress)).toBe(true);
  });

  test('a subject with a second nullifier', async () => {
    await submit(await system.submission());
    await refuses(submit(await system.submission({ nullifier: 6n })), 'SubjectBoundElsewhere');
  });

  test('a proof that fails binds nothing', async () => {
    const { proof } = await system.submission({ nullifier: 6n });
    await refuses(submit({ ...(await system.submission()), proof }), 'ProofInvalid');
    expect(await system.registry.getFunction('nullifierOf')(aliceAddress)).toBe(0n);
    await submit(await system.submission({ subject: bobAddress }), bob);
  });

  test('gates that share a registry share the scope: an account backs one subject in all of them', async () => {
    const second = await system.secondGate();
    const inSecond = (over: Parameters<GateSystem['submission']>[0]) =>
      system.submission({ gate: second.target as string, consumer: second.target as string, ...over });
    await submit(await system.submission());
    const bobs = await inSecond({ subject: bobAddress });
    const secondAsBob = second.connect(system.bob) as Contract;
    const secondAsAlice = second.connect(system.alice) as Contract;
    await refuses(submit(bobs, secondAsBob), 'NotAGate');
    await system.send(system.registry, 'admit', second.target, true);
    await refuses(submit(bobs, secondAsBob), 'NullifierTaken');
    await submit(await inSecond({}), secondAsAlice);
    expect(await second.getFunction('isSolvent')(aliceAddress)).toBe(true);
    await system.send(system.registry, 'admit', second.target, false);
    await refuses(submit(await inSecond({}), secondAsAlice), 'NotAGate');
  });

  test('only the owner of the registry admits, only a gate binds, a scope is below the field', async () => {
    const registryAsBob = system.registry.connect(system.bob) as Contract;
    await refuses(system.send(registryAsBob, 'admit', bobAddress, true), 'OwnableUnauthorizedAccount');
    await refuses(system.send(registryAsBob, 'bind', 7n, bobAddress), 'NotAGate');
    await refuses(system.deploy('ScopeRegistry', system.owner.address, R), 'InvalidScope');
  });
});

describe('gate: roots', () => {
  test('an unknown account root, and one that another venue posted', async () => {
    await refuses(submit(await system.submission({ accountRoot: 1n })), 'UnknownAccountRoot');
    await refuses(submit(await system.submission({ accountRoot: RISK_ROOT })), 'UnknownAccountRoot');
    await refuses(submit(await system.submission({ venue: bobAddress })), 'UnknownAccountRoot');
  });

  test('an unknown risk root', async () => {
    await refuses(submit(await system.submission({ riskRoot: 1n })), 'UnknownRiskRoot');
    await refuses(submit(await system.submission({ riskRoot: ACCOUNT_ROOT })), 'UnknownRiskRoot');
  });

  test('revoked roots', async () => {
    const proof = await system.submission();
    await system.revokeAccount(ACCOUNT_ROOT);
    await refuses(submit(proof), 'AccountRootIsRevoked');
    await system.postAccount(1002n, NOW);
    await system.revokeRisk(RISK_ROOT);
    await refuses(submit(await system.submission({ accountRoot: 1002n })), 'RiskRootIsRevoked');
  });

  test('a paused oracle', async () => {
    await system.pause();
    await refuses(submit(await system.submission()), 'RiskOraclePaused');
  });

  test('a risk root after its grace: provers do not pick the best price', async () => {
    await system.postRisk(2002n, NOW);
    const superseded = await system.time();
    const proof = await system.submission();
    await system.next(superseded + POLICY.riskGrace);
    await submit(proof);
    await system.at(superseded + POLICY.riskGrace + 1n);
    await refuses(submit(proof), 'RiskRootSuperseded');
  });

  test('a newer root of another model supersedes nothing', async () => {
    await system.postRisk(2002n, NOW, MODEL + 1n);
    await system.at(NOW + POLICY.riskGrace + 10n);
    await submit(await system.submission());
  });

  test('roots that are stale, each by its own source', async () => {
    const proof = await system.submission();
    await system.next(RISK_TIME + ORACLE_MAX_AGE);
    await submit(proof);
    await system.at(RISK_TIME + ORACLE_MAX_AGE + 1n);
    await refuses(submit(proof), 'Stale');
    await system.postRisk(2002n, await system.time());
    await system.at(ACCOUNT_TIME + VENUE_MAX_AGE + 1n);
    await refuses(submit(await system.submission({ riskRoot: 2002n })), 'Stale');
  });

  test('root times too far apart', async () => {
    await system.at(ACCOUNT_TIME + POLICY.maxRootGap + 10n);
    await system.postRisk(2002n, ACCOUNT_TIME + POLICY.maxRootGap);
    await submit(await system.submission({ riskRoot: 2002n }));
    await system.postRisk(2003n, ACCOUNT_TIME + POLICY.maxRootGap + 1n);
    await refuses(submit(await system.submission({ riskRoot: 2003n })), 'RootTimesTooFarApart');
  });

  test('root times going back for a subject', async () => {
    await system.postAccount(1002n, NOW);
    await submit(await system.submission({ accountRoot: 1002n }));
    await refuses(submit(await system.submission()), 'RootTimeWentBack');
    await system.postRisk(2002n, NOW);
    await submit(await system.submission({ accountRoot: 1002n, riskRoot: 2002n }));
    await refuses(submit(await system.submission({ accountRoot: 1002n })), 'RootTimeWentBack');
  });

  test('a block that is reorganised away takes the status that rested on its root with it', async () => {
    const before = await system.snapshot();
    await system.postAccount(1002n, NOW);
    const proof = await system.submission({ accountRoot: 1002n });
    await submit(proof);
    expect(await statusOf()).toBe(HEALTHY);
    await system.revert(before);
    await system.at(NOW + 5n);
    expect(await statusOf()).toBe(UNKNOWN);
    await refuses(submit(proof), 'UnknownAccountRoot');
  });
});

describe('gate: policy and proof', () => {
  test('a threshold or an equity floor below the minimum', async () => {
    const low = await system.submission({ thresholdBps: POLICY.minThresholdBps - 1n });
    await refuses(submit(low), 'ThresholdTooLow');
    const small = await system.submission({ equityFloor: POLICY.minEquityFloor - 1n });
    await refuses(submit(small), 'EquityFloorTooLow');
  });

  test('a proof of another statement, and a proof with a point changed', async () => {
    const original = await system.submission();
    const { proof } = await system.submission({ thresholdBps: 13_000n });
    await refuses(submit({ ...original, proof }), 'ProofInvalid');
    const [x, y] = original.proof.a;
    await refuses(submit({ ...original, proof: { ...original.proof, a: [x, Q - y] } }), 'ProofInvalid');
  });

  test('every public signal with a bit flipped', async () => {
    const original = await system.submission();
    for (const i of PUBLIC_SIGNALS.keys()) {
      const publicSignals = original.publicSignals.with(i, (original.publicSignals[i] ?? 0n) ^ 1n);
      await expect(submit({ ...original, publicSignals })).rejects.toMatchObject({ error: expect.stringMatching(/./) });
    }
  });

  test('a signal not below r passes no check that it should not: the proof is refused', async () => {
    const original = await system.submission();
    const publicSignals = original.publicSignals.with(4, (original.publicSignals[4] ?? 0n) + R);
    await refuses(submit({ ...original, publicSignals }), 'ProofInvalid');
  });

  test('too little gas for the verifier: the call reverts and records nothing', async () => {
    const submission = await system.submission();
    const outcomes = new Set<string>();
    for (let gasLimit = 100_000n; gasLimit <= 700_000n; gasLimit += 25_000n) {
      const before = await system.snapshot();
      await system.send(alice, 'submit', submission, { gasLimit }).then(
        () => outcomes.add('accepted'),
        (error: { error: string }) => outcomes.add(error.error),
      );
      await system.revert(before);
    }
    expect([...outcomes].sort()).toEqual(['', 'NotEnoughGas', 'accepted']);
  });

  test('a verifier that was not allowed, or not for this model or venue', async () => {
    const proof = await system.submission();
    await refuses(submit({ ...proof, verifier: system.otherVerifier }), 'NotAllowed');
    await system.postRisk(2002n, NOW, MODEL + 1n);
    await refuses(submit(await system.submission({ riskRoot: 2002n })), 'NotAllowed');
    const verifier = await system.verifier.getAddress();
    await system.send(system.gate, 'allow', verifier, MODEL, system.venue.address, false);
    await refuses(submit(proof), 'NotAllowed');
  });

  test('only the owner allows, a verifier is a contract, a venue fits the policy', async () => {
    const verifier = await system.verifier.getAddress();
    const venue = system.venue.address;
    await refuses(system.send(alice, 'allow', verifier, 1n, venue, true), 'OwnableUnauthorizedAccount');
    await refuses(system.send(system.gate, 'allow', aliceAddress, MODEL, venue, true), 'NotAContract');
    await refuses(system.send(system.gate, 'allow', verifier, MODEL, bobAddress, true), 'VenueNotFit');
    await system.register(system.bob, POLICY.maxAge);
    await refuses(system.send(system.gate, 'allow', verifier, MODEL, bobAddress, true), 'VenueNotFit');
  });

  test('a policy that no proof can meet, or under which deadlines could not stand still', async () => {
    for (const change of [
      { minThresholdBps: 0n },
      { minThresholdBps: 1n << 20n },
      { maxAge: 0n },
      { maxAge: 1n << 32n },
      { maxAge: ORACLE_MAX_AGE },
      { callPeriod: 0n },
      { callPeriod: 1n << 32n },
    ]) {
      await refuses(system.deployGate({ ...POLICY, ...change }), 'InvalidPolicy');
    }
  });
});

test('gas', async () => {
  const cost = async (receipt: TransactionReceipt): Promise<bigint> => {
    const transaction = await system.chain.provider.getTransaction(receipt.hash);
    return executionGas(receipt, transaction?.data ?? '');
  };
  const subjects = [system.alice, ...system.others.slice(0, 3)];
  const of = (index: number, over: Parameters<GateSystem['submission']>[0] = {}) =>
    system.submission({ subject: subjects[index]?.address ?? '', nullifier: BigInt(100 + index), ...over });
  const costs: Record<string, bigint> = {};
  for (const [index, subject] of subjects.entries()) {
    const receipt = await submit(await of(index), system.gateAs(subject));
    if (index === 0) costs['submit: first of a subject'] = await cost(receipt);
  }
  await system.postAccount(1002n, NOW);
  const actionHash = id('borrow 100');
  const used = await of(0, { actionHash, consumer: bobAddress, accountRoot: 1002n });
  costs['useProof'] = await cost(await system.send(bob, 'useProof', used));
  costs['submit: renewal'] = await cost(await submit(await of(0, { accountRoot: 1002n })));
  const batch = await Promise.all([1, 2, 3].map((index) => of(index, { accountRoot: 1002n })));
  costs['submitMany: three renewals'] = await cost(await system.send(bob, 'submitMany', batch));
  await expectGas('gate', costs);
});
