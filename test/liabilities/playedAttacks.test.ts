import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { batchSignals, denseSums } from '../../src/liabilities/batchInput.js';
import { chainStateHash, SIDE_TOTALS, type SideTotals } from '../../src/liabilities/chainState.js';
import {
  batchRoots,
  type LiabilitiesBatchInput,
  nextState,
  openAccounts,
  plainTotals,
} from '../../src/liabilities/liabilitiesBatch.js';
import { statementHash } from '../../src/liabilities/liabilitiesStatement.js';
import { subtreeInsertion } from '../../src/liabilities/subtreeInsertion.js';
import { RATE_SCALE } from '../../src/protocol/constants.js';
import { batchSource, bookOf, SHAPE } from '../support/book.js';
import { type Calculator, compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { inverse, reduce } from '../support/field.js';
import { compileLiar } from '../support/liar.js';
import { usd } from '../support/market.js';
import { mapSums, type Unknown } from './support/identities.js';
import { brokenComponents, rhoOf, withStates } from './support/lab.js';
import { account, at, claims, type Lie, startingFrom } from './support/lies.js';

// One lie about the chain or about what is public, and everything that follows from it made anew: states, challenges and
// dense sums. What refuses it is the one check that it is about.

const BTC = 10n ** 8n;
const HELD: readonly Holdings[] = [
  { collateral: [usd(1n)], positions: [] },
  { collateral: [usd(7n)], positions: [] },
  { collateral: [usd(-50n), { assetId: 2, amount: 20n * BTC }], positions: [] },
  { collateral: [usd(20_000n)], positions: [{ instrumentId: 103, size: 20_000n, cost: 13_000n * BTC }] },
];
const BOOK = bookOf(HELD, { largestDebtor: 10n ** 24n });
const HONEST = BOOK.batches[1] as LiabilitiesBatchInput;

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest(batchSource(SHAPE));
});

const played = (told: LiabilitiesBatchInput): LiabilitiesBatchInput => ({
  ...told,
  dense: denseSums(told.shape, told.table, openAccounts(told.accounts, told.claimed), rhoOf(told)),
});

async function expectRefusedOnlyIn(
  told: LiabilitiesBatchInput,
  where: RegExp,
  by: Calculator = circuit,
): Promise<void> {
  const components = brokenComponents(circuit, await by.witness(batchSignals(told)));
  expect(components.length, 'the circuit accepts the lie').toBeGreaterThan(0);
  expect(components.filter((component) => !where.test(component))).toEqual([]);
}

it('the honest batch, played anew, passes', async () => {
  expectAccepted(circuit, await circuit.witness(batchSignals(played(withStates(HONEST)))));
});

describe('a public signal that is of something else', () => {
  it.each<readonly [keyof LiabilitiesBatchInput['signals'], RegExp]>([
    ['tableHash', /^main\.tables/],
    ['stateBefore', /^main\.stateOpened/],
    ['stateAfter', /^main\.stateReached/],
  ])('%s', async (name, where) => {
    await expectRefusedOnlyIn(played({ ...HONEST, signals: { ...HONEST.signals, [name]: 5n } }), where);
  });
});

