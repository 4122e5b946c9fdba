import { type TransactionReceipt, ZeroAddress, ZeroHash } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { proofCalldata } from '../../src/chain/proofCalldata.js';
import { type ChainEntry, entryCalldata } from '../../src/chain/proofTree.js';
import {
  ANSWER_WINDOW,
  type AttestationSystem,
  attestationSystem,
  BOND,
  CHALLENGE_WINDOW,
  type Chain,
  type Changes,
  FAULTS,
  FEE,
  FIRST_STATE,
  type Header,
  hash32,
  LAST_STATE,
  NOW,
  NOWHERE,
  OTHER_RISK_ROOT,
  plusOrder,
  RISK_ROOT,
  STATEMENT,
} from '../support/attestationSystem.js';
import { proofArithmetic, R } from '../support/bn254.js';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { executionGas, expectGas } from '../support/gas.js';

const ROOT = 1001n;

let s: AttestationSystem;
let saved: string;
let arithmetic: Awaited<ReturnType<typeof proofArithmetic>>;
/** a chain of three batches without a fault, to be sent and under a bond */
let direct: Chain;
let bonded: Chain;

beforeAll(async () => {
  [s, arithmetic] = await Promise.all([attestationSystem(), proofArithmetic()]);
  direct = await s.bundle(3, ROOT, { header: { proofsRoot: ZeroHash } });
  bonded = await s.bundle(3, ROOT);
}, 120_000);

afterAll(async () => {
  await s?.stop();
  await releaseSnarkjs();
});

beforeEach(async () => {
  saved = await s.snapshot();
});

afterEach(async () => {
  await s.revert(saved);
});

const refuses = (call: Promise<unknown>, error: string) =>
  expect(call).rejects.toEqual(expect.objectContaining({ error }));

const argumentsOf = (receipt: TransactionReceipt, name: string): Record<string, unknown> => {
  const event = s.events(receipt).find((found) => found.name === name);
  if (event === undefined) throw new Error(`no event ${name}`);
  return event.args.toObject();
};

/** The fault and position that a direct attestation was refused for. */
async function faultOf(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause as { readonly error: string; readonly cause: { readonly data: string } },
  );
  expect(error?.error).toBe('EntryRefused');
  const [position, fault] = s.parseError(error?.cause.data ?? '');
  return [FAULTS[Number(fault)], Number(position)];
}

const entriesOf = (chain: Chain) => chain.entries.map(entryCalldata);
const startOf = (chain: Chain) => entryCalldata(chain.entries.at(-2) as ChainEntry);
const closingOf = (chain: Chain) => entryCalldata(chain.entries.at(-1) as ChainEntry);
const batchesOf = (chain: Chain): readonly ChainEntry[] => chain.entries.slice(0, -2);
const extension = (id: string, batches: readonly ChainEntry[], verifier = batches[0]?.verifier ?? ZeroAddress) => [
  id,
  verifier,
  batches.map(({ proof }) => proofCalldata(proof)),
  batches.flatMap(({ signals }) => signals),
];

describe('configuration', () => {
  const refusesConfig = async (change: object, error: string) =>
    refuses(s.deploy('ReserveAttestations', { ...s.config, ...change }), error);

  test('is what the contract was deployed with, and nothing owns it', async () => {
    expect(await s.read('riskOracle')).toBe(s.oracle);
    const methods = ['bond', 'demandFee', 'challengeWindow', 'answerWindow'];
    const values = await Promise.all(methods.map((method) => s.read(method)));
    expect(values).toEqual([BOND, FEE, CHALLENGE_WINDOW, ANSWER_WINDOW]);
    const { start, batch, otherBatch, opening, coverage } = s.verifiers;
    const kinds = [start, batch, otherBatch, opening, coverage, s.oracle];
    expect(await Promise.all(kinds.map((verifier) => s.read('kindOf', verifier)))).toEqual([1n, 2n, 2n, 3n, 3n, 0n]);
  });

  test.each([
    { bond: 0n },
    { demandFee: 0n },
    { challengeWindow: 0n },
    { answerWindow: 0n },
    { challengeWindow: 2n ** 32n + 1n },
    { answerWindow: 2n ** 32n + 1n },
    { batchVerifiers: [] },
    { closingVerifiers: [] },
    { riskOracle: `0x${'12'.repeat(20)}` },
  ])('refuses %o', async (change) => {
    await refusesConfig(change, 'InvalidConfig');
  });

  test('windows of 2^32 seconds are fine', async () => {
    await s.deploy('ReserveAttestations', { ...s.config, challengeWindow: 2n ** 32n, answerWindow: 2n ** 32n });
  });

  test('refuses a verifier of a circuit of another kind, one named twice, and what is none', async () => {
    const { start, batch, opening, coverage } = s.verifiers;
    await refusesConfig({ startVerifier: batch }, 'UnusableVerifier');
    await refusesConfig({ batchVerifiers: [coverage] }, 'UnusableVerifier');
    await refusesConfig({ closingVerifiers: [start] }, 'UnusableVerifier');
    await refusesConfig({ batchVerifiers: [batch, batch] }, 'UnusableVerifier');
    await refusesConfig({ closingVerifiers: [opening, coverage, opening] }, 'UnusableVerifier');
    await refusesConfig({ startVerifier: `0x${'12'.repeat(20)}` }, '');
  });

  test('refuses a verifier that says yes to anything, and one that asks for more gas than a challenge gives', async () => {
    const yes = await s.deploy('OddVerifier', 5, true, 0);
    const greedy = await s.deploy('OddVerifier', 5, false, 310_000);
    const modest = await s.deploy('OddVerifier', 5, false, 200_000);
    await refusesConfig({ batchVerifiers: [yes] }, 'UnusableVerifier');
    await refusesConfig({ batchVerifiers: [greedy] }, 'NotEnoughGas');
    await s.deploy('ReserveAttestations', { ...s.config, batchVerifiers: [modest] });
  });
});

