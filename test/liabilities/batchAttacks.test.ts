import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { batchSignals, denseSums } from '../../src/liabilities/batchInput.js';
import { drawGammaLambda } from '../../src/liabilities/batchTranscripts.js';
import { type LiabilitiesBatchInput, liabilitiesBatch, openAccounts } from '../../src/liabilities/liabilitiesBatch.js';
import { statementHash } from '../../src/liabilities/liabilitiesStatement.js';
import { FIELD_ORDER, LIABILITIES } from '../../src/protocol/constants.js';
import { batchSource, bookOf, SHAPE } from '../support/book.js';
import { compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { usd } from '../support/market.js';
import { mapSums, unsatisfied } from './support/identities.js';
import { brokenComponents, rhoOf, withStates } from './support/lab.js';
import {
  account,
  at,
  balance,
  claims,
  distance,
  emptied,
  type Lie,
  position,
  row,
  slot,
  startingFrom,
} from './support/lies.js';

// Attacks of a prover who plays by the transcripts: all hashes, challenges and states of a lie are made anew.

const BTC = 10n ** 8n;
const HELD: readonly (Holdings | undefined)[] = [
  { collateral: [usd(1n)], positions: [] },
  undefined,
  {
    collateral: [usd(-50n), { assetId: 2, amount: 20n * BTC }],
    positions: [
      { instrumentId: 100, size: -300n, cost: -900n * BTC },
      { instrumentId: 103, size: 30_000n, cost: 19_600n * BTC },
    ],
  },
  // worth less than nothing
  { collateral: [usd(-1_000n)], positions: [{ instrumentId: 103, size: 20_000n, cost: 13_000n * BTC }] },
];
// with room for a larger debtor: a lie about standing is to be stopped by nothing else
const BOOK = bookOf(HELD, { largestDebtor: 10n ** 24n });
const HONEST = BOOK.batches[1] as LiabilitiesBatchInput;
const [FIRST, SECOND] = HONEST.accounts as readonly [
  LiabilitiesBatchInput['accounts'][number],
  LiabilitiesBatchInput['accounts'][number],
];

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest(batchSource(SHAPE));
});

const witnessOf = (input: LiabilitiesBatchInput) => circuit.witness(batchSignals(input));

/** Only components whose names match refuse a lie. */
async function expectRefusedOnlyIn(input: LiabilitiesBatchInput, where: RegExp): Promise<void> {
  const components = brokenComponents(circuit, await witnessOf(input));
  expect(components.length, 'the circuit accepts the lie').toBeGreaterThan(0);
  expect(components.filter((component) => !where.test(component))).toEqual([]);
}

