import { type Contract, Wallet, ZeroAddress } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signTables } from '../../src/chain/riskOracleMessages.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import {
  addresses,
  type Call,
  FIRST,
  MAX_AGE,
  MAX_JUMP_BPS,
  MODEL,
  NOW,
  type OracleSystem,
  oracleSystem,
  REVIEWERS,
  SIGNERS,
  THRESHOLD,
} from '../support/oracleSystem.js';

const OUTSIDER = new Wallet(`0x${'33'.repeat(32)}`).address;
const ROOT = 1002n;
const TIME = NOW - 50n;
/** the first second at which FIRST cannot be used any more */
const FIRST_ENDS = FIRST.time + MAX_AGE + 1n;

let system: OracleSystem;
let snapshot: string;

beforeAll(async () => {
  system = await oracleSystem();
  await system.next(NOW - 20n);
  await system.send(system.stranger, await system.reviewed());
}, 60_000);

afterAll(() => system?.stop());

beforeEach(async () => {
  snapshot = await system.snapshot();
  await system.at(NOW - 1n);
});

afterEach(() => system.revert(snapshot));

/** A call as the owner, the guardian or a stranger, in a block of that time. */
async function sendAt(time: bigint, sender: 'owner' | 'guardian' | 'stranger', call: Call) {
  await system.next(time);
  return system.send(system[sender], call);
}
const outagesSince = (from: bigint, model = MODEL) => system.read('outages', model, from);

describe('deployment', () => {
  const [signer, reviewer] = [SIGNERS[0]?.address, REVIEWERS[0]?.address];

  test('sets everything, and says so', async () => {
    const { oracle, config, owner, guardian } = system;
    expect(await system.read('owner')).toBe(owner.address);
    expect(await system.read('guardian')).toBe(guardian.address);
    expect(await system.read('signers')).toEqual([config.signers, 3n]);
    expect(await system.read('reviewers')).toEqual([config.reviewers, 2n]);
    expect(await system.read('maxAge')).toBe(MAX_AGE);
    expect(await system.read('maxJumpBps')).toBe(MAX_JUMP_BPS);
    expect(await system.read('paused')).toBe(false);
    const logs = await system.chain.provider.getLogs({ address: oracle.target, fromBlock: 0, toBlock: 1 });
    expect(logs.map((log) => oracle.interface.parseLog(log)?.name)).toEqual([
      'OwnershipTransferred',
      'SignersSet',
      'ReviewersSet',
      'GuardianSet',
    ]);
  });

  test.each([
    [{ owner: ZeroAddress }, 'OwnableInvalidOwner', ZeroAddress],
    [{ guardian: ZeroAddress }, 'ZeroAddress'],
    [{ maxAge: 0n }, 'InvalidMaxAge', 0n],
    [{ maxAge: 2n ** 32n + 1n }, 'InvalidMaxAge', 2n ** 32n + 1n],
    [{ maxAge: 2n ** 64n - 1n }, 'InvalidMaxAge', 2n ** 64n - 1n],
    [{ threshold: 0n }, 'InvalidThreshold', 0n, 5n],
    [{ threshold: 6n }, 'InvalidThreshold', 6n, 5n],
    [{ signers: [], threshold: 0n }, 'InvalidThreshold', 0n, 0n],
    [{ signers: [signer, ZeroAddress], threshold: 1n }, 'ZeroAddress'],
    [{ signers: [signer, OUTSIDER, signer], threshold: 2n }, 'DuplicateMember', signer],
    [{ reviewThreshold: 0n }, 'InvalidThreshold', 0n, 3n],
    [{ reviewThreshold: 4n }, 'InvalidThreshold', 4n, 3n],
    [{ reviewers: [reviewer, ZeroAddress], reviewThreshold: 1n }, 'ZeroAddress'],
    [{ reviewers: [reviewer, reviewer], reviewThreshold: 1n }, 'DuplicateMember', reviewer],
    // a check on themselves
    [{ reviewers: [reviewer, signer], reviewThreshold: 1n }, 'DuplicateMember', signer],
  ])('%o is refused', async (change, ...error) => {
    await system.refusesDeployment('RiskOracle', [{ ...system.config, ...change }], ...error);
  });

  test.each([
    { maxAge: 1n },
    { maxAge: 2n ** 32n },
    { threshold: 5n, reviewThreshold: 3n },
    { threshold: 1n, signers: [signer], reviewThreshold: 1n, reviewers: [reviewer] },
    { maxJumpBps: 0n },
  ])('%o will do', async (change) => {
    await system.deploy('RiskOracle', { ...system.config, ...change });
  });
});