describe('header, either way', () => {
  const ways = [
    ['begin', (header: Header) => s.send(s.venue, 'begin', [header, startOf(direct)]), { proofsRoot: ZeroHash }],
    ['attest', (header: Header) => s.send(s.venue, 'attest', [header], { value: BOND }), {}],
  ] as const;

  describe.each(ways)('%s', (_, post, base) => {
    const header = (change: Partial<Header>): Header => ({ ...bonded.header, ...base, ...change });

    test.each(['accountRoot', 'riskRoot', 'statement', 'firstState', 'lastState'])(
      'refuses a %s that is zero or no field element',
      async (name) => {
        for (const value of [0n, R, R + RISK_ROOT, 2n ** 256n - 1n]) {
          await refuses(post(header({ [name]: value })), 'InvalidHeader');
        }
      },
    );

    test('refuses a count of zero or beyond the tree, and a bundle without a hash', async () => {
      await refuses(post(header({ count: 0 })), 'InvalidHeader');
      await refuses(post(header({ count: 2 ** 20 - 1 })), 'InvalidHeader');
      await refuses(post(header({ bundleHash: ZeroHash })), 'InvalidHeader');
      await post(header({ count: 2 ** 20 - 2 }));
    });

    test('refuses a risk root that is unknown or revoked, and a paused oracle', async () => {
      await refuses(post(header({ riskRoot: 77n })), 'UnknownRiskRoot');
      await s.send(s.guardian, 'revoke', [RISK_ROOT], { to: s.oracle });
      await refuses(post(header({})), 'RiskRootIsRevoked');
      await s.send(s.guardian, 'pause', [], { to: s.oracle });
      await refuses(post(header({ riskRoot: OTHER_RISK_ROOT })), 'RiskOraclePaused');
    });

    test('refuses a venue its account root and bundle a second time, whichever way', async () => {
      await post(header({}));
      for (const [, again, itsBase] of ways) {
        await refuses(again({ ...bonded.header, ...itsBase }), 'AlreadyAttested');
      }
      await post(header({ bundleHash: hash32(7n) }));
      // another venue is not kept from its own
      const venue = _ === 'begin' ? [header({}), startOf(direct)] : [header({})];
      await s.send(s.other, _, venue, { value: _ === 'begin' ? 0n : BOND });
    });
  });

  test('a root of the tree belongs to a bond, and to nothing else', async () => {
    await refuses(s.send(s.venue, 'begin', [bonded.header, startOf(direct)]), 'InvalidHeader');
    await refuses(s.send(s.venue, 'attest', [direct.header], { value: BOND }), 'InvalidHeader');
  });
});

