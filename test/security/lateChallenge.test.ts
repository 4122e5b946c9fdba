import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { shapeOf } from '../../src/liabilities/batchClasses.js';
import { batchSignals, denseSums } from '../../src/liabilities/batchInput.js';
import { drawGammaLambda, drawRho } from '../../src/liabilities/batchTranscripts.js';
import { chainStateHash } from '../../src/liabilities/chainState.js';
import {
  batchRoots,
  type LiabilitiesBatchInput,
  nextState,
  openAccounts,
  plainTotals,
} from '../../src/liabilities/liabilitiesBatch.js';
import { statementHash } from '../../src/liabilities/liabilitiesStatement.js';
import { subtreeInsertion } from '../../src/liabilities/subtreeInsertion.js';
import { FIELD_ORDER, LIABILITIES } from '../../src/protocol/constants.js';
import { circuitByName } from '../../src/setup/circuits.js';
import { unsatisfied } from '../liabilities/support/identities.js';
import { brokenComponents } from '../liabilities/support/lab.js';
import { balance, claims, distance, type Lie, position, row, slot } from '../liabilities/support/lies.js';
import { bookOf, CHOICE } from '../support/book.js';
import { compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { inverse, reduce } from '../support/field.js';
import { usd } from '../support/market.js';
import { playedBatch } from './support/playedBatch.js';

// A value that is free after the challenge which checks it: transcripts that left out a value let false statements be proven
// in several libraries ("Frozen Heart", Trail of Bits 2022). That each value is hashed before its challenge is
// test/liabilities/transcript.test.ts. Here are the two ways around that: a value that is hashed, but in an element that
// several readings share, and a prover who changes a value before the challenge and plays all the rest as well as can be.

const BTC = 10n ** 8n;
const QUOTE = 10n ** 16n;
/** What is moved in an element by one unit of its upper part. */
const UPPER = 1n << BigInt(LIABILITIES.valueBits + 2);
const CIRCUIT = circuitByName('liabilities-4x4');
const SHAPE = shapeOf(CIRCUIT);

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest(CIRCUIT);
});
const brokenBy = async (input: LiabilitiesBatchInput): Promise<readonly string[]> =>
  brokenComponents(circuit, await circuit.witness(batchSignals(input)));
const batchOf = (held: readonly Holdings[]): LiabilitiesBatchInput =>
  bookOf(held, { shape: SHAPE, choice: CHOICE, largestDebtor: 10n ** 26n }).batches[0] as LiabilitiesBatchInput;