const IDENTITY = /^main$|Fraction\[/;
const { claims: OWN, slot: SLOT } = HONEST.accounts[0] as LiabilitiesBatchInput['accounts'][number];
const { table: TABLE } = HONEST;

/** The totals of the batch whose first account, which has standing, has this much more of a settle asset, or owes less of it. */
function moreSettled(j: number, more: bigint): Pick<LiabilitiesBatchInput, 'compressed'> {
  const { challenge } = statementHash(HONEST.claimed);
  const weight = inverse(challenge - (TABLE.assetId[j] as bigint));
  const owes = (OWN.settled[j] as bigint) < 0n;
  return { compressed: at(HONEST.compressed, owes ? 1 : 0, (sum) => reduce(sum + (owes ? -more : more) * weight)) };
}

describe('what an account claims beyond what it has', () => {
  // a richer account is a larger debt of the venue, a poorer one is cheated: either way the claim is false
  it.each<readonly [string, Lie]>([
    ['equity', claims(0, { equity: OWN.equity + 1n })],
    ['surplus', claims(0, { surplus: OWN.surplus + 1n })],
    ['a debt in an asset that nobody owes', claims(0, { debt: OWN.debt + 1n })],
    [
      'settled',
      (input) => ({
        ...claims(0, { settled: at(OWN.settled, 1, (value) => value + 1n) })(input),
        ...moreSettled(1, 1n),
      }),
    ],
    ['an asset among the totals', (input) => ({ ...input, compressed: at(input.compressed, 0, (sum) => sum + 1n) })],
    ['a cost among the totals', (input) => ({ ...input, compressed: at(input.compressed, 5, (sum) => sum + 1n) })],
  ])('%s', async (_, lie) => {
    await expectRefusedOnlyIn(played(withStates(lie(HONEST))), IDENTITY);
  });

  // the sums are those of no entries, and all that is claimed follows from them
  it.each<readonly [string, Lie, Unknown, bigint]>([
    [
      'equity, in an asset that none of its entries names',
      claims(0, { equity: OWN.equity + (TABLE.assetPrice[2] as bigint) }),
      'owned[2]',
      1n,
    ],
    [
      'surplus, by a smaller size in a margin tier',
      claims(0, { surplus: OWN.surplus + (TABLE.tierWeight[3] as bigint) }),
      'tierSize[3]',
      -1n,
    ],
    [
      'equity, surplus and settled, by an instrument that it does not hold',
      (input) => {
        const price = TABLE.instrumentPrice[1] as bigint;
        const j = TABLE.settlesIn[1] === 1n ? 0 : 1;
        const more = claims(0, {
          equity: OWN.equity + price,
          surplus: OWN.surplus + RATE_SCALE * price,
          settled: at(OWN.settled, j, (value) => value + price),
        });
        return { ...more(input), ...moreSettled(j, price) };
      },
      'held[1]',
      1n,
    ],
  ])('%s', async (_, lie, unknown, more) => {
    const told = played(withStates(lie(HONEST)));
    const dense = mapSums(told.dense, (name, sum) => (name === unknown ? reduce(sum + more) : sum));
    await expectRefusedOnlyIn({ ...told, dense }, IDENTITY);
  });

  /** The balance of account 0 at another of its asset's haircut steps, and the surplus that follows. */
  function atStep(isOther: (floor: bigint, cap: bigint) => boolean): Lie {
    const amount = SLOT.balances[1]?.magnitude as bigint;
    const rows = TABLE.stepKey.map((key, r) => ({
      id: key & 0xffff_ffffn,
      floor: (key >> 32n) & 0xffff_ffff_ffff_ffffn,
      cap: key >> 96n,
      counts: amount * (TABLE.stepWeight[r] as bigint) + (TABLE.stepAddition[r] as bigint),
    }));
    const ofAsset = rows.filter(({ id }) => id === 2n);
    const own = ofAsset.find(({ floor, cap }) => floor <= amount && amount <= cap);
    const other = ofAsset.find(({ floor, cap }) => isOther(floor, cap));
    if (own === undefined || other === undefined) throw new Error('the market has no such step');
    const distance = { floor: amount - other.floor, cap: other.cap - amount };
    return (input) =>
      claims(0, { surplus: OWN.surplus + other.counts - own.counts })(
        account(0, (one) => ({ ...one, distances: at(one.distances, 1, () => distance) }))(input),
      );
  }

  it.each<readonly [string, Lie, RegExp]>([
    ['a haircut step above what it owns', atStep((floor) => floor > 20n * BTC), /^main\.floorRange\[0\]\[1\]/],
    ['a haircut step below what it owns', atStep((_, cap) => cap < 20n * BTC), /^main\.capRange\[0\]\[1\]/],
  ])('%s', async (_, lie, where) => {
    await expectRefusedOnlyIn(played(withStates(lie(HONEST))), where);
  });
});

describe('the chain', () => {
  it.each<readonly [string, Lie, RegExp]>([
    ['a tree that is not the one in which places were empty', startingFrom({ treeRoot: 5n }), /^main(\.insertion.*)?$/],
    ['a place behind one that was filled', startingFrom({ nextIndex: 3n }), /^main(\.order.*)?$/],
  ])('%s', async (_, lie, where) => {
    await expectRefusedOnlyIn(played(withStates(lie(HONEST))), where);
  });

  /** The batch with the state that it reaches when so many times its totals count as the venue's own. */
  function onSide(flag: bigint, honest: LiabilitiesBatchInput): LiabilitiesBatchInput {
    const { shape, before, claimed, treeChildren, blindingAfter: blinding, compressed, signals } = honest;
    const accounts = openAccounts(honest.accounts, claimed);
    const { firstIndex, statement } = signals;
    const totals = [...plainTotals(accounts), ...compressed];
    const { after: treeRoot } = subtreeInsertion(shape.height, firstIndex, batchRoots(shape, accounts), treeChildren);
    const reached = nextState(before, {
      firstIndex,
      accounts: accounts.length,
      treeRoot,
      totals,
      isVenue: false,
      blinding,
    });
    const moved = (side: SideTotals, times: bigint): SideTotals =>
      Object.fromEntries(
        SIDE_TOTALS.map((name, i) => [name, reduce(side[name] + times * (totals[i] as bigint))]),
      ) as unknown as SideTotals;
    const told = { ...reached, customers: moved(reached.customers, -flag), venue: moved(reached.venue, flag) };
    return played({ ...honest, signals: { ...signals, stateAfter: chainStateHash(told, statement) } });
  }
  // customers stand on the venue's side, the venue's own on it twice
  let liar: Calculator;
  beforeAll(async () => {
    liar = await compileLiar(circuit, batchSource(SHAPE), [
      [
        'liabilities/liabilitiesBatch.circom',
        'signal isVenue <-- firstIndex >= claimed.venueStart ? 1 : 0;',
        'signal isVenue <-- firstIndex >= claimed.venueStart ? 2 : 1;',
      ],
    ]);
  });

  it('customers counted as the venue’s own, whose debts are not owed by customers', async () => {
    await expectRefusedOnlyIn(onSide(1n, HONEST), /^main(\.boundary.*)?$/, liar);
  });

  it('the venue’s own counted twice, and taken from the customers', async () => {
    const own = bookOf(HELD, { venueStart: 2n, largestDebtor: 10n ** 24n }).batches[1] as LiabilitiesBatchInput;
    await expectRefusedOnlyIn(onSide(2n, own), /^main(\.isSide.*)?$/, liar);
  });
});