describe('direct', () => {
  const begin = async (chain = direct): Promise<string> => {
    await s.send(s.venue, 'begin', [chain.header, startOf(chain)]);
    return s.idOf(chain.header);
  };
  const changed = (changes: Changes, header: Partial<Header> = {}): Promise<Chain> =>
    s.bundle(3, ROOT, { ...changes, header: { proofsRoot: ZeroHash, ...header } });
  const withProofOf = (another: ChainEntry) => (entry: ChainEntry) => ({ ...entry, proof: another.proof });

  test('every proof verified: final at once', async () => {
    const [first, ...rest] = batchesOf(direct) as [ChainEntry, ...ChainEntry[]];
    const begun = await s.send(s.venue, 'begin', [direct.header, startOf(direct)]);
    const id = await s.idOf(direct.header);
    expect(argumentsOf(begun, 'AttestationBegun')).toMatchObject({ id, venue: s.venue, accountRoot: ROOT });
    expect(await s.stateOf(id)).toBe('Open');
    expect(await s.read('progressOf', id)).toEqual([FIRST_STATE, 0n, 0n]);

    const extended = await s.send(s.venue, 'extend', extension(id, [first]));
    expect(argumentsOf(extended, 'BatchesVerified')).toEqual({ id, done: 1n });
    expect(await s.read('progressOf', id)).toEqual([first.signals[1], 1n, 1n]);
    await s.send(s.venue, 'extend', extension(id, rest));
    expect(await s.read('progressOf', id)).toEqual([LAST_STATE, 129n, 3n]);
    expect(await s.read('isFinal', s.venue, ROOT, direct.header.bundleHash)).toBe(false);

    const closed = await s.send(s.venue, 'close', [id, closingOf(direct)]);
    expect(argumentsOf(closed, 'AttestationFinal')).toEqual({ id, venue: s.venue, accountRoot: ROOT });
    expect(await s.stateOf(id)).toBe('Final');
    expect(await s.read('isFinal', s.venue, ROOT, direct.header.bundleHash)).toBe(true);
    expect(await s.read('isFinal', s.other, ROOT, direct.header.bundleHash)).toBe(false);
    expect(await s.read('isFinal', s.venue, ROOT, hash32(8n))).toBe(false);
    expect(await s.read('isFinal', s.venue, ROOT + 1n, direct.header.bundleHash)).toBe(false);
    expect(await s.balance(s.address)).toBe(0n);
  });

  test('batches of several circuits, and the other closing circuit', async () => {
    const toOther = (entry: ChainEntry) => ({ ...entry, verifier: s.verifiers.otherBatch });
    const chain = await changed({ closing: 'opening', entries: { 1: toOther } });
    const id = await begin(chain);
    for (const batch of batchesOf(chain)) await s.send(s.venue, 'extend', extension(id, [batch]));
    await s.send(s.venue, 'close', [id, closingOf(chain)]);
    expect(await s.stateOf(id)).toBe('Final');
  });

  test('stays final when its risk root is revoked later', async () => {
    const id = await begin();
    await s.send(s.venue, 'extend', extension(id, batchesOf(direct)));
    await s.send(s.venue, 'close', [id, closingOf(direct)]);
    await s.send(s.guardian, 'revoke', [RISK_ROOT], { to: s.oracle });
    expect(await s.stateOf(id)).toBe('Final');
  });

  test('the start: another statement, another first state, a false proof, another circuit', async () => {
    const refused = async (chain: Chain) => faultOf(s.send(s.venue, 'begin', [chain.header, startOf(chain)]));
    const batch = direct.entries[0] as ChainEntry;
    expect(await refused(await changed({ signals: { 3: { statement: 9n } } }))).toEqual(['Statement', 3]);
    expect(await refused(await changed({ signals: { 3: { firstState: 9n } } }))).toEqual(['FirstState', 3]);
    expect(await refused(await changed({ entries: { 3: withProofOf(batch) } }))).toEqual(['Proof', 3]);
    expect(await refused(await changed({ entries: { 3: () => batch } }))).toEqual(['Verifier', 3]);
  });

  test.each([
    ['another statement', { 1: { statement: 9n } }, 'Statement', 1],
    ['a table that nobody approved', { 1: { tableHash: 9n } }, 'Table', 1],
    ['another first state', { 0: { stateBefore: 9n } }, 'FirstState', 0],
    ['another last state', { 2: { stateAfter: 9n } }, 'LastState', 2],
    ['a state that does not follow', { 1: { stateBefore: 9n } }, 'Chain', 1],
    ['the place of the batch before', { 2: { firstIndex: 64n } }, 'Chain', 2],
    ['a place before that', { 2: { firstIndex: 0n } }, 'Chain', 2],
  ] as const)('a batch with %s', async (_, signals, fault, position) => {
    const chain = await changed({ signals });
    const id = await begin(chain);
    expect(await faultOf(s.send(s.venue, 'extend', extension(id, batchesOf(chain))))).toEqual([fault, position]);
    // and batch by batch
    const single = async () => {
      for (const batch of batchesOf(chain)) await s.send(s.venue, 'extend', extension(id, [batch]));
    };
    expect(await faultOf(single())).toEqual([fault, position]);
  });

  test('a false proof among good ones, a signal that is none, a verifier of another kind', async () => {
    const id = await begin();
    const [first, second, third] = batchesOf(direct) as [ChainEntry, ChainEntry, ChainEntry];
    const refused = (batches: readonly ChainEntry[], verifier?: string) =>
      faultOf(s.send(s.venue, 'extend', extension(id, batches, verifier)));
    expect(await refused([first, withProofOf(first)(second), third])).toEqual(['Proof', 0]);
    expect(await refused([first, { ...second, signals: plusOrder(second.signals, 4) }])).toEqual(['SignalRange', 1]);
    expect(await refused([first], s.verifiers.start)).toEqual(['Verifier', 0]);
    expect(await refused([first], await s.deploy('OddVerifier', 5, true, 0))).toEqual(['Verifier', 0]);
  });

  test('B outside of its subgroup reverts as the verifier does', async () => {
    const id = await begin();
    const [first] = batchesOf(direct) as [ChainEntry];
    const call = extension(id, [first]);
    call[2] = [arithmetic.withSmallOrderPoint(proofCalldata(first.proof))];
    await refuses(s.send(s.venue, 'extend', call), 'PrecompileFailed');
  });

  test('a starved verifier reverts: no gas makes a good proof false or a false one good', async () => {
    const id = await begin();
    const [first, second] = batchesOf(direct) as [ChainEntry, ChainEntry];
    const outcomes = async (batch: ChainEntry): Promise<Set<string>> => {
      const found = new Set<string>();
      for (let gas = 40_000n; gas < 500_000n; gas += 11_003n) {
        const call = s.call(s.venue, 'extend', extension(id, [batch]), { gas });
        found.add(
          await call.then(
            () => 'verified',
            (cause: { readonly error?: string }) => cause.error ?? 'out of gas',
          ),
        );
      }
      return found;
    };
    const good = await outcomes(first);
    expect(good).toContain('verified');
    expect(good).not.toContain('EntryRefused');
    const bad = await outcomes(withProofOf(second)(first));
    expect(bad).toContain('EntryRefused');
    expect(bad).not.toContain('verified');
  });

  test('a call without batches, with too many, with signals of another number', async () => {
    const id = await begin();
    const batches = batchesOf(direct);
    await refuses(s.send(s.venue, 'extend', extension(id, [], s.verifiers.batch)), 'InvalidBatches');
    const [first] = batches as [ChainEntry];
    for (const signals of [first.signals.slice(1), [...first.signals, 0n]]) {
      await refuses(s.send(s.venue, 'extend', extension(id, [{ ...first, signals }])), 'InvalidBatches');
    }
    await s.send(s.venue, 'extend', extension(id, batches));
    expect(await faultOf(s.send(s.venue, 'extend', extension(id, [first])))).toEqual(['Verifier', 3]);
  });

  test.each([
    ['another statement', { 4: { statement: 9n } }, 'Statement'],
    ['another last state', { 4: { lastState: 9n } }, 'LastState'],
    ['accounts of another root', { 4: { accountRoot: 9n } }, 'AccountRoot'],
    ['another risk root', { 4: { riskRoot: OTHER_RISK_ROOT } }, 'RiskRoot'],
  ] as const)('closed with %s', async (_, signals, fault) => {
    for (const closing of ['opening', 'coverage'] as const) {
      const chain = await changed({ signals, closing }, { bundleHash: hash32(closing === 'opening' ? 1n : 2n) });
      const id = await begin(chain);
      await s.send(s.venue, 'extend', extension(id, batchesOf(chain)));
      expect(await faultOf(s.send(s.venue, 'close', [id, closingOf(chain)]))).toEqual([fault, 4]);
    }
  });

  test('closed with a false proof, too early, or after the risk root was revoked', async () => {
    const id = await begin();
    const [first, ...rest] = batchesOf(direct) as [ChainEntry, ...ChainEntry[]];
    await s.send(s.venue, 'extend', extension(id, [first]));
    await refuses(s.send(s.venue, 'close', [id, closingOf(direct)]), 'BatchesLeft');
    await s.send(s.venue, 'extend', extension(id, rest));
    const forged = { ...closingOf(direct), proof: proofCalldata(first.proof) };
    expect(await faultOf(s.send(s.venue, 'close', [id, forged]))).toEqual(['Proof', 4]);
    expect(await faultOf(s.send(s.venue, 'close', [id, startOf(direct)]))).toEqual(['Verifier', 4]);
    await s.send(s.guardian, 'revoke', [RISK_ROOT], { to: s.oracle });
    await refuses(s.send(s.venue, 'close', [id, closingOf(direct)]), 'RiskRootIsRevoked');
  });

  test('is the venue’s alone, and open only once', async () => {
    const id = await begin();
    await refuses(s.send(s.other, 'extend', extension(id, batchesOf(direct))), 'NotTheVenue');
    await s.send(s.venue, 'extend', extension(id, batchesOf(direct)));
    await refuses(s.send(s.other, 'close', [id, closingOf(direct)]), 'NotTheVenue');
    await s.send(s.venue, 'close', [id, closingOf(direct)]);
    await refuses(s.send(s.venue, 'close', [id, closingOf(direct)]), 'WrongState');
    await refuses(s.send(s.venue, 'extend', extension(id, batchesOf(direct))), 'WrongState');
    await refuses(s.send(s.venue, 'extend', extension(hash32(1n), batchesOf(direct))), 'WrongState');
  });

  test('cannot be challenged, demanded of, retracted or withdrawn from', async () => {
    const id = await begin();
    const calls: readonly (readonly [string, readonly unknown[], bigint?])[] = [
      ['challengeEntry', [id, 0, ...bonded.at(0)]],
      ['demand', [id, 0], FEE],
      ['retract', [id]],
      ['withdrawBond', [id]],
    ];
    const all = async () => {
      for (const [method, parameters, value = 0n] of calls) {
        const error = method === 'withdrawBond' && (await s.stateOf(id)) === 'Final' ? 'NoBond' : 'WrongState';
        await refuses(s.send(s.venue, method, parameters, { value }), error);
      }
    };
    await all();
    await s.send(s.venue, 'extend', extension(id, batchesOf(direct)));
    await s.send(s.venue, 'close', [id, closingOf(direct)]);
    await all();
  });

  test('gas', async () => {
    const chain = await s.bundle(8, ROOT, { header: { proofsRoot: ZeroHash } });
    const costs: Record<string, bigint> = {};
    const measured = async (name: string, method: string, parameters: readonly unknown[]) => {
      costs[name] = executionGas(await s.send(s.venue, method, parameters), s.encode(method, parameters));
    };
    await measured('begin', 'begin', [chain.header, startOf(chain)]);
    const id = await s.idOf(chain.header);
    await measured('extend by 8 batches', 'extend', extension(id, batchesOf(chain)));
    await measured('close', 'close', [id, closingOf(chain)]);
    await expectGas('directAttestations', costs);
  });
});

