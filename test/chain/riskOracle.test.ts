import { type Contract, Signature, Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SnapshotMark, type SnapshotPost, signSnapshot } from '../../src/chain/riskOracleMessages.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { expectGas } from '../support/gas.js';
import {
  addresses,
  type Call,
  FIRST,
  MARKS,
  MAX_AGE,
  MODEL,
  NOW,
  type OracleSystem,
  oracleSystem,
  REVIEWERS,
  SIGNERS,
  THRESHOLD,
} from '../support/oracleSystem.js';

const [FIRST_MARK, SECOND_MARK] = MARKS;
const OUTSIDER = new Wallet(`0x${'33'.repeat(32)}`);
/** the root that most tests try to post after FIRST */
const ROOT = 1002n;
const TIME = NOW - 50n;

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

/** The post after FIRST: the same marks, unless they are told. */
const second = (change: Partial<SnapshotPost> = {}, by?: Parameters<OracleSystem['posting']>[1]): Promise<Call> =>
  system.posting({ root: ROOT, time: TIME, ...change }, by);
const reviewedSecond = (change: Partial<SnapshotPost> = {}): Promise<Call> =>
  system.reviewed({ root: ROOT, time: TIME, ...change });
const accepts = async (call: Call) => expect((await system.send(system.stranger, call)).events).toHaveLength(1);
const refuses = (call: Call, ...error: readonly unknown[]) => system.refuses(system.stranger, call, ...error);

describe('a post', () => {
  test('is recorded, whoever sends it', async () => {
    const dataHash = `0x${'d2'.repeat(32)}`;
    const { events } = await system.send(system.stranger, await second({ dataHash }));
    expect(events).toEqual([['RiskRootPosted', ROOT, MODEL, TIME, dataHash, false]]);
    expect(await system.read('riskRoot', ROOT)).toEqual([TIME, 0n, 0n, MODEL]);
    expect(await system.read('riskRoot', FIRST.root)).toEqual([FIRST.time, NOW, 0n, MODEL]);
    expect(await system.read('latestRoot', MODEL)).toBe(ROOT);
    // nor was zero, which stood for no root before the first
    for (const none of [0n, ROOT + 1n]) expect(await system.read('riskRoot', none)).toEqual([0n, 0n, 0n, 0n]);
    expect(await system.read('latestRoot', MODEL + 1n)).toBe(0n);
  });

  test('says whether it was reviewed', async () => {
    const { events } = await system.send(system.stranger, await reviewedSecond());
    expect(events).toEqual([['RiskRootPosted', ROOT, MODEL, TIME, FIRST.dataHash, true]]);
  });

  test('cannot be replayed', async () => {
    const call = await second();
    await accepts(call);
    await refuses(call, 'RiskRootAlreadyPosted', ROOT);
  });

  test('is of a root that no model had', async () => {
    await refuses(await system.reviewed({ modelHash: 78n, time: TIME }), 'RiskRootAlreadyPosted', FIRST.root);
  });

  test('is of a field element that is not zero', async () => {
    for (const root of [0n, FIELD_ORDER, 2n ** 256n - 1n]) {
      // the messages of this library refuse it as well, so a signer signs another root
      const [method, post, ...signatures] = await second();
      await refuses([method, { ...(post as SnapshotPost), root }, ...signatures], 'InvalidRoot', root);
    }
    await accepts(await second({ root: FIELD_ORDER - 1n }));
  });

  test('is not from the future', async () => {
    await refuses(await second({ time: NOW }), 'TimeInFuture', NOW, NOW - 1n);
    // the transaction is in the block of NOW
    await accepts(await second({ time: NOW }));
  });

  test('is not older than roots may be used', async () => {
    const call = await second();
    await system.at(TIME + MAX_AGE + 1n);
    await refuses(call, 'Stale', TIME + MAX_AGE, TIME + MAX_AGE + 1n);
  });

  test('may be as old as roots may be used', async () => {
    const call = await second();
    await system.next(TIME + MAX_AGE);
    await accepts(call);
  });

  test('never goes back in time within its model', async () => {
    for (const time of [0n, FIRST.time - 1n, FIRST.time]) {
      const [method, post, ...signatures] = await second();
      await refuses([method, { ...(post as SnapshotPost), time }, ...signatures], 'TimeWentBack', time, FIRST.time);
    }
    await accepts(await second({ time: FIRST.time + 1n }));
  });

  test('never goes back in time behind a revoked one', async () => {
    await system.send(system.guardian, ['revoke', FIRST.root]);
    await refuses(await second({ time: FIRST.time }), 'TimeWentBack', FIRST.time, FIRST.time);
    await accepts(await second({ time: FIRST.time + 1n }));
  });

  test('of another model has times of its own', async () => {
    await accepts(await system.reviewed({ root: ROOT, modelHash: 78n, time: FIRST.time - 1n }));
    expect(await system.read('latestRoot', MODEL)).toBe(FIRST.root);
    expect(await system.read('riskRoot', FIRST.root)).toEqual([FIRST.time, 0n, 0n, MODEL]);
  });

  test('of a root that was revoked before is refused', async () => {
    await system.send(system.guardian, ['revoke', ROOT]);
    await refuses(await second(), 'RiskRootIsRevoked', ROOT);
    expect(await system.read('riskRoot', ROOT)).toEqual([0n, 0n, NOW, 0n]);
  });
});