describe('claims that share an element, of which one absorbs what the other loses', () => {
  const HONEST = batchOf([
    { collateral: [usd(1_000n), { assetId: 2, amount: BTC }], positions: [] },
    { collateral: [usd(2_000n)], positions: [] },
    { collateral: [usd(3_000n)], positions: [{ instrumentId: 103, size: 300n, cost: 195n * 10n ** 6n }] },
    { collateral: [usd(4_000n), { assetId: 3, amount: 5n * 10n ** 6n }], positions: [] },
  ]);
  const OPENED = openAccounts(HONEST.accounts, HONEST.claimed);
  const ROOTS = batchRoots(SHAPE, OPENED);

  /** The batch as it would be hashed with other totals, and the challenge that is drawn then. */
  function committedTo(totals: readonly bigint[]) {
    const { before, claimed, treeChildren, blindingAfter: blinding } = HONEST;
    const { firstIndex, statement } = HONEST.signals;
    const { after: treeRoot } = subtreeInsertion(SHAPE.height, firstIndex, ROOTS, treeChildren);
    const isVenue = firstIndex >= claimed.venueStart;
    const state = nextState(before, { firstIndex, accounts: OPENED.length, treeRoot, totals, isVenue, blinding });
    const signals = { ...HONEST.signals, stateAfter: chainStateHash(state, statement) };
    const rho = drawRho({ shape: SHAPE, signals, roots: ROOTS, totals, accounts: HONEST.accounts });
    return { signals, rho, dense: denseSums(SHAPE, HONEST.table, OPENED, rho) };
  }

  /**
   * By how much each account's element is read otherwise: shares with that sum, while the sum of rho^u x share is zero, so
   * that no identity at rho notices. Of four numbers two are free; the first choice that passes is taken.
   */
  function shares(sum: bigint, rho: bigint, passes: (shares: readonly bigint[]) => boolean): readonly bigint[] {
    for (let drawn = 1n; drawn < 10_000n; drawn++) {
      const [second, third] = [reduce(drawn ** 40n * UPPER ** 2n), reduce(drawn ** 41n * UPPER ** 3n)];
      // first + other = rest, first + rho x other = weighed
      const rest = sum - second - third;
      const weighed = -(rho ** 2n) * second - rho ** 3n * third;
      const other = reduce((weighed - rest) * inverse(rho - 1n));
      const found = [reduce(rest - other), other, second, third];
      if (passes(found)) return found;
    }
    throw new Error('no shares pass');
  }
  /** What the calculator's hints take for a natural number. */
  const isPositive = (value: bigint): boolean => reduce(value) <= FIELD_ORDER / 2n;
  const claimOf = (u: number) => HONEST.accounts[u]?.claims as LiabilitiesBatchInput['accounts'][number]['claims'];
  const settledOf = (u: number, j: 0 | 1): bigint => claimOf(u).settled[j] as bigint;

  it('the honest batch passes, all accounts with standing', async () => {
    expect(OPENED.map(({ standing }) => standing.standing)).toEqual([1n, 1n, 1n, 1n]);
    expect(await brokenBy(HONEST)).toEqual([]);
  });

  it('equity and surplus: a total owed that is 1,000 less, fitted after the challenge', async () => {
    const [present, standing, owed, deficits] = plainTotals(OPENED) as [bigint, bigint, bigint, bigint];
    const less = 1_000n * QUOTE;
    const { signals, rho, dense } = committedTo([present, standing, owed - less, deficits, ...HONEST.compressed]);
    const equity = (u: number, share: bigint) => reduce(claimOf(u).equity - UPPER * share);
    const surplus = (u: number, share: bigint) => reduce(claimOf(u).surplus + share);
    const taken = shares(reduce(less * inverse(UPPER)), rho, (each) =>
      each.every((share, u) => isPositive(equity(u, share)) && isPositive(surplus(u, share))),
    );
    const lies = taken.map((share, u) => claims(u, { equity: equity(u, share), surplus: surplus(u, share) }));
    const lie = lies.reduce<LiabilitiesBatchInput>((input, one) => one(input), { ...HONEST, signals, dense });
    expect(unsatisfied(lie, { rho, ...drawGammaLambda(rho, dense) })).toEqual([]);

    // every hash, challenge, identity and sum holds; each account's two ranges do not, and nothing else stands in the way
    const broken = await brokenBy(lie);
    expect(broken.filter((where) => !/^main\.standing\[\d\]\.(split|distanceRange)/.test(where))).toEqual([]);
    for (const part of ['split', 'distanceRange']) {
      expect(broken.filter((where) => where.includes(part)).length).toBeGreaterThanOrEqual(3);
    }
  });

  it('values in two settle assets: a total owed in the first that is 1,000 less, fitted after the challenge', async () => {
    const { challenge } = statementHash(HONEST.claimed);
    const [first, second] = HONEST.table.assetId.map((asset) => inverse(challenge - asset)) as [bigint, bigint];
    const less = 1_000n * QUOTE * first;
    const compressed = HONEST.compressed.map((total, i) => (i === 0 ? reduce(total - less) : total));
    const { signals, rho, dense } = committedTo([...plainTotals(OPENED), ...compressed]);
    const settled = (u: number, share: bigint) => [
      reduce(settledOf(u, 0) - UPPER * share),
      reduce(settledOf(u, 1) + share),
    ];
    const taken = shares(reduce(-less * inverse(second - UPPER * first)), rho, (each) =>
      each.every((share, u) => settled(u, share).every(isPositive)),
    );
    const lies = taken.map((share, u) => claims(u, { settled: settled(u, share) }));
    const lie = lies.reduce<LiabilitiesBatchInput>((input, one) => one(input), {
      ...HONEST,
      signals,
      dense,
      compressed,
    });

    const broken = await brokenBy(lie);
    expect(broken.filter((where) => !/^main\.standing\[\d\]\.settle\[[01]\]/.test(where))).toEqual([]);
    expect(broken.length).toBeGreaterThanOrEqual(6);
  });
});

