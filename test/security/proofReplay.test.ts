import { type Contract, id, ZeroHash } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ContextInput, contextOf } from '../../src/chain/context.js';
import { proofCalldata } from '../../src/chain/proofCalldata.js';
import type { ProofPoints } from '../../src/proof/marginProof.js';
import { verify } from '../../src/proof/verify.js';
import { FIELD_ORDER, PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { type FreeSignals, freeSignals, releaseSnarkjs } from '../support/freeSignals.js';
import { POLICY, SCOPE, type Submission } from '../support/gateSystem.js';
import { ACCEPTED, type Caller, type Callers, callersOfProofs } from './support/callers.js';
import { type FreeMargin, freeMargin } from './support/freeMargin.js';
import { rerandomised } from './support/malleable.js';

// Attack 15: a proof that was valid once is used again: with a signal plus r, which a verifier that reduces takes for the
// same; as another proof of the same signals, which anybody makes of it; by who copied it from the mempool; on another
// chain, gate or scope. The context ties it to all of those, nullifiers and used contexts to once, and signals are below r.

let system: Callers['system'];
let callers: Callers['callers'];
let free: FreeSignals;
let snapshot: string;

beforeAll(async () => {
  [{ system, callers }, free] = await Promise.all([callersOfProofs(), freeSignals(7)]);
});
afterAll(async () => {
  await system?.stop();
  await releaseSnarkjs();
});
beforeEach(async () => {
  snapshot = await system.snapshot();
});
afterEach(() => system.revert(snapshot));

type Outcomes = Readonly<Record<Caller['name'], string>>;
const all = (outcome: string): Outcomes =>
  Object.fromEntries(callers.map(({ name }) => [name, outcome])) as Record<Caller['name'], string>;

async function outcomes(attempt: (caller: Caller) => Promise<string>): Promise<Outcomes> {
  const said: [string, string][] = [];
  for (const caller of callers) said.push([caller.name, await attempt(caller)]);
  return Object.fromEntries(said) as Record<Caller['name'], string>;
}

const honest = (caller: Caller): Promise<Submission> => caller.submission();
/** What each caller says of its own honest submission, changed. */
const changed = (change: (submission: Submission) => Submission): Promise<Outcomes> =>
  outcomes(async (caller) => caller.outcome(change(await honest(caller))));

/** The same statement by a proof that was made of the first one, or the first one itself. */
const COPIES: readonly (readonly [string, (proof: ProofPoints) => ProofPoints])[] = [
  ['the proof itself', (proof) => proof],
  ['A / s, s B, C', (proof) => rerandomised(free.key, proof, 7n, 0n)],
  ['-A, -B, C', (proof) => rerandomised(free.key, proof, FIELD_ORDER - 1n, 0n)],
  ['no point of it the same', (proof) => rerandomised(free.key, proof, 3n, 11n)],
];
const copied = (submission: Submission, copy: (proof: ProofPoints) => ProofPoints): Submission => ({
  ...submission,
  proof: copy(submission.proof),
});

describe('attack 15: a public signal that was not proven', () => {
  it('the control: what was proven', async () => {
    expect(await changed((submission) => submission)).toEqual(all(ACCEPTED));
  });

  const TOO_LARGE = 'SafeCastOverflowedUintDowncast';
  const REFUSALS = {
    accountRoot: ['UnknownAccountRoot', 'UnknownAccountRoot', 'UnknownAccountRoot'],
    riskRoot: ['UnknownRiskRoot', 'UnknownRiskRoot', 'UnknownRiskRoot'],
    // more than the policy asks for: only the proof can tell
    thresholdBps: ['ProofInvalid', TOO_LARGE, TOO_LARGE],
    equityFloor: ['ProofInvalid', TOO_LARGE, TOO_LARGE],
    nullifier: ['SubjectBoundElsewhere', 'SubjectBoundElsewhere', 'SubjectBoundElsewhere'],
    scope: ['WrongScope', 'WrongScope', 'WrongScope'],
    context: ['WrongContext', 'WrongContext', 'WrongContext'],
  } as const;
  it.each(PUBLIC_SIGNALS)('%s plus 1, plus r, and the largest word', async (name) => {
    const at = PUBLIC_SIGNALS.indexOf(name);
    for (const [i, change] of [
      (signal: bigint) => signal + 1n,
      (signal: bigint) => signal + FIELD_ORDER,
      () => 2n ** 256n - 1n,
    ].entries()) {
      const said = await changed((submission) => ({
        ...submission,
        publicSignals: submission.publicSignals.with(at, change(submission.publicSignals[at] as bigint)),
      }));
      expect(said).toEqual(all(REFUSALS[name][i] as string));
    }
  });

  it('a nullifier under another name, by who is not bound yet: a second subject for one account', async () => {
    const [, second] = system.others;
    if (second === undefined) throw new Error('the chain has too few accounts');
    const [submit] = callers as [Caller];
    const proven = await submit.submission({ subject: second.address, nullifier: 8n });
    expect(await submit.outcome(proven, { as: second })).toBe(ACCEPTED);
    for (const nullifier of [9n, 8n + FIELD_ORDER, 2n ** 256n - 1n]) {
      const renamed = { ...proven, publicSignals: proven.publicSignals.with(4, nullifier) };
      expect(await submit.outcome(renamed, { as: second })).toBe('ProofInvalid');
    }
  });
});

describe('attack 15: a proof made of a proof', () => {
  it.each(COPIES)('%s: good in place of the first, and with it never twice', async (_, copy) => {
    expect(await changed((submission) => copied(submission, copy))).toEqual(all(ACCEPTED));
    const after: Outcomes = {
      // renews nothing: see below
      submit: ACCEPTED,
      submitMany: 'NothingNew',
      useProof: 'ProofAlreadyUsed',
      borrowProven: 'WrongAction',
    };
    const said = await outcomes(async (caller) => {
      const before = await system.snapshot();
      const submission = await honest(caller);
      await caller.send(submission);
      const outcome = await caller.outcome(copied(submission, copy));
      await system.revert(before);
      return outcome;
    });
    expect(said).toEqual(after);
  });

  it.each(COPIES)('%s, submitted again: the record is what it was', async (_, copy) => {
    const [submit] = callers as [Caller];
    const submission = await honest(submit);
    const record = async () => {
      const found = await system.gate.getFunction('recordOf')(system.alice.address);
      return { ...found.toObject(), provenAt: 0n };
    };
    await submit.send(submission);
    const first = await record();
    await submit.send(copied(submission, copy));
    expect(await record()).toEqual(first);
  });
});

describe('attack 15: a proof taken from the mempool', () => {
  it.each(COPIES)('%s, sent by somebody else', async (_, copy) => {
    const said = await outcomes(async (caller) =>
      caller.outcome(copied(await honest(caller), copy), { as: system.stranger }),
    );
    expect(said).toEqual({
      submit: 'NotTheSubject',
      // whoever sends a renewal, it is its subject's
      submitMany: ACCEPTED,
      useProof: 'WrongContext',
      borrowProven: 'NotTheSubject',
    });
  });

  it.each(COPIES)('%s, sent by somebody else in their own name', async (_, copy) => {
    const [, thief] = system.others;
    if (thief === undefined) throw new Error('the chain has too few accounts');
    const said = await outcomes(async (caller) =>
      caller.outcome({ ...copied(await honest(caller), copy), subject: thief.address }, { as: thief }),
    );
    expect(said).toEqual(all('WrongContext'));
  });

  it('brought in at another door than the one it was made for', async () => {
    const matrix: Record<string, Outcomes> = {};
    for (const maker of callers) {
      const submission = await honest(maker);
      matrix[maker.name] = await outcomes((caller) => caller.outcome(submission));
    }
    const ofNoAction = { ...all(ACCEPTED), useProof: 'ActionExpected', borrowProven: 'WrongAction' };
    const ofAnAction = { submit: 'ActionNotExpected', submitMany: 'ActionNotExpected', borrowProven: 'WrongAction' };
    expect(matrix).toEqual({
      submit: ofNoAction,
      submitMany: ofNoAction,
      useProof: { ...ofAnAction, useProof: ACCEPTED },
      borrowProven: { ...ofAnAction, useProof: 'WrongContext', borrowProven: ACCEPTED },
    });
  });
});

describe('attack 15: a proof used elsewhere', () => {
  it('on another chain with the same contracts', async () => {
    const { provider } = system.chain;
    const to = (chain: bigint): Promise<unknown> => provider.send('anvil_setChainId', [Number(chain)]);
    try {
      await to(5n);
      expect(await outcomes(async (caller) => caller.outcome(await honest(caller)))).toEqual(all('WrongContext'));
    } finally {
      await to(system.chain.chainId);
    }
    expect(await outcomes(async (caller) => caller.outcome(await honest(caller)))).toEqual(all(ACCEPTED));
  });

  /** A gate over other contracts, and a lender that asks it. */
  async function elsewhere(gate: Contract) {
    const lender = await system.deployLender(system.owner.address, gate);
    const at = ({ name }: Caller): Contract => (name === 'borrowProven' ? lender : gate);
    return {
      at,
      /** what a proof says that was made for that place */
      made: (caller: Caller) => ({
        gate: gate.target as string,
        ...(caller.name === 'useProof' ? {} : { consumer: at(caller).target as string }),
      }),
    };
  }

  it('at another gate of the same scope', async () => {
    const second = await system.secondGate();
    await system.send(system.registry, 'admit', second.target, true);
    const { at, made } = await elsewhere(second);
    expect(await outcomes(async (caller) => caller.outcome(await honest(caller), { at: at(caller) }))).toEqual(
      all('WrongContext'),
    );
    // one that was made for it passes; the lender there has no money
    const single = callers.filter(({ name }) => name !== 'submitMany');
    const said: string[] = [];
    for (const caller of single) {
      said.push(await caller.outcome(await caller.submission(made(caller)), { at: at(caller) }));
    }
    expect(said).toEqual([ACCEPTED, ACCEPTED, 'NotEnoughLiquidity']);
  });

  it('at a gate of another scope, though it was made for that gate', async () => {
    const registry = await system.deploy('ScopeRegistry', system.owner.address, SCOPE + 1n);
    const sources = [system.accountRoots.target, system.oracle.target, registry.target];
    const gate = await system.deploy('SolvencyGate', system.owner.address, ...sources, POLICY);
    const { at, made } = await elsewhere(gate);
    for (const caller of callers) {
      const submission = await caller.submission(made(caller));
      // a batch of one: its companion here is for the gate of the others
      const isMany = caller.name === 'submitMany';
      const attempt = isMany
        ? system.send(gate.connect(system.bob) as Contract, 'submitMany', [submission])
        : caller.send(submission, { at: at(caller) });
      await system.refuses(attempt, 'WrongScope');
    }
  });

  it('for another action, or for none', async () => {
    const other = await changed((submission) => ({ ...submission, actionHash: id('another action') }));
    expect(other).toEqual({
      submit: 'ActionNotExpected',
      submitMany: 'ActionNotExpected',
      useProof: 'WrongContext',
      borrowProven: 'WrongAction',
    });
    const none = await changed((submission) => ({ ...submission, actionHash: ZeroHash }));
    expect(none).toEqual({ ...all(ACCEPTED), useProof: 'ActionExpected', borrowProven: 'WrongAction' });
  });

  it('after its deadline, which nobody can put off', async () => {
    const deadline = (await system.time()) + 100n;
    const late = await outcomes(async (caller) => {
      const submission = await caller.submission({ deadline });
      const later = { ...submission, deadline: deadline + 1n };
      const never = { ...submission, deadline: 2n ** 64n - 1n };
      return [await caller.outcome(submission), await caller.outcome(later), await caller.outcome(never)].join(', ');
    });
    expect(late).toEqual(all(`${ACCEPTED}, WrongContext, WrongContext`));
    const said = () => outcomes(async (caller) => caller.outcome(await caller.submission({ deadline })));
    await system.at(deadline);
    expect(await said()).toEqual(all(ACCEPTED));
    await system.at(deadline + 1n);
    expect(await said()).toEqual(all('DeadlinePassed'));
  });
});

describe('attack 15: a proof replayed off chain', () => {
  const made: ContextInput = {
    chainId: 1n,
    gate: `0x${'11'.repeat(20)}`,
    consumer: `0x${'22'.repeat(20)}`,
    subject: `0x${'33'.repeat(20)}`,
    actionHash: id('borrow 100'),
    deadline: 2_000_000_000n,
  };
  const OTHERS: Required<ContextInput> = {
    chainId: 5n,
    gate: made.consumer,
    consumer: made.gate,
    subject: `0x${'44'.repeat(20)}`,
    actionHash: id('borrow 101'),
    deadline: made.deadline + 1n,
  };

  let margin: FreeMargin;
  beforeAll(async () => {
    margin = await freeMargin({ context: contextOf(made) });
  });

  it.each(Object.keys(OTHERS) as (keyof ContextInput)[])('for another %s', async (field) => {
    const { proof, key, expected } = margin;
    await expect(verify(proof, key, expected)).resolves.toMatchObject({ nullifier: 5n });
    const context = contextOf({ ...made, [field]: OTHERS[field] });
    const elsewhere = { ...expected, context };
    await expect(verify(proof, key, elsewhere)).rejects.toMatchObject({
      code: 'EXPECTATION_NOT_MET',
      details: { expectation: 'context' },
    });
    // who writes the context into the proof that is wanted has no proof of it, whatever they make of the points
    for (const [, copy] of COPIES) {
      const points = proofCalldata(copy(proofCalldata(proof.proof)));
      await expect(verify({ ...proof, proof: points }, key, expected)).resolves.toMatchObject({ nullifier: 5n });
      const renamed = { ...proof, proof: points, publicSignals: { ...proof.publicSignals, context } };
      await expect(verify(renamed, key, elsewhere)).rejects.toMatchObject({ code: 'PROOF_INVALID' });
    }
  });

  it.each(PUBLIC_SIGNALS)('%s plus r, the same number to who reduces', async (name) => {
    const { proof, key, expected } = margin;
    const signal = proof.publicSignals[name] + FIELD_ORDER;
    const renamed = { ...proof, publicSignals: { ...proof.publicSignals, [name]: signal } };
    // an expectation of the very same word, so that nothing but the check of signals can refuse it
    const wanted = name in expected ? { ...expected, [name]: signal } : expected;
    await expect(verify(renamed, key, wanted)).rejects.toMatchObject(
      name === 'riskRoot'
        ? { code: 'EXPECTATION_NOT_MET', details: { expectation: 'snapshot' } }
        : { code: 'PROOF_INVALID', message: expect.stringContaining('not below r') },
    );
  });
});