describe('under a bond', () => {
  const attest = async (chain = bonded, from = s.venue): Promise<string> => {
    await s.send(from, 'attest', [chain.header], { value: BOND });
    return s.idOf(chain.header, from);
  };
  /** of a faulty attestation and how it is shown */
  const faulty = async () => {
    const chain = await s.bundle(3, ROOT, { signals: { 4: { accountRoot: 9n } } });
    const id = await attest(chain);
    return { id, show: (from: string) => s.send(from, 'challengeEntry', [id, 4, ...chain.at(4)]) };
  };

  test('the bond is exactly the bond', async () => {
    for (const value of [0n, BOND - 1n, BOND + 1n]) {
      await refuses(s.send(s.venue, 'attest', [bonded.header], { value }), 'WrongValue');
    }
  });

  test('pending until the window has passed, then final', async () => {
    await s.next(NOW + 100n);
    const receipt = await s.send(s.venue, 'attest', [bonded.header], { value: BOND });
    const id = await s.idOf(bonded.header);
    const until = NOW + 100n + CHALLENGE_WINDOW;
    expect(argumentsOf(receipt, 'AttestationPosted')).toMatchObject({ id, challengeableUntil: until });
    expect(await s.read('headerOf', id)).toEqual(
      Object.values({ ...bonded.header, count: BigInt(bonded.header.count) }),
    );
    expect(await s.read('attestationOf', id)).toEqual([s.venue, 2n, true, 0n, until, until]);
    await s.at(until);
    expect(await s.stateOf(id)).toBe('Pending');
    await refuses(s.send(s.venue, 'withdrawBond', [id]), 'WrongState');
    await s.at(until + 1n);
    expect(await s.stateOf(id)).toBe('Final');
    expect(await s.read('isFinal', s.venue, ROOT, bonded.header.bundleHash)).toBe(true);
    expect(await s.read('isFinal', s.other, ROOT, bonded.header.bundleHash)).toBe(false);
  });

  test('a challenge in the last second of the window counts, one second later it does not', async () => {
    const { id, show } = await faulty();
    const until = (await s.time()) + CHALLENGE_WINDOW;
    const before = await s.snapshot();
    await s.next(until);
    await show(s.challenger);
    expect(await s.stateOf(id)).toBe('Revoked');
    await s.revert(before);
    await s.at(until + 1n);
    await refuses(show(s.challenger), 'WrongState');
    expect(await s.stateOf(id)).toBe('Final');
  });

  test('the bond comes back once it is final, once, to the venue', async () => {
    const id = await attest();
    await s.at(NOW + 2n * CHALLENGE_WINDOW);
    await refuses(s.send(s.other, 'withdrawBond', [id]), 'NotTheVenue');
    await s.rpc('anvil_setBalance', s.venue, '0xde0b6b3a7640000');
    const receipt = await s.send(s.venue, 'withdrawBond', [id]);
    expect(argumentsOf(receipt, 'AttestationFinal')).toEqual({ id, venue: s.venue, accountRoot: ROOT });
    expect(argumentsOf(receipt, 'Withdrawn')).toEqual({ account: s.venue, amount: BOND });
    expect(await s.balance(s.venue)).toBe(10n ** 18n + BOND - receipt.gasUsed * receipt.gasPrice);
    expect(await s.balance(s.address)).toBe(0n);
    await refuses(s.send(s.venue, 'withdrawBond', [id]), 'NoBond');
    expect(await s.stateOf(id)).toBe('Final');
    // what is final cannot be touched
    await refuses(s.send(s.venue, 'retract', [id]), 'WrongState');
    await refuses(s.send(s.other, 'demand', [id, 0], { value: FEE }), 'WrongState');
  });

  test('a challenge takes the bond: the larger half is burned, the other is the challenger’s to withdraw', async () => {
    const { id, show } = await faulty();
    const burnedBefore = await s.balance(NOWHERE);
    const receipt = await show(s.challenger);
    expect(argumentsOf(receipt, 'AttestationRevoked')).toEqual({
      id,
      rewarded: s.challenger,
      fault: BigInt(FAULTS.indexOf('AccountRoot')),
      position: 4n,
    });
    expect(argumentsOf(receipt, 'Burned')).toEqual({ id, amount: 500_001n });
    expect((await s.balance(NOWHERE)) - burnedBefore).toBe(500_001n);
    expect(await s.read('creditOf', s.challenger)).toBe(500_000n);
    await refuses(show(s.other), 'WrongState');
    await refuses(s.send(s.venue, 'withdrawBond', [id]), 'NoBond');
    await refuses(s.send(s.venue, 'attest', [bonded.header], { value: BOND }), 'AlreadyAttested');

    await s.rpc('anvil_setBalance', s.challenger, '0xde0b6b3a7640000');
    const paid = await s.send(s.challenger, 'withdraw', []);
    expect(await s.balance(s.challenger)).toBe(10n ** 18n + 500_000n - paid.gasUsed * paid.gasPrice);
    expect(await s.balance(s.address)).toBe(0n);
    await refuses(s.send(s.challenger, 'withdraw', []), 'NothingToWithdraw');
    await s.at(NOW + 10n * CHALLENGE_WINDOW);
    expect(await s.stateOf(id)).toBe('Revoked');
  });

  test('a venue that challenges itself, or retracts, loses the same half', async () => {
    const { show } = await faulty();
    await show(s.venue);
    expect(await s.read('creditOf', s.venue)).toBe(500_000n);

    const another = await s.bundle(3, ROOT + 1n);
    const id = await attest(another);
    await refuses(s.send(s.other, 'retract', [id]), 'NotTheVenue');
    const receipt = await s.send(s.venue, 'retract', [id]);
    expect(argumentsOf(receipt, 'AttestationRevoked')).toMatchObject({
      rewarded: s.venue,
      fault: BigInt(FAULTS.indexOf('Retracted')),
    });
    expect(await s.read('creditOf', s.venue)).toBe(1_000_000n);
    expect(await s.stateOf(id)).toBe('Revoked');
    await refuses(s.send(s.venue, 'retract', [id]), 'WrongState');
  });

  describe('a risk root that is revoked', () => {
    const revoke = () => s.send(s.guardian, 'revoke', [RISK_ROOT], { to: s.oracle });

    test('while pending: revoked without a call, and nobody’s fault', async () => {
      const id = await attest();
      await s.send(s.other, 'demand', [id, 2], { value: FEE });
      await revoke();
      expect(await s.stateOf(id)).toBe('Revoked');
      await refuses(s.send(s.challenger, 'challengeEntry', [id, 0, ...bonded.at(0)]), 'WrongState');
      await refuses(s.send(s.other, 'answer', [id, 2, ...bonded.at(2)]), 'WrongState');
      const receipt = await s.send(s.venue, 'withdrawBond', [id]);
      expect(argumentsOf(receipt, 'AttestationRevoked')).toMatchObject({
        fault: BigInt(FAULTS.indexOf('RiskRootRevoked')),
      });
      expect(argumentsOf(receipt, 'Withdrawn')).toMatchObject({ amount: BOND });
      await s.send(s.stranger, 'reclaimFee', [id, 2]);
      expect(await s.read('creditOf', s.other)).toBe(FEE);
      await s.at(NOW + 10n * CHALLENGE_WINDOW);
      expect(await s.stateOf(id)).toBe('Revoked');
      await refuses(s.send(s.venue, 'withdrawBond', [id]), 'NoBond');
    });

    test('in the last second of the window it counts, in the next it comes too late', async () => {
      const id = await attest();
      const until = (await s.time()) + CHALLENGE_WINDOW;
      const before = await s.snapshot();
      await s.next(until);
      await revoke();
      await s.at(until + 1n);
      expect(await s.stateOf(id)).toBe('Revoked');
      await s.revert(before);
      await s.next(until + 1n);
      await revoke();
      expect(await s.stateOf(id)).toBe('Final');
      await s.send(s.venue, 'withdrawBond', [id]);
      expect(await s.stateOf(id)).toBe('Final');
    });

    test('with a demand open after the window it counts too, and paying fees back does not undo it', async () => {
      const id = await attest();
      await s.send(s.other, 'demand', [id, 2], { value: FEE });
      await s.at(NOW + 2n * CHALLENGE_WINDOW);
      await revoke();
      expect(await s.stateOf(id)).toBe('Revoked');
      await s.send(s.stranger, 'reclaimFee', [id, 2]);
      expect(await s.read('creditOf', s.other)).toBe(FEE);
      expect(await s.stateOf(id)).toBe('Revoked');
      await refuses(s.send(s.stranger, 'reclaimFee', [id, 2]), 'NotDemanded');
    });
  });

  describe('demands', () => {
    test('cost the fee, name a position of the chain, and come once', async () => {
      const id = await attest();
      for (const value of [0n, FEE - 1n, FEE + 1n]) {
        await refuses(s.send(s.other, 'demand', [id, 0], { value }), 'WrongValue');
      }
      for (const position of [5n, 2n ** 20n, 2n ** 256n - 1n]) {
        await refuses(s.send(s.other, 'demand', [id, position], { value: FEE }), 'NoSuchPosition');
      }
      await s.next(NOW + 500n);
      const receipt = await s.send(s.other, 'demand', [id, 4], { value: FEE });
      const deadline = NOW + 500n + ANSWER_WINDOW;
      expect(argumentsOf(receipt, 'EntryDemanded')).toEqual({ id, position: 4n, payer: s.other, deadline });
      expect(await s.read('demandOf', id, 4)).toEqual([s.other, deadline, false]);
      await refuses(s.send(s.challenger, 'demand', [id, 4], { value: FEE }), 'AlreadyDemanded');
      await s.send(s.challenger, 'demand', [id, 0], { value: FEE });
      await s.send(s.stranger, 'answer', [id, 4, ...bonded.at(4)]);
      await refuses(s.send(s.challenger, 'demand', [id, 4], { value: FEE }), 'AlreadyDemanded');
      await refuses(s.send(s.other, 'demand', [hash32(1n), 0], { value: FEE }), 'WrongState');
    });

    test('end with the window, though an answer may put off the end of challenges', async () => {
      const id = await attest();
      const until = (await s.time()) + CHALLENGE_WINDOW;
      await s.next(until);
      await s.send(s.other, 'demand', [id, 0], { value: FEE });
      await s.next(until + ANSWER_WINDOW);
      const receipt = await s.send(s.venue, 'answer', [id, 0, ...bonded.at(0)]);
      const last = until + 2n * ANSWER_WINDOW;
      expect(argumentsOf(receipt, 'EntryShown')).toMatchObject({ id, position: 0n, challengeableUntil: last });
      await refuses(s.send(s.other, 'demand', [id, 1], { value: FEE }), 'TooLateToDemand');
      await s.at(last);
      expect(await s.stateOf(id)).toBe('Pending');
      await s.at(last + 1n);
      expect(await s.stateOf(id)).toBe('Final');
    });

    test('answered early, they put off nothing', async () => {
      const id = await attest();
      const until = (await s.time()) + CHALLENGE_WINDOW;
      await s.send(s.other, 'demand', [id, 0], { value: FEE });
      await s.send(s.venue, 'answer', [id, 0, ...bonded.at(0)]);
      await s.at(until + 1n);
      expect(await s.stateOf(id)).toBe('Final');
    });

    test('an answer shows the entry, whoever brings it; the fee is the venue’s', async () => {
      const id = await attest();
      await refuses(s.send(s.venue, 'answer', [id, 1, ...bonded.at(1)]), 'NotDemanded');
      await s.send(s.other, 'demand', [id, 1], { value: FEE });
      await refuses(s.send(s.venue, 'answer', [id, 1, ...bonded.at(2)]), 'NotInTree');
      await refuses(s.send(s.venue, 'answer', [id, 2, ...bonded.at(2)]), 'NotDemanded');
      const receipt = await s.send(s.stranger, 'answer', [id, 1, ...bonded.at(1)]);
      const shown = argumentsOf(receipt, 'EntryShown')['entry'] as readonly unknown[];
      const { verifier, proof, signals } = entriesOf(bonded)[1] as ReturnType<typeof entryCalldata>;
      expect(shown).toEqual([verifier, [proof.a, proof.b, proof.c], signals]);
      expect(await s.read('creditOf', s.venue)).toBe(FEE);
      await refuses(s.send(s.stranger, 'answer', [id, 1, ...bonded.at(1)]), 'NotDemanded');
      await s.at(NOW + 2n * CHALLENGE_WINDOW);
      await refuses(s.send(s.other, 'claimUnanswered', [id, 1]), 'WrongState');
    });

    test('hold the end back until they are answered; a bad answer can be challenged after the window', async () => {
      const chain = await s.bundle(3, ROOT, { signals: { 1: { tableHash: 9n } } });
      const id = await attest(chain);
      const until = (await s.time()) + CHALLENGE_WINDOW;
      await s.next(until);
      await s.send(s.other, 'demand', [id, 1], { value: FEE });
      await s.at(until + 2n);
      expect(await s.stateOf(id)).toBe('Pending');
      await s.send(s.venue, 'answer', [id, 1, ...chain.at(1)]);
      await s.next(until + ANSWER_WINDOW);
      await s.send(s.other, 'challengeEntry', [id, 1, ...chain.at(1)]);
      expect(await s.stateOf(id)).toBe('Revoked');
      expect(await s.read('creditOf', s.other)).toBe(500_000n);
      expect(await s.read('creditOf', s.venue)).toBe(FEE);
    });

    test('unanswered: anybody revokes, in the second after the deadline; fee and reward are for who demanded', async () => {
      // nobody has what is behind this leaf
      const chain = await s.bundle(3, ROOT, { leaves: { 1: hash32(123n) } });
      const id = await attest(chain);
      await s.next(NOW + 500n);
      await s.send(s.other, 'demand', [id, 1], { value: FEE });
      await s.send(s.stranger, 'demand', [id, 2], { value: FEE });
      await refuses(s.send(s.venue, 'answer', [id, 1, ...chain.at(1)]), 'NotInTree');
      const deadline = NOW + 500n + ANSWER_WINDOW;
      await s.at(deadline);
      await refuses(s.send(s.challenger, 'claimUnanswered', [id, 1]), 'TimeToAnswer');
      await refuses(s.send(s.challenger, 'claimUnanswered', [id, 0]), 'NotDemanded');
      await s.next(deadline + 1n);
      const receipt = await s.send(s.challenger, 'claimUnanswered', [id, 1]);
      expect(argumentsOf(receipt, 'AttestationRevoked')).toEqual({
        id,
        rewarded: s.other,
        fault: BigInt(FAULTS.indexOf('Missing')),
        position: 1n,
      });
      expect(await s.read('creditOf', s.other)).toBe(500_000n + FEE);
      expect(await s.read('creditOf', s.challenger)).toBe(0n);
      // the other demand was still open: its fee goes back
      await refuses(s.send(s.stranger, 'claimUnanswered', [id, 2]), 'WrongState');
      await s.send(s.challenger, 'reclaimFee', [id, 2]);
      expect(await s.read('creditOf', s.stranger)).toBe(FEE);
      for (const position of [0, 1, 2]) {
        await refuses(s.send(s.stranger, 'reclaimFee', [id, position]), 'NotDemanded');
      }
      expect(await s.balance(s.address)).toBe(500_000n + 2n * FEE);
    });

    test('an answer in the last second counts, one later does not', async () => {
      const id = await attest();
      await s.next(NOW + 500n);
      await s.send(s.other, 'demand', [id, 1], { value: FEE });
      const before = await s.snapshot();
      await s.next(NOW + 500n + ANSWER_WINDOW);
      await s.send(s.venue, 'answer', [id, 1, ...bonded.at(1)]);
      await s.revert(before);
      await s.at(NOW + 501n + ANSWER_WINDOW);
      await refuses(s.send(s.venue, 'answer', [id, 1, ...bonded.at(1)]), 'TooLateToAnswer');
    });

    test('an overdue demand holds the end back until somebody claims it, also long after the window', async () => {
      const id = await attest();
      await s.send(s.other, 'demand', [id, 1], { value: FEE });
      await s.at(NOW + 100n * CHALLENGE_WINDOW);
      expect(await s.stateOf(id)).toBe('Pending');
      await refuses(s.send(s.venue, 'withdrawBond', [id]), 'WrongState');
      await s.send(s.stranger, 'claimUnanswered', [id, 1]);
      expect(await s.stateOf(id)).toBe('Revoked');
    });

    test('of an attestation that stands are paid back to nobody', async () => {
      const id = await attest();
      await s.send(s.other, 'demand', [id, 1], { value: FEE });
      await refuses(s.send(s.other, 'reclaimFee', [id, 1]), 'WrongState');
      await s.send(s.venue, 'answer', [id, 1, ...bonded.at(1)]);
      await s.send(s.venue, 'retract', [id]);
      await refuses(s.send(s.other, 'reclaimFee', [id, 1]), 'NotDemanded');
    });
  });

  describe('re-entrancy', () => {
    test('an account that takes no ether can be paid nothing, and stops nobody', async () => {
      const { show } = await faulty();
      const agent = await s.deploy('PaidAgent', s.address, false);
      await show(s.other);
      const id = await attest(await s.bundle(3, ROOT + 1n));
      await s.send(s.owner, 'act', [s.address, s.encode('demand', [id, 0])], { to: agent, value: FEE });
      await s.at(NOW + CHALLENGE_WINDOW - 10n);
      await s.send(s.stranger, 'claimUnanswered', [id, 0]);
      expect(await s.read('creditOf', agent)).toBe(500_000n + FEE);
      await refuses(s.send(s.owner, 'act', [s.address, s.encode('withdraw', [])], { to: agent }), 'NoEther');
      await s.send(s.other, 'withdraw', []);
      expect(await s.balance(s.address)).toBe(500_000n + FEE);
    });

    test('a venue or challenger that calls back while it is paid gets nothing more', async () => {
      const agent = await s.deploy('PaidAgent', s.address, true);
      const header = { ...bonded.header, bundleHash: hash32(5n) };
      await s.send(s.owner, 'act', [s.address, s.encode('attest', [header])], { to: agent, value: BOND });
      await attest(await s.bundle(3, ROOT + 1n));
      const id = await s.idOf(header, agent);
      await s.at(NOW + 2n * CHALLENGE_WINDOW);
      for (const [method, parameters] of [
        ['withdraw', []],
        ['withdrawBond', [id]],
      ] as const) {
        const before = await s.snapshot();
        await s.send(s.owner, 'arm', [s.encode(method, parameters)], { to: agent });
        await s.send(s.owner, 'act', [s.address, s.encode('withdrawBond', [id])], { to: agent });
        expect(await s.readFrom(agent, 'reentered')).toEqual([true, false]);
        expect(await s.balance(agent)).toBe(BOND);
        expect(await s.balance(s.address)).toBe(BOND);
        await s.revert(before);
      }
    });
  });

  test('ether that nobody sent with a purpose is not taken', async () => {
    await refuses(s.send(s.other, 'withdraw', [], { value: 1n }), '');
  });

  test('a header that was begun differs from one under a bond by its state only', async () => {
    await s.send(s.venue, 'begin', [direct.header, startOf(direct)]);
    const id = await s.idOf(direct.header);
    expect(await s.read('headerOf', id)).toEqual([
      ROOT,
      RISK_ROOT,
      STATEMENT,
      FIRST_STATE,
      LAST_STATE,
      3n,
      direct.header.bundleHash,
      ZeroHash,
    ]);
    expect(await s.read('attestationOf', id)).toEqual([s.venue, 1n, false, 0n, 0n, 0n]);
  });

  test('gas', async () => {
    const costs: Record<string, bigint> = {};
    const measured = async (from: string, method: string, parameters: readonly unknown[], value = 0n) => {
      costs[method] = executionGas(await s.send(from, method, parameters, { value }), s.encode(method, parameters));
    };
    await measured(s.venue, 'attest', [bonded.header], BOND);
    const id = await s.idOf(bonded.header);
    await measured(s.other, 'demand', [id, 0], FEE);
    await measured(s.venue, 'answer', [id, 0, ...bonded.at(0)]);
    await s.at(NOW + 2n * CHALLENGE_WINDOW);
    await measured(s.venue, 'withdrawBond', [id]);
    await expectGas('bondedAttestations', costs);
  });
});