describe('signatures', () => {
  const [one, two, three, four] = SIGNERS as [Wallet, Wallet, Wallet, Wallet];

  /** A post with other signatures, in that order. */
  async function signedBy(...signatures: readonly string[]): Promise<Call> {
    const [method, post, , reviews] = await second();
    return [method, post, signatures, reviews];
  }
  const sign = async (by: Wallet, change: Partial<SnapshotPost> = {}, domain = {}): Promise<string> => {
    const post = { ...FIRST, root: ROOT, time: TIME, ...change };
    return (await signSnapshot([by], { ...system.domain, ...domain }, post))[0] as string;
  };

  test('by more than the quorum count as well, each of them', async () => {
    await refuses(await second({}, { signers: [...SIGNERS, OUTSIDER] }), 'NotInQuorum', OUTSIDER.address);
    await accepts(await second({}, { signers: SIGNERS }));
  });

  test('by fewer than the quorum are refused', async () => {
    await refuses(await second({}, { signers: [] }), 'QuorumNotReached', 0n, 3n);
    await refuses(await second({}, { signers: [one, four] }), 'QuorumNotReached', 2n, 3n);
  });

  test('by one account count once', async () => {
    const twice = [await sign(one), await sign(two), await sign(two)];
    await refuses(await signedBy(...twice), 'SignersNotAscending', two.address, two.address);
  });

  test('are in ascending order', async () => {
    const mixed = [await sign(one), await sign(three), await sign(two)];
    await refuses(await signedBy(...mixed), 'SignersNotAscending', three.address, two.address);
  });

  test('by others are refused, reviewers among them', async () => {
    for (const other of [OUTSIDER, ...REVIEWERS]) {
      await refuses(await second({}, { signers: [one, two, other] }), 'NotInQuorum', other.address);
    }
  });

  test('with high s, the second form of a signature that everybody can make, are refused', async () => {
    const { r, s, v } = Signature.from(await sign(three));
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const high = `0x${(order - BigInt(s)).toString(16)}`;
    const malleable = `${r}${high.slice(2)}${v === 27 ? '1c' : '1b'}`;
    await refuses(await signedBy(await sign(one), await sign(two), malleable), 'ECDSAInvalidSignatureS', high);
  });

  test('of another form are refused', async () => {
    const others = [await sign(one), await sign(two)];
    const { compactSerialized } = Signature.from(await sign(three));
    await refuses(await signedBy(...others, compactSerialized), 'ECDSAInvalidSignatureLength', 64n);
    await refuses(await signedBy(...others, '0x'), 'ECDSAInvalidSignatureLength', 0n);
    await refuses(await signedBy(...others, `0x${'00'.repeat(65)}`), 'ECDSAInvalidSignature');
  });

  /** Signatures that are fine but not of what is posted: an account comes out of each that is in no quorum. */
  async function countForNobody(call: Call): Promise<void> {
    const { oracle, stranger, errorOf } = system;
    const post = (oracle.connect(stranger) as Contract).getFunction('post');
    const error = await errorOf(post.staticCall(...call.slice(1)));
    expect(error?.[0]).toBe('NotInQuorum');
    expect(addresses([...SIGNERS, ...REVIEWERS])).not.toContain(error?.[1]);
  }

  test('for another chain or another oracle count for nobody', async () => {
    for (const domain of [{ chainId: 1n }, { oracle: OUTSIDER.address }]) {
      await countForNobody(await signedBy(await sign(one, {}, domain)));
    }
  });

  test('of anything else count for nobody', async () => {
    const [mark, ...marks] = MARKS;
    const changes: readonly Partial<SnapshotPost>[] = [
      { root: ROOT + 1n },
      { time: TIME + 1n },
      { modelHash: MODEL + 1n },
      { dataHash: `0x${'db'.repeat(32)}` },
      { marks: [{ ...mark, price: mark.price + 1n }, ...marks] },
      { marks: [{ ...mark, instrument: mark.instrument + 1 }, ...marks] },
      { marks },
    ];
    for (const change of changes) await countForNobody(await signedBy(await sign(one, change)));
  });

  test('by a signer who was removed count no more, by one who stayed they do', async () => {
    const call = await second({}, { signers: [one, two, three] });
    const withoutTwo = SIGNERS.filter((signer) => signer !== two);
    await system.send(system.owner, ['setSigners', addresses(withoutTwo), THRESHOLD]);
    await refuses(call, 'NotInQuorum', two.address);
    await accepts(await second({}, { signers: [one, three, four] }));
    // what was posted before stays
    expect(await system.read('riskRoot', FIRST.root)).toEqual([FIRST.time, NOW + 1n, 0n, MODEL]);
  });
});