describe('the owner alone', () => {
  test('sets signers, reviewers and guardian, and ends a pause', async () => {
    const { guardian, stranger } = system;
    const calls: readonly Call[] = [
      ['setSigners', [OUTSIDER], 1n],
      ['setReviewers', [OUTSIDER], 1n],
      ['setGuardian', OUTSIDER],
      ['unpause'],
    ];
    for (const call of calls) {
      for (const sender of [guardian, stranger]) {
        await system.refuses(sender, call, 'OwnableUnauthorizedAccount', sender.address);
      }
    }
  });

  test('replaces the signers', async () => {
    const { owner } = system;
    const { events } = await system.send(owner, ['setSigners', [OUTSIDER], 1n]);
    expect(events).toEqual([['SignersSet', [OUTSIDER], 1n]]);
    expect(await system.read('signers')).toEqual([[OUTSIDER], 1n]);
    const post = await system.posting({ root: ROOT, time: TIME });
    await system.refuses(owner, post, 'NotInQuorum', SIGNERS[0]?.address);
    // a bad set leaves the old one in place
    await system.refuses(owner, ['setSigners', [OUTSIDER, OUTSIDER], 1n], 'DuplicateMember', OUTSIDER);
    await system.refuses(owner, ['setSigners', [OUTSIDER], 2n], 'InvalidThreshold', 2n, 1n);
    await system.refuses(owner, ['setSigners', [ZeroAddress], 1n], 'ZeroAddress');
  });

  test('replaces the reviewers', async () => {
    const { owner } = system;
    const reviewed = await system.reviewed({ root: ROOT, time: TIME });
    const { events } = await system.send(owner, ['setReviewers', [OUTSIDER], 1n]);
    expect(events).toEqual([['ReviewersSet', [OUTSIDER], 1n]]);
    expect(await system.read('reviewers')).toEqual([[OUTSIDER], 1n]);
    await system.refuses(owner, reviewed, 'NotInQuorum', REVIEWERS[0]?.address);
  });

  test('never has an account in both quorums, but may move it from one to the other', async () => {
    const { owner } = system;
    const [signer, reviewer] = [SIGNERS[0]?.address, REVIEWERS[0]?.address];
    await system.refuses(owner, ['setSigners', [OUTSIDER, reviewer], 1n], 'DuplicateMember', reviewer);
    await system.refuses(owner, ['setReviewers', [OUTSIDER, signer], 1n], 'DuplicateMember', signer);
    await system.send(owner, ['setReviewers', [OUTSIDER], 1n]);
    await system.send(owner, ['setSigners', [signer, reviewer], 1n]);
    expect(await system.read('signers')).toEqual([[signer, reviewer], 1n]);
  });

  test('a signer who left and came back signs again', async () => {
    const post = await system.posting({ root: ROOT, time: TIME });
    await system.send(system.owner, ['setSigners', [OUTSIDER], 1n]);
    await system.send(system.owner, ['setSigners', addresses(SIGNERS), THRESHOLD]);
    expect((await system.send(system.stranger, post)).events).toHaveLength(1);
  });

  test('replaces the guardian', async () => {
    const { owner, guardian, stranger } = system;
    await system.refuses(owner, ['setGuardian', ZeroAddress], 'ZeroAddress');
    const { events } = await system.send(owner, ['setGuardian', stranger.address]);
    expect(events).toEqual([['GuardianSet', stranger.address]]);
    await system.refuses(guardian, ['pause'], 'NotTheGuardian', guardian.address);
    await system.send(stranger, ['pause']);
  });

  test('is replaced once the next one has said yes', async () => {
    const { owner, stranger } = system;
    await system.send(owner, ['transferOwnership', stranger.address]);
    expect(await system.read('owner')).toBe(owner.address);
    await system.send(stranger, ['acceptOwnership']);
    expect(await system.read('owner')).toBe(stranger.address);
  });
});

