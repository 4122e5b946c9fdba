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
import { subtreeInsertion } from '../../src/liabilities/subtreeInsertion.js';
import { batchSource, bookOf, SHAPE } from '../support/book.js';
import { type Calculator, compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { reduce } from '../support/field.js';
import { compileLiar } from '../support/liar.js';
import { usd } from '../support/market.js';
import { brokenComponents, rhoOf, withStates } from './support/lab.js';
import { type Lie, startingFrom } from './support/lies.js';

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