describe('marks', () => {
  const marked = (...marks: readonly SnapshotMark[]) => second({ marks });
  /** The first mark at another price, unless it is the last one's. */
  const at = (price: bigint, rest: readonly SnapshotMark[] = [SECOND_MARK]): readonly SnapshotMark[] => [
    { ...FIRST_MARK, price },
    ...rest,
  ];

  test('that are zero are refused, whoever reviewed them', async () => {
    const post = { ...FIRST, root: ROOT, time: TIME, marks: at(0n) };
    await refuses(await rawPost(post), 'ZeroMark', 3n);
  });

  test('are by ascending ids, each once, whoever reviewed them', async () => {
    const post = { ...FIRST, root: ROOT, time: TIME };
    for (const [marks, ...ids] of [
      [[SECOND_MARK, FIRST_MARK], 8n, 3n],
      [[FIRST_MARK, FIRST_MARK], 3n, 3n],
      [[{ instrument: 0, price: 1n }, FIRST_MARK], 0n, 0n],
    ] as const) {
      await refuses(await rawPost({ ...post, marks }), 'MarksNotAscending', ...ids);
    }
  });

  test.each([
    ['up', 105n, 1n],
    ['down', 95n, -1n],
  ])('may move %s by just the limit, and not by a unit more', async (_, percent, unit) => {
    const limit = (FIRST_MARK.price * percent) / 100n;
    const beyond = limit + unit;
    await refuses(await marked(...at(beyond)), 'MarkJumped', 3n, FIRST_MARK.price, beyond);
    await accepts(await marked(...at(limit)));
    expect(await system.read('lastMark', MODEL, FIRST_MARK.instrument)).toBe(limit);
  });

  test('are compared without rounding', async () => {
    // five per cent of 219 units is 10.95
    const small = { instrument: FIRST_MARK.instrument, price: 219n };
    await accepts(await reviewedSecond({ marks: [small, SECOND_MARK] }));
    const third = (price: bigint) =>
      system.posting({ root: ROOT + 1n, time: TIME + 1n, marks: [{ ...small, price }, SECOND_MARK] });
    await refuses(await third(230n), 'MarkJumped', 3n, 219n, 230n);
    await refuses(await third(208n), 'MarkJumped', 3n, 219n, 208n);
    await accepts(await third(229n));
  });

  test('may be as large as they fit', async () => {
    const largest = at(2n ** 128n - 1n);
    await refuses(await marked(...largest), 'MarkJumped', 3n, FIRST_MARK.price, 2n ** 128n - 1n);
    await accepts(await reviewedSecond({ marks: largest }));
    await accepts(await system.posting({ root: ROOT + 1n, time: TIME + 1n, marks: largest }));
  });

  test('of each instrument are compared', async () => {
    const last = { ...SECOND_MARK, price: SECOND_MARK.price * 2n };
    await refuses(await marked(FIRST_MARK, last), 'MarkJumped', 8n, SECOND_MARK.price, last.price);
  });

  test('jump if the reviewers sign too, and count from there', async () => {
    const doubled = FIRST_MARK.price * 2n;
    await accepts(await reviewedSecond({ marks: at(doubled) }));
    const third = (marks: readonly SnapshotMark[]) => system.posting({ root: ROOT + 1n, time: TIME + 1n, marks });
    await refuses(await third(MARKS), 'MarkJumped', 3n, doubled, FIRST_MARK.price);
    await accepts(await third(at(doubled)));
  });

  test('count from the last one that was accepted, however long ago and though its root was revoked', async () => {
    await system.send(system.guardian, ['revoke', FIRST.root]);
    await system.at(NOW + 1_000_000n);
    const late = await second({ time: NOW + 1_000_000n, marks: at(FIRST_MARK.price * 2n) });
    await refuses(late, 'MarkJumped', 3n, FIRST_MARK.price, FIRST_MARK.price * 2n);
  });

  test('of a model that has none yet need the reviewers', async () => {
    const other = { root: ROOT, modelHash: MODEL + 1n };
    await refuses(await system.posting(other), 'MarkAppeared', 3n);
    expect(await system.read('lastMark', MODEL + 1n, FIRST_MARK.instrument)).toBe(0n);
    await accepts(await system.reviewed(other));
    expect(await system.read('lastMark', MODEL + 1n, FIRST_MARK.instrument)).toBe(FIRST_MARK.price);
  });

  test('of a new instrument need the reviewers', async () => {
    const marks = [FIRST_MARK, { instrument: 5, price: 1n }, SECOND_MARK];
    await refuses(await second({ marks }), 'MarkAppeared', 5n);
    await accepts(await reviewedSecond({ marks }));
    await accepts(await system.posting({ root: ROOT + 1n, time: TIME + 1n, marks }));
  });

  test('that are left out need the reviewers', async () => {
    await refuses(await marked(SECOND_MARK), 'MarksVanished', 1n, 2n);
    await refuses(await marked(), 'NoMarks');
    await accepts(await reviewedSecond({ marks: [SECOND_MARK] }));
  });

  test('that were left out come back near to where they were', async () => {
    await accepts(await reviewedSecond({ marks: [SECOND_MARK] }));
    const back = (price: bigint) => system.posting({ root: ROOT + 1n, time: TIME + 1n, marks: at(price) });
    await refuses(await back(FIRST_MARK.price * 2n), 'MarkJumped', 3n, FIRST_MARK.price, FIRST_MARK.price * 2n);
    await accepts(await back(FIRST_MARK.price));
    // back for good: it is missed again when it is left out
    const third = await system.posting({ root: ROOT + 2n, time: TIME + 2n, marks: [SECOND_MARK] });
    await refuses(third, 'MarksVanished', 1n, 2n);
  });

  test('that come back do not make up for others that are left out', async () => {
    await accepts(await reviewedSecond({ marks: [SECOND_MARK] }));
    const swapped = await system.posting({ root: ROOT + 1n, time: TIME + 1n, marks: [FIRST_MARK] });
    await refuses(swapped, 'MarksVanished', 0n, 1n);
  });

  test('may be none, as long as the reviewers sign each time', async () => {
    await accepts(await reviewedSecond({ marks: [] }));
    await refuses(await system.posting({ root: ROOT + 1n, time: TIME + 1n, marks: [] }), 'NoMarks');
    await accepts(await system.reviewed({ root: ROOT + 1n, time: TIME + 1n, marks: [] }));
  });
});