/** An identity fails, the one that the twin names; no range, hash or transcript does. */
async function expectIdentityBroken(lie: LiabilitiesBatchInput, names: readonly string[]): Promise<void> {
  const told = withStates(lie);
  const rho = rhoOf(told);
  expect(
    unsatisfied(told, { rho, ...drawGammaLambda(rho, told.dense) }).filter((name) => names.includes(name)),
  ).toEqual(names);
  expect(() => liabilitiesBatch(told)).toThrow();
  await expectRefusedOnlyIn(told, /^main$|Fraction\[/);
}

it('the honest batch passes', async () => {
  liabilitiesBatch(HONEST);
  expectAccepted(circuit, await witnessOf(HONEST));
});

describe('entries', () => {
  it.each<readonly [string, Lie, RegExp]>([
    ['a duplicate, which a gap of -1 is', balance(0, 1, { gap: FIELD_ORDER - 1n }), /leaf\[0\]\.balances\.entry\[1\]/],
    ['a duplicate position', position(0, 1, { gap: FIELD_ORDER - 1n }), /leaf\[0\]\.positions\.entry\[1\]/],
    ['a gap of 2^32', balance(0, 1, { gap: 1n << 32n }), /leaf\[0\]\.balances\.entry\[1\]\.gapRange/],
    ['a balance of 2^64', balance(0, 1, { magnitude: 1n << 64n }), /leaf\[0\]\.balances\.entry\[1\]\.magnitudeRange/],
    ['a balance that wraps', balance(0, 1, { magnitude: FIELD_ORDER - 5n }), /entry\[1\]\.magnitudeRange/],
    ['a balance of zero', balance(0, 1, { magnitude: 0n }), /entry\[1\]/],
    ['a size of 2^64', position(0, 0, { size: 1n << 64n }), /leaf\[0\]\.positions\.entry\[0\]\.sizeRange/],
    ['a size that wraps', position(0, 0, { size: FIELD_ORDER - 300n }), /positions\.entry\[0\]\.sizeRange/],
    ['a cost of 2^80', position(0, 0, { cost: 1n << 80n }), /positions\.entry\[0\]\.costRange/],
    ['a sign of 2', balance(0, 0, { sign: 2n }), /balanceSign\[0\]\[0\]/],
    ['a sign of -1', position(0, 0, { sizeSign: FIELD_ORDER - 1n }), /sizeSign\[0\]\[0\]/],
    ['a debt under a count that hides it', slot(1, { balanceCount: 0n }), /leaf\[1\]|balance\[1\]\[0\]/],
    ['a position under a count that hides it', slot(0, { positionCount: 1n }), /leaf\[0\]|size\[0\]\[1\]/],
    ['a count of more than the slots', slot(0, { balanceCount: 3n }), /leaf\[0\]|balanceCount\[0\]/],
    ['an unused slot with a value', balance(1, 1, { magnitude: 5n }), /leaf\[1\]|balanceGap\[1\]\[1\]/],
    ['an unused slot with a sign', balance(1, 1, { sign: 1n }), /leaf\[1\]|balanceSign\[1\]\[1\]/],
    ['an unused slot with a cost', position(1, 1, { costSign: 1n, cost: 10n ** 20n }), /leaf\[1\]|cost\[1\]\[1\]/],
  ])('%s', async (_name, lie, where) => {
    expectRejected(circuit, await witnessOf(lie(HONEST)), where);
  });

  it('an id that the table does not have leaves a pole', async () => {
    await expectIdentityBroken(balance(0, 1, { gap: 70n })(HONEST), ['byAsset', 'byStep']);
    await expectIdentityBroken(position(0, 1, { gap: 70n })(HONEST), ['byInstrument', 'byTier']);
  });

  it('an id of 2^32 and more has the key of another asset’s step, and no row among the assets', async () => {
    // bitcoins as asset 2^32 + 1: with a floor of -1 they have the key of asset 1, whose haircut is none
    const amount = 20n * BTC;
    const { floor, cap } = FIRST.distances[1] as { readonly floor: bigint; readonly cap: bigint };
    const disguised = distance(0, 1, { floor: amount + 1n - floor, cap: (1n << 63n) - 1n - amount - cap })(
      balance(0, 1, { gap: 0xffff_ffffn })(HONEST),
    );
    const moved: Readonly<Record<string, bigint>> = {
      'stepOwned[0]': amount,
      'stepEntries[0]': 1n,
      'stepOwned[2]': -amount,
      'stepEntries[2]': -1n,
    };
    const input = { ...disguised, dense: mapSums(HONEST.dense, (unknown, sum) => sum + (moved[unknown] ?? 0n)) };
    const rho = rhoOf(HONEST);
    const broken = unsatisfied(input, { rho, ...drawGammaLambda(rho, input.dense) });
    expect([broken.includes('byStep'), broken.includes('byAsset')]).toEqual([false, true]);
    expectRejected(circuit, await witnessOf(input), /assetFraction/);
  });

  it('another asset’s price for an amount', async () => {
    await expectIdentityBroken(balance(0, 1, { gap: 1n })(HONEST), ['byAsset', 'byStep']);
  });
});

describe('dummy accounts', () => {
  it('a debt in a place where there is no account', async () => {
    expectRejected(circuit, await witnessOf(slot(1, { present: 0n })(HONEST)), /present\[1\]/);
  });

  it.each([2n, FIELD_ORDER - 1n])('a presence of %s', async (present) => {
    expectRejected(circuit, await witnessOf(slot(1, { present })(HONEST)), /present\[1\]/);
  });

  it('claims of nobody: equity, surplus, a debt in an empty place', async () => {
    const empty = emptied(1)(HONEST);
    await expectIdentityBroken(empty, ['equity', 'surplus']);
    const none = claims(1, { equity: -5n, surplus: 0n, settled: [0n, 0n], debt: 0n })(empty);
    expectRejected(circuit, await witnessOf(none), /standing\[1\]|main/);
  });

  it('an account of nothing in an empty place is another tree', async () => {
    const first = BOOK.batches[0] as LiabilitiesBatchInput;
    const more = slot(1, { present: 1n })(first);
    expectRejected(circuit, await witnessOf(more), /main\.stateReached|main\.insertion|main/);
    const told = withStates(more);
    expect(told.signals.stateAfter).not.toBe(first.signals.stateAfter);
  });
});

describe('claims', () => {
  it.each<readonly [string, Lie, readonly string[]]>([
    ['equity one unit less', claims(0, { equity: FIRST.claims.equity - 1n }), ['equity']],
    ['a deficit netted against another account', claims(1, { equity: 0n }), ['equity']],
    ['standing without cover', claims(1, { equity: 0n, surplus: 0n }), ['equity', 'surplus']],
    ['standing withheld', claims(0, { surplus: -1n }), ['surplus']],
    ['a debt not told', claims(0, { settled: [0n, FIRST.claims.settled[1] as bigint] }), ['settled[0]']],
    [
      'profit settled in another asset',
      claims(0, {
        settled: [(FIRST.claims.settled[0] as bigint) + 1n, (FIRST.claims.settled[1] as bigint) - 1n],
      }),
      ['settled[0]', 'settled[1]'],
    ],
    ['a debt in an asset that nobody owes', claims(1, { debt: 1n }), ['debt']],
  ])('%s', async (_name, lie, names) => {
    await expectIdentityBroken(lie(HONEST), names);
  });

  it('moved from one account to another: equity of the same sum', async () => {
    const moved = claims(1, { equity: SECOND.claims.equity + 7n })(
      claims(0, { equity: FIRST.claims.equity - 7n })(HONEST),
    );
    await expectIdentityBroken(moved, ['equity']);
  });

  it('of a debtor above the largest one: equal passes, one unit more does not', async () => {
    const exact = bookOf(HELD);
    const { largestDebtor } = exact.totals;
    expect(largestDebtor).toBe(300n * 10n ** 16n);
    const input = exact.batches[1] as LiabilitiesBatchInput;
    expectAccepted(circuit, await witnessOf(input));
    const claimed = { ...input.claimed, largestDebtor: largestDebtor - 1n };
    expectRejected(circuit, await witnessOf({ ...input, claimed }), /standing\[0\]\.debtor/);
  });

  it('opened from another statement than the public one, whose largest debtor is smaller', async () => {
    const stated = { ...HONEST.claimed, largestDebtor: 1n };
    const told = withStates(HONEST, statementHash(stated).hash);
    const dense = denseSums(told.shape, told.table, openAccounts(told.accounts, told.claimed), rhoOf(told));
    await expectRefusedOnlyIn({ ...told, dense }, /^main\.opened/);
  });

  it('of a largest debtor beyond its range, which some account of each batch owes a unit of', async () => {
    const owing: Holdings = { collateral: [usd(-1n), { assetId: 2, amount: BTC }], positions: [] };
    const beyond = bookOf([owing, owing], { largestDebtor: 1n << BigInt(LIABILITIES.valueBits) });
    const input = beyond.batches[0] as LiabilitiesBatchInput;
    await expectRefusedOnlyIn(input, /^main\.debtorRange/);
  });

  it('of standing at another flag than the sign of the surplus', async () => {
    const witness = await witnessOf(HONEST);
    expect([
      circuit.get(witness, 'main.standing[0].standing'),
      circuit.get(witness, 'main.standing[1].standing'),
    ]).toEqual([1n, 0n]);
    expectRejected(circuit, circuit.edit(witness, { 'main.standing[0].standing': 0n }), /standing\[0\]/);
    expectRejected(circuit, circuit.edit(witness, { 'main.standing[1].standing': 1n }), /standing\[1\]/);
  });
});

describe('steps and tiers', () => {
  it.each<readonly [string, Lie, RegExp]>([
    [
      'the next tier below its floor',
      distance(0, SHAPE.balances + 1, { floor: -(10n ** 12n) }),
      /floorRange\[0\]\[3\]/,
    ],
    ['a tier beyond its cap', distance(0, SHAPE.balances + 1, { cap: -(10n ** 18n) }), /capRange\[0\]\[3\]/],
    ['a step below its floor', distance(0, 1, { floor: -(10n ** 18n) }), /floorRange\[0\]\[1\]/],
    ['a step beyond its cap', distance(0, 1, { cap: -(10n ** 18n) }), /capRange\[0\]\[1\]/],
    ['a distance of 2^63', distance(0, 1, { cap: 1n << 63n }), /capRange\[0\]\[1\]/],
  ])('%s', async (_name, lie, where) => {
    expectRejected(circuit, await witnessOf(lie(HONEST)), where);
  });

  it('a row that is none: floor and cap of two tiers', async () => {
    await expectIdentityBroken(distance(0, SHAPE.balances + 1, { cap: 5n })(HONEST), ['byTier']);
    await expectIdentityBroken(distance(0, 1, { floor: 1n })(HONEST), ['byStep']);
  });

  it('a haircut step’s addition for a debt', async () => {
    const dense = mapSums(HONEST.dense, (unknown, sum) => (unknown === 'stepEntries[0]' ? sum + 1n : sum));
    await expectIdentityBroken({ ...HONEST, dense }, ['byStep']);
  });

  it('a tier’s deduction for a position that is not there', async () => {
    const dense = mapSums(HONEST.dense, (unknown, sum) => (unknown === 'tierEntries[3]' ? sum + 1n : sum));
    await expectIdentityBroken({ ...HONEST, dense }, ['byTier']);
  });
});

describe('tables and statements', () => {
  it.each<readonly [string, Lie]>([
    ['a price', row('instrumentPrice', 0, (price) => price + 1n)],
    ['the settle asset of an instrument', row('settlesIn', 0, (flag) => 1n - flag)],
    ['a deduction', row('tierDeduction', 1, (deduction) => deduction + 1n)],
    ['a row that was unused', row('assetPrice', SHAPE.assets - 1, () => 1n)],
  ])('%s that the public table does not have', async (_name, lie) => {
    expectRejected(circuit, await witnessOf(lie(HONEST)), /main\.tables/);
  });

  it('the signals of another batch, book or table', async () => {
    const witness = await witnessOf(HONEST);
    const other = (bookOf([...HELD].reverse()).batches[1] as LiabilitiesBatchInput).signals;
    const first = (BOOK.batches[0] as LiabilitiesBatchInput).signals;
    expectRejected(circuit, circuit.edit(witness, { 'main.statement': other.statement }), /main\.opened/);
    expectRejected(circuit, circuit.edit(witness, { 'main.tableHash': 1n }), /main\.tables/);
    expectRejected(circuit, circuit.edit(witness, { 'main.stateBefore': first.stateBefore }), /main\.stateOpened/);
    expectRejected(circuit, circuit.edit(witness, { 'main.stateAfter': first.stateAfter }), /main\.stateReached/);
    expectRejected(circuit, circuit.edit(witness, { 'main.firstIndex': 4n }), /main/);
  });
});

describe('the chain', () => {
  it('a batch put in twice finds its places taken', async () => {
    // the children of its level with its own leaves in them already, as they stand after it
    const first = BOOK.batches[0] as LiabilitiesBatchInput;
    const again = { ...first, before: { ...HONEST.before, nextIndex: 0n }, treeChildren: HONEST.treeChildren };
    expectRejected(circuit, await witnessOf(again), /main\.insertion\.lowest/);
  });

  it('a batch left out, or put before another, is not in the tree that the next one starts from', async () => {
    const first = BOOK.batches[0] as LiabilitiesBatchInput;
    expectRejected(
      circuit,
      await witnessOf(startingFrom({ treeRoot: first.before.treeRoot })(HONEST)),
      /main\.(insertion|stateOpened)/,
    );
  });

  it('a batch goes back behind the last one', async () => {
    const late = withStates(startingFrom({ nextIndex: 3n })(HONEST));
    await expectRefusedOnlyIn({ ...late }, /^main\.order|^main$|Fraction\[/);
    expectRejected(circuit, await witnessOf(late), /main\.order/);
  });

  it.each([1n, 3n, 1n << 27n])('a place that begins no run of the tree: %s', async (firstIndex) => {
    const moved = { ...HONEST, signals: { ...HONEST.signals, firstIndex } };
    expectRejected(circuit, await witnessOf(moved), /main\.insertion|firstIndex/);
  });

  it('customers counted as the venue’s own, and the other way round', async () => {
    const witness = await witnessOf(HONEST);
    expectRejected(circuit, circuit.edit(witness, { 'main.isVenue': 1n }), /main\.boundary|main/);
    expectRejected(circuit, circuit.edit(witness, { 'main.isVenue': 2n }), /isVenue/);
    const venue = bookOf(HELD, { venueStart: 2n }).batches[1] as LiabilitiesBatchInput;
    const own = await witnessOf(venue);
    expectAccepted(circuit, own);
    expect(circuit.get(own, 'main.isVenue')).toBe(1n);
    expectRejected(circuit, circuit.edit(own, { 'main.isVenue': 0n }), /main\.boundary|main/);
  });

  it('an account left in a batch under another leaf', async () => {
    const other = account(0, (one) => ({ ...one, slot: { ...one.slot, accountId: 1n } }))(HONEST);
    const told = withStates(other);
    expect(told.signals.stateAfter).not.toBe(HONEST.signals.stateAfter);
    expectRejected(circuit, await witnessOf({ ...told, signals: HONEST.signals }), /main/);
  });

  it('a compressed total of its own', async () => {
    for (const index of HONEST.compressed.keys()) {
      const compressed = at(HONEST.compressed, index, (total) => total + 1n);
      await expectIdentityBroken({ ...HONEST, compressed }, [
        index < 3 ? 'assets at the challenge' : 'instruments at the challenge',
      ]);
    }
  });
});