describe('a pause', () => {
  test('is begun by the guardian or the owner', async () => {
    const { owner, guardian, stranger } = system;
    await system.refuses(stranger, ['pause'], 'NotTheGuardian', stranger.address);
    await system.refuses(owner, ['unpause'], 'ExpectedPause');
    for (const sender of [owner, guardian]) {
      const { events } = await system.send(sender, ['pause']);
      expect(events).toEqual([['Paused', sender.address]]);
      expect(await system.read('paused')).toBe(true);
      await system.refuses(guardian, ['pause'], 'EnforcedPause');
      await system.send(owner, ['unpause']);
      expect(await system.read('paused')).toBe(false);
    }
  });

  test('lets nothing be posted or approved', async () => {
    const { guardian, owner, stranger } = system;
    const post = await system.reviewed({ root: ROOT, time: TIME });
    const tables: Call = ['approveTables', FIRST.root, [5n], await signTables(SIGNERS, system.domain, tablesOf(5n))];
    await system.send(guardian, ['pause']);
    for (const call of [post, tables]) await system.refuses(stranger, call, 'EnforcedPause');
    await system.send(owner, ['unpause']);
    for (const call of [post, tables]) await system.send(stranger, call);
  });

  test('lets the owner change signers, and guardian and owner revoke', async () => {
    await system.send(system.guardian, ['pause']);
    await system.send(system.owner, ['setSigners', [OUTSIDER], 1n]);
    await system.send(system.guardian, ['revoke', FIRST.root]);
    await system.send(system.owner, ['revoke', ROOT]);
  });

  test('is an outage for exactly as long as it lasts, each of several', async () => {
    const from = NOW - 30n;
    await sendAt(NOW + 10n, 'guardian', ['pause']);
    // in its first second nothing is lost yet
    expect(await outagesSince(from)).toEqual([]);
    await system.at(NOW + 11n);
    expect(await outagesSince(from)).toEqual([[NOW + 10n, NOW + 11n]]);
    await sendAt(NOW + 25n, 'owner', ['unpause']);
    expect(await outagesSince(from)).toEqual([[NOW + 10n, NOW + 25n]]);
    await system.at(NOW + 40n);
    expect(await outagesSince(from)).toEqual([[NOW + 10n, NOW + 25n]]);
    await sendAt(NOW + 50n, 'owner', ['pause']);
    await sendAt(NOW + 51n, 'owner', ['unpause']);
    await sendAt(NOW + 60n, 'guardian', ['pause']);
    await system.at(NOW + 100n);
    const all = [
      [NOW + 60n, NOW + 100n],
      [NOW + 50n, NOW + 51n],
      [NOW + 10n, NOW + 25n],
    ];
    expect(await outagesSince(from)).toEqual(all);
    expect(await outagesSince(NOW + 24n)).toEqual(all);
    expect(await outagesSince(NOW + 25n)).toEqual(all.slice(0, 2));
    expect(await outagesSince(NOW + 99n)).toEqual(all.slice(0, 1));
  });

  test('is an outage of every model, beside its own', async () => {
    await sendAt(NOW + 10n, 'guardian', ['pause']);
    await system.at(FIRST_ENDS + 10n);
    const now = FIRST_ENDS + 10n;
    expect(await outagesSince(NOW)).toEqual([[NOW + 10n, now]]);
    // a model without a root never was up
    expect(await outagesSince(NOW, MODEL + 1n)).toEqual([[0n, now]]);
    await sendAt(now + 1n, 'owner', ['unpause']);
    await system.at(now + 2n);
    // the pause is over, the root too old
    expect(await outagesSince(NOW)).toEqual([[NOW + 10n, now + 2n]]);
  });
});