/** A post that this library would not make, signed and reviewed all the same. */
async function rawPost(post: SnapshotPost): Promise<Call> {
  const { chainId, oracle: verifyingContract } = system.domain;
  const domain = { name: 'zk-solvency RiskOracle', version: '1', chainId, verifyingContract };
  const types = {
    Snapshot: [
      { name: 'root', type: 'uint256' },
      { name: 'time', type: 'uint64' },
      { name: 'modelHash', type: 'uint256' },
      { name: 'dataHash', type: 'bytes32' },
      { name: 'marks', type: 'Mark[]' },
    ],
    Mark: [
      { name: 'instrument', type: 'uint32' },
      { name: 'price', type: 'uint128' },
    ],
  };
  const sign = (wallets: readonly Wallet[]) => Promise.all(wallets.map((by) => by.signTypedData(domain, types, post)));
  return ['post', post, await sign(SIGNERS), await sign(REVIEWERS)];
}

describe('reviews', () => {
  const jump = { marks: [{ ...FIRST_MARK, price: FIRST_MARK.price * 2n }, SECOND_MARK] };

  test('by fewer than their quorum do not do', async () => {
    const one = await second(jump, { reviewers: REVIEWERS.slice(0, 1) });
    await refuses(one, 'QuorumNotReached', 1n, 2n);
    await accepts(await second(jump, { reviewers: REVIEWERS.slice(1) }));
  });

  test('by signers are none', async () => {
    const [method, post, signatures] = await second(jump, { signers: SIGNERS });
    await refuses([method, post, signatures, signatures], 'NotInQuorum', SIGNERS[0]?.address);
  });

  test('by one reviewer count once', async () => {
    const [method, post, signatures, reviews] = await second(jump, { reviewers: REVIEWERS.slice(0, 1) });
    const [review] = reviews as string[];
    const reviewer = REVIEWERS[0]?.address;
    await refuses([method, post, signatures, [review, review]], 'SignersNotAscending', reviewer, reviewer);
  });

  test('do not stand for signatures', async () => {
    const [method, post, , reviews] = await reviewedSecond(jump);
    await refuses([method, post, [], reviews], 'QuorumNotReached', 0n, 3n);
  });

  test('are of the same post', async () => {
    const [method, post, signatures] = await second(jump);
    const [, , , reviews] = await reviewedSecond();
    await refuses([method, post, signatures, reviews], 'NotInQuorum', expect.anything());
  });

  test('that are not needed are no less checked', async () => {
    await refuses(await second({}, { reviewers: [OUTSIDER] }), 'NotInQuorum', OUTSIDER.address);
  });
});