describe('a value changed before the challenge, with states, challenges and true sums made anew', () => {
  const HONEST = batchOf([
    {
      collateral: [usd(-50n), { assetId: 2, amount: 3n * BTC }],
      positions: [
        { instrumentId: 100, size: -300n, cost: -900n * BTC },
        { instrumentId: 103, size: 30_000n, cost: 19_000n * BTC },
      ],
    },
    { collateral: [usd(9_000n), { assetId: 3, amount: -(10n ** 6n) }], positions: [] },
    { collateral: [usd(-700n)], positions: [] },
    { collateral: [usd(1n)], positions: [] },
  ]);
  const USED_TIER = HONEST.dense.tierEntries.findIndex((entries) => entries !== 0n);
  const ofBalance = ['equity', 'surplus'];
  const ofPosition = ['equity', 'surplus', 'settled[0]', 'instruments at the challenge'];

  it('the honest batch passes', async () => {
    const { input, broken } = playedBatch(HONEST, (batch) => batch);
    expect([input.signals, broken]).toEqual([HONEST.signals, []]);
    expectAccepted(circuit, await circuit.witness(batchSignals(input)));
  });

  it.each<readonly [string, readonly string[], Lie]>([
    [
      'a balance in a settle asset',
      [...ofBalance, 'settled[0]'],
      (input) =>
        distance(1, 0, { floor: -1_000n * BTC, cap: 1_000n * BTC })(balance(1, 0, { magnitude: 8_000n * BTC })(input)),
    ],
    [
      'a debt in another asset',
      [...ofBalance, 'debt', 'assets at the challenge'],
      balance(1, 1, { magnitude: 10n ** 6n - 1n }),
    ],
    ['a cost', ofPosition, position(0, 1, { cost: 18_999n * BTC })],
    ['the sign of a cost', ofPosition, position(0, 0, { costSign: 0n })],
    ['the side of a position', ofPosition, position(0, 0, { sizeSign: 0n })],
    [
      'a deficit, taken off what another one is owed',
      ['equity'],
      (input) =>
        claims(2, { equity: 0n })(
          claims(1, { equity: (HONEST.accounts[1]?.claims.equity as bigint) - 700n * QUOTE })(input),
        ),
    ],
    [
      'the price of an asset',
      ['debt', 'equity', 'surplus', 'assets at the challenge'],
      row('assetPrice', 2, (price) => price + 1n),
    ],
    [
      'the price of an instrument',
      ['equity', 'surplus', 'settled[0]'],
      row('instrumentPrice', 0, (price) => price + 1n),
    ],
    ['the weight of a haircut step', ['surplus'], row('stepWeight', 1, (weight) => weight + 1n)],
    ['the weight of a margin tier', ['surplus'], row('tierWeight', 0, (weight) => weight - 1n)],
    ['the deduction of a margin tier', ['surplus'], row('tierDeduction', USED_TIER, (deduction) => deduction + 1n)],
  ])('%s breaks what is claimed of it', async (_, names, lie) => {
    const { input, broken } = playedBatch(HONEST, lie);
    expect([...broken].sort()).toEqual([...names].sort());
    const where = await brokenBy(input);
    expect(where.length).toBeGreaterThan(0);
    expect(where.filter((component) => !/^main$|Fraction\[/.test(component))).toEqual([]);
  });

  it('owner, id, salt and blinding make another batch, which is true under signals of its own and no others', async () => {
    const renamed = [slot(0, { ownerCommitment: 1n }), slot(1, { accountId: 1n }), slot(2, { salt: 1n })].reduce(
      (input, lie) => lie(input),
      { ...HONEST, blindingAfter: 7n },
    );
    const { input, broken } = playedBatch(HONEST, () => renamed);
    expect(broken).toEqual([]);
    const witness = await circuit.witness(batchSignals(input));
    expectAccepted(circuit, witness);
    expect(input.signals.stateAfter).not.toBe(HONEST.signals.stateAfter);
    const { stateAfter } = HONEST.signals;
    expectRejected(circuit, circuit.edit(witness, { 'main.stateAfter': stateAfter }), /main\.stateReached/);
    // and the honest signals draw another challenge, at which these sums are none
    expectRejected(
      circuit,
      await circuit.witness(batchSignals({ ...input, signals: HONEST.signals })),
      /Fraction|main/,
    );
  });
});