describe('an outage of a model', () => {
  test('begins after the last second of its newest root and ends with the next post', async () => {
    await system.at(FIRST_ENDS);
    expect(await outagesSince(NOW)).toEqual([]);
    await system.at(FIRST_ENDS + 1n);
    expect(await outagesSince(NOW)).toEqual([[FIRST_ENDS, FIRST_ENDS + 1n]]);
    const late = await system.posting({ root: ROOT, time: FIRST_ENDS + 5n });
    await sendAt(FIRST_ENDS + 7n, 'stranger', late);
    await system.at(FIRST_ENDS + 20n);
    expect(await outagesSince(NOW)).toEqual([[FIRST_ENDS, FIRST_ENDS + 7n]]);
    expect(await outagesSince(FIRST_ENDS + 7n)).toEqual([]);
    // the next one lasts as long as its own time says
    await system.at(FIRST_ENDS + 5n + MAX_AGE + 2n);
    expect(await outagesSince(FIRST_ENDS + 7n)).toEqual([[FIRST_ENDS + 6n + MAX_AGE, FIRST_ENDS + 7n + MAX_AGE]]);
  });

  test('that follows upon another within five minutes ends no sooner than these are over', async () => {
    await system.send(system.guardian, ['revoke', FIRST.root]);
    await sendAt(NOW + 10n, 'stranger', await system.posting({ root: ROOT, time: TIME }));
    await sendAt(NOW + 20n, 'guardian', ['revoke', ROOT]);
    const next = await system.posting({ root: ROOT + 1n, time: TIME + 1n });
    await system.at(NOW + 309n);
    await system.refuses(system.stranger, next, 'OutageTooSoon', NOW + 310n, NOW + 309n);
    await sendAt(NOW + 310n, 'stranger', next);
    expect(await outagesSince(NOW + 10n)).toEqual([[NOW + 20n, NOW + 310n]]);
  });

  test('is not there while roots are posted in time', async () => {
    const next = await system.posting({ root: ROOT, time: FIRST_ENDS - 1n });
    await sendAt(FIRST_ENDS, 'stranger', next);
    await system.at(FIRST_ENDS + 100n);
    expect(await outagesSince(NOW)).toEqual([]);
  });
});

describe('a revocation', () => {
  test('is by the guardian or the owner, once', async () => {
    const { guardian, owner, stranger } = system;
    await system.refuses(stranger, ['revoke', FIRST.root], 'NotTheGuardian', stranger.address);
    const { events } = await system.send(guardian, ['revoke', FIRST.root]);
    expect(events).toEqual([['RiskRootRevoked', FIRST.root, guardian.address]]);
    await system.refuses(owner, ['revoke', FIRST.root], 'RiskRootIsRevoked', FIRST.root);
    expect((await system.send(owner, ['revoke', ROOT])).events).toEqual([['RiskRootRevoked', ROOT, owner.address]]);
  });

  test('is of a field element that is not zero', async () => {
    for (const root of [0n, FIELD_ORDER]) await system.refuses(system.owner, ['revoke', root], 'InvalidRoot', root);
    await system.send(system.owner, ['revoke', FIELD_ORDER - 1n]);
  });

  test('of the newest root begins an outage, and the root before does not come back', async () => {
    await sendAt(NOW, 'stranger', await system.posting({ root: ROOT, time: TIME }));
    await sendAt(NOW + 10n, 'guardian', ['revoke', ROOT]);
    await system.at(NOW + 15n);
    expect(await outagesSince(NOW)).toEqual([[NOW + 10n, NOW + 15n]]);
    expect(await system.read('latestRoot', MODEL)).toBe(ROOT);
    expect(await system.read('riskRoot', ROOT)).toEqual([TIME, 0n, NOW + 10n, MODEL]);
    expect(await system.read('riskRoot', FIRST.root)).toEqual([FIRST.time, NOW, 0n, MODEL]);
    await sendAt(NOW + 20n, 'stranger', await system.posting({ root: ROOT + 1n, time: TIME + 1n }));
    await system.at(NOW + 30n);
    expect(await outagesSince(NOW)).toEqual([[NOW + 10n, NOW + 20n]]);
  });

  test('of an earlier root or one not yet posted is no outage', async () => {
    await sendAt(NOW, 'stranger', await system.posting({ root: ROOT, time: TIME }));
    await sendAt(NOW + 10n, 'guardian', ['revoke', FIRST.root]);
    await sendAt(NOW + 11n, 'guardian', ['revoke', ROOT + 1n]);
    await system.at(NOW + 15n);
    expect(await outagesSince(NOW - 50n)).toEqual([]);
  });
});

/** An approval of a table of FIRST. */
const tablesOf = (...tableHashes: readonly bigint[]) => ({ root: FIRST.root, tableHashes });