describe('marks of an instrument with a feed', () => {
  /** three per cent off at most, and half an hour old */
  const TOLERANCE_BPS = 300n;
  const ANSWER_AGE = 1800n;
  const { instrument } = FIRST_MARK;
  let feed: Contract;
  let check: Contract;

  beforeEach(async () => {
    feed = await system.deploy('ChainlinkFeed', 8, FIRST_MARK.price);
    check = await system.deploy('ChainlinkMarkCheck', instrument, feed.target, ANSWER_AGE, TOLERANCE_BPS);
    const { events } = await system.send(system.owner, ['listFeed', instrument, check.target]);
    expect(events).toEqual([['FeedListed', BigInt(instrument), check.target]]);
    expect(await system.read('feedOf', instrument)).toBe(check.target);
  });

  const answer = (price: bigint, updatedAt: bigint) =>
    system.send(system.stranger, ['updateRoundData', 2, price, updatedAt, updatedAt], feed);
  const priced = (price: bigint) => ({ marks: [{ instrument, price }, SECOND_MARK] });

  test('are accepted near to it', async () => {
    await accepts(await second(priced((FIRST_MARK.price * 103n) / 100n)));
  });

  test('are refused off it, and no review helps', async () => {
    const off = (FIRST_MARK.price * 103n) / 100n + 1n;
    await refuses(await second(priced(off)), 'MarkOffFeed', 3n, off, FIRST_MARK.price);
    await refuses(await reviewedSecond(priced(off)), 'MarkOffFeed', 3n, off, FIRST_MARK.price);
  });

  test('are refused while it is stale, and no review helps', async () => {
    await answer(FIRST_MARK.price, NOW - ANSWER_AGE);
    const now = BigInt((await system.chain.provider.getBlock('latest'))?.timestamp ?? 0);
    for (const call of [await second(), await reviewedSecond()]) {
      await refuses(call, 'StaleAnswer', NOW - ANSWER_AGE, now);
    }
  });

  test('are not left out, and no review helps', async () => {
    for (const marks of [[SECOND_MARK], []]) {
      await refuses(await reviewedSecond({ marks }), 'ListedMarkMissing', 0n, 1n);
    }
    // another mark does not make up for it
    await system.send(system.owner, ['listFeed', 9, check.target]);
    await refuses(await second(), 'ListedMarkMissing', 1n, 2n);
  });

  test('are not left out by another model either', async () => {
    const other = { root: ROOT, modelHash: MODEL + 1n, marks: [SECOND_MARK] };
    await refuses(await system.reviewed(other), 'ListedMarkMissing', 0n, 1n);
  });

  test('that have agreed with it still do not jump unreviewed', async () => {
    const price = FIRST_MARK.price * 2n;
    await answer(price, NOW);
    await refuses(await second(priced(price)), 'MarkJumped', 3n, FIRST_MARK.price, price);
    await accepts(await reviewedSecond(priced(price)));
  });

  test('follow another feed once that is listed in its place', async () => {
    const other = await system.deploy('ChainlinkFeed', 18, (FIRST_MARK.price * 10n ** 10n * 104n) / 100n);
    const another = await system.deploy('ChainlinkMarkCheck', instrument, other.target, ANSWER_AGE, TOLERANCE_BPS);
    await system.send(system.owner, ['listFeed', instrument, another.target]);
    await refuses(await second(), 'MarkOffFeed', 3n, FIRST_MARK.price, (FIRST_MARK.price * 10n ** 10n * 104n) / 100n);
    await accepts(await second(priced((FIRST_MARK.price * 104n) / 100n)));
  });

  test('are free again once the feed is unlisted', async () => {
    await answer(FIRST_MARK.price * 2n, NOW);
    const { events } = await system.send(system.owner, ['unlistFeed', instrument]);
    expect(events).toEqual([['FeedUnlisted', BigInt(instrument)]]);
    await accepts(await second());
    await accepts(await system.reviewed({ root: ROOT + 1n, time: TIME + 1n, marks: [SECOND_MARK] }));
  });

  test('are held against a feed that is a contract, which the owner lists', async () => {
    const { owner, guardian, stranger } = system;
    await system.refuses(owner, ['listFeed', 9, stranger.address], 'NotAContract', stranger.address);
    await system.refuses(owner, ['unlistFeed', 9], 'NotListed', 9n);
    // no mark has the id zero: every post would lack it
    await system.refuses(owner, ['listFeed', 0, check.target], 'NotListed', 0n);
    for (const call of [
      ['listFeed', 9, check.target],
      ['unlistFeed', instrument],
    ] as const) {
      await system.refuses(guardian, call, 'OwnableUnauthorizedAccount', guardian.address);
    }
  });
});

test('gas of a post by three signers', async () => {
  const twenty = (price: bigint) => Array.from({ length: 20 }, (_, i) => ({ instrument: i + 1, price }));
  const base = { modelHash: MODEL + 1n };
  const first = await system.send(system.stranger, await system.reviewed({ ...base, root: 1n, marks: twenty(1000n) }));
  const next = { ...base, root: 2n, time: TIME, marks: twenty(1001n) };
  const second = await system.send(system.stranger, await system.posting(next));
  await expectGas('riskOracle', {
    'post, 3 signers, 20 marks': second.gas(),
    'first post of a model, 3 signers, 2 reviewers, 20 marks': first.gas(),
  });
});