describe('tables', () => {
  const approving = async (
    root: bigint,
    tableHashes: readonly bigint[],
    signers: readonly Wallet[] = SIGNERS.slice(0, THRESHOLD),
  ): Promise<Call> => [
    'approveTables',
    root,
    tableHashes,
    await signTables(signers, system.domain, { root, tableHashes }),
  ];

  test('are of the root for which the signers approved them', async () => {
    expect(await system.read('isTable', FIRST.root, 5n)).toBe(false);
    const call = await approving(FIRST.root, [5n, 6n]);
    const { events } = await system.send(system.stranger, call);
    expect(events).toEqual([
      ['TableApproved', FIRST.root, 5n],
      ['TableApproved', FIRST.root, 6n],
    ]);
    for (const table of [5n, 6n]) expect(await system.read('isTable', FIRST.root, table)).toBe(true);
    expect(await system.read('isTable', FIRST.root, 7n)).toBe(false);
    expect(await system.read('isTable', ROOT, 5n)).toBe(false);
    // more of them later, and the same ones again, to no effect
    await system.send(system.stranger, await approving(FIRST.root, [7n]));
    await system.send(system.stranger, call);
    for (const table of [5n, 6n, 7n]) expect(await system.read('isTable', FIRST.root, table)).toBe(true);
  });

  test('need a root that was posted', async () => {
    await system.refuses(system.stranger, await approving(ROOT, [5n]), 'UnknownRiskRoot', ROOT);
    await system.send(system.guardian, ['revoke', ROOT]);
    await system.refuses(system.stranger, await approving(ROOT, [5n]), 'RiskRootIsRevoked', ROOT);
  });

  test('of an earlier root can be approved: proofs of a book take their time', async () => {
    await system.send(system.stranger, await system.posting({ root: ROOT, time: TIME }));
    await system.send(system.stranger, await approving(FIRST.root, [5n]));
    expect(await system.read('isTable', FIRST.root, 5n)).toBe(true);
  });

  test('are none any more once the root is revoked', async () => {
    await system.send(system.stranger, await approving(FIRST.root, [5n]));
    await system.send(system.guardian, ['revoke', FIRST.root]);
    expect(await system.read('isTable', FIRST.root, 5n)).toBe(false);
    await system.refuses(system.stranger, await approving(FIRST.root, [6n]), 'RiskRootIsRevoked', FIRST.root);
  });

  test('need the quorum of signers', async () => {
    const [one, two, three] = SIGNERS as [Wallet, Wallet, Wallet];
    const [reviewer] = REVIEWERS as [Wallet];
    await system.refuses(system.stranger, await approving(FIRST.root, [5n], [one, two]), 'QuorumNotReached', 2n, 3n);
    await system.refuses(
      system.stranger,
      await approving(FIRST.root, [5n], [one, two, reviewer]),
      'NotInQuorum',
      reviewer.address,
    );
    const [method, root, , signatures] = await approving(FIRST.root, [5n], [one, two, three]);
    const [first, second] = signatures as string[];
    const twice: Call = [method, root, [5n], [first, second, second]];
    await system.refuses(system.stranger, twice, 'SignersNotAscending', two.address, two.address);
  });

  test('need signatures of just these tables, of this root, for this oracle and chain', async () => {
    await system.send(system.stranger, await system.posting({ root: ROOT, time: TIME }));
    const { oracle, stranger, domain, errorOf } = system;
    const approve = (oracle.connect(stranger) as Contract).getFunction('approveTables');
    const signed = async (change: object, on = {}) =>
      signTables(SIGNERS, { ...domain, ...on }, { ...tablesOf(5n, 6n), ...change });
    for (const signatures of [
      await signed({ root: ROOT }),
      await signed({ tableHashes: [5n] }),
      await signed({ tableHashes: [6n, 5n] }),
      await signed({}, { chainId: 1n }),
      await signed({}, { oracle: OUTSIDER }),
    ]) {
      const error = await errorOf(approve.staticCall(FIRST.root, [5n, 6n], signatures));
      expect(error?.[0]).toBe('NotInQuorum');
      expect(addresses([...SIGNERS, ...REVIEWERS])).not.toContain(error?.[1]);
    }
  });
});
