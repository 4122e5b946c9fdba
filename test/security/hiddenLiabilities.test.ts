import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { accountRoot } from '../../src/account/accountRoot.js';
import { commitAccounts } from '../../src/account/accountTree.js';
import { checkInclusion } from '../../src/attestation/checkInclusion.js';
import { accountIdOf } from '../../src/book/accountId.js';
import { serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { accountFigures } from '../../src/liabilities/accountFigures.js';
import { shapeOf } from '../../src/liabilities/batchClasses.js';
import { batchSignals } from '../../src/liabilities/batchInput.js';
import { TotalsBuilder } from '../../src/liabilities/bookTotals.js';
import { chainStateHash } from '../../src/liabilities/chainState.js';
import type { BatchAccount, LiabilitiesBatchInput } from '../../src/liabilities/liabilitiesBatch.js';
import { openingInputs } from '../../src/liabilities/liabilitiesOpening.js';
import { statementHash } from '../../src/liabilities/liabilitiesStatement.js';
import { subtreeInsertion } from '../../src/liabilities/subtreeInsertion.js';
import { TAGS } from '../../src/protocol/constants.js';
import { circuitByName } from '../../src/setup/circuits.js';
import { buildTree } from '../../src/tree/tree.js';
import { brokenComponents, withStates } from '../liabilities/support/lab.js';
import { at, claims, emptied, type Lie, slot } from '../liabilities/support/lies.js';
import { holdings } from '../support/arbitraries.js';
import { batchSource, bookOf, CHOICE, FLAT, openingSource, parameters, type TestBook } from '../support/book.js';
import { compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { accountOf, registry, rootOf, table, usd } from '../support/market.js';
import { playedBatch } from './support/playedBatch.js';

// Liabilities that are there and not counted: made-up accounts whose negative equity is subtracted from what customers are
// owed, deficits netted, customers left out of the sum or sharing a leaf; each happened at an exchange or in its proofs. Here
// a deficit is a total of its own that nothing is subtracted from, the tree of the batches has to become the one that users
// find themselves in, and a leaf holds the hash of its user's identifier.

const QUOTE = 10n ** 16n;
const SMALL = circuitByName('liabilities-4x4');

/** One shape of batches, with where a rich account, one of negative equity and nobody stand in a batch of it. */
interface Shape {
  readonly name: string;
  readonly book: TestBook;
  readonly source: Parameters<typeof compileForTest>[0];
  readonly rich: readonly [batch: number, place: number];
  readonly ruined: readonly [batch: number, place: number];
  readonly empty: readonly [batch: number, place: number];
}

const RICH: Holdings = { collateral: [usd(10_000n)], positions: [] };
const RUINED: Holdings = { collateral: [usd(-1_000n)], positions: [] };
const FOUR = [RICH, RUINED, undefined, { collateral: [usd(20n)], positions: [] }];
const HELD = [...FOUR, ...FOUR];

const SHAPES: readonly Shape[] = [
  {
    name: 'with ladders and positions',
    book: bookOf(HELD, { shape: shapeOf(SMALL), choice: CHOICE, largestDebtor: 10n ** 24n }),
    source: SMALL,
    rich: [0, 0],
    ruined: [0, 1],
    empty: [0, 2],
  },
  {
    name: 'at flat factors',
    book: bookOf(HELD, { shape: FLAT, choice: { assets: [1, 9], steps: [], instruments: [], tiers: [] } }),
    source: batchSource(FLAT),
    rich: [0, 0],
    ruined: [0, 1],
    empty: [1, 0],
  },
];

describe.each(SHAPES)('a batch $name', ({ book, source, rich, ruined, empty }) => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(source);
  });
  const batch = (index: number): LiabilitiesBatchInput => book.batches[index] as LiabilitiesBatchInput;
  const equityOf = ([index, place]: Shape['rich']): bigint => batch(index).accounts[place]?.claims.equity as bigint;
  it('is of accounts that are owed, one that owes, and a place of nobody', async () => {
    expect([equityOf(rich), equityOf(ruined), equityOf(empty)]).toEqual([10_000n * QUOTE, -1_000n * QUOTE, 0n]);
    for (const [index] of new Set([rich, empty])) {
      expectAccepted(circuit, await circuit.witness(batchSignals(batch(index))));
    }
  });

  it.each<readonly [string, Shape['rich'], readonly string[], Lie]>([
    [
      'a dummy: negative equity where nobody is',
      empty,
      ['equity', 'surplus'],
      claims(empty[1], { equity: -5n * QUOTE, surplus: -1n }),
    ],
    ['equity where nobody is', empty, ['equity'], claims(empty[1], { equity: 5n * QUOTE })],
    ['a deficit that is not told', ruined, ['equity'], claims(ruined[1], { equity: 0n })],
    [
      'a deficit set against what another account is owed',
      ruined,
      ['equity'],
      (input) => claims(ruined[1], { equity: 0n })(claims(rich[1], { equity: 9_000n * QUOTE })(input)),
    ],
    [
      'standing of an account that has nothing',
      ruined,
      ['equity', 'surplus'],
      claims(ruined[1], { equity: 0n, surplus: 0n }),
    ],
    ['standing withheld', rich, ['surplus'], claims(rich[1], { surplus: -1n })],
  ])('%s breaks what the entries say, and nothing else notices', async (_, [index], names, lie) => {
    const { input, broken } = playedBatch(batch(index), lie);
    // an account with a debt in a settle asset that gains standing moves a total too
    expect(broken.filter((name) => name !== 'assets at the challenge')).toEqual(names);
    const where = brokenComponents(circuit, await circuit.witness(batchSignals(input)));
    expect(where.length).toBeGreaterThan(0);
    expect(where.filter((component) => !/^main$|Fraction\[/.test(component))).toEqual([]);
  });

  it('a place that is emptied keeps no debt', async () => {
    const [index, place] = ruined;
    const gone = slot(place, { present: 0n })(batch(index));
    // the twin opens no such leaf
    expect(() => withStates(gone)).toThrow();
    expectRejected(
      circuit,
      await circuit.witness(batchSignals(gone)),
      new RegExp(`present\\[${place}\\]|leaf\\[${place}\\]`),
    );
  });

  it('flags of standing follow from the claims', async () => {
    const [index] = rich;
    const witness = await circuit.witness(batchSignals(batch(index)));
    for (const [[, place], flag] of [
      [rich, 0n],
      [ruined, 1n],
    ] as const) {
      const flipped = circuit.edit(witness, { [`main.standing[${place}].standing`]: flag });
      expectRejected(circuit, flipped, new RegExp(`standing\\[${place}\\]`));
    }
  });

  it('an account left out as if nobody were there is another tree, which the honest state refuses', async () => {
    const [index, place] = ruined;
    const { settled } = (batch(index).accounts[place] as BatchAccount).claims;
    const nobody = { equity: 0n, surplus: 0n, settled: settled.map(() => 0n), debt: 0n };
    const without = claims(place, nobody)(emptied(place)(batch(index)));
    const { stateAfter } = batch(index).signals;
    expect(withStates(without).signals.stateAfter).not.toBe(stateAfter);
    expectRejected(circuit, await circuit.witness(batchSignals(without)), /main\.stateReached/);
  });

  it('a tree in which earlier accounts are gone, or an account is that was never counted, is not the one reached', async () => {
    const last = book.batches.at(-1) as LiabilitiesBatchInput;
    const treeChildren: readonly (readonly bigint[])[] = last.treeChildren;
    expect(treeChildren[0]?.[0], 'an account of an earlier batch').not.toBe(0n);
    for (const [level, place, node] of [
      [0, 0, 0n],
      [1, 3, 123n],
      [treeChildren.length - 1, 7, 123n],
    ] as const) {
      // all nodes above it follow; so low a place is the first child of each
      const levels = treeChildren.slice(0, level);
      let changed = at(treeChildren[level] as readonly bigint[], place, () => node);
      for (const next of [...treeChildren.slice(level + 1), undefined]) {
        levels.push(changed);
        const parent = buildTree(TAGS.accountNode, 1, changed).root;
        if (next !== undefined) changed = at(next, 0, () => parent);
      }
      const { firstIndex } = last.signals;
      const { before: treeRoot } = subtreeInsertion(
        last.shape.height,
        firstIndex,
        Array<bigint>(last.shape.run).fill(0n),
        levels,
      );
      const told = { ...last, treeChildren: levels };
      expectRejected(circuit, await circuit.witness(batchSignals(told)));
      // and with the state before that has such a tree, it is that state which the chain has not reached
      const restated = { ...told, before: { ...last.before, treeRoot } };
      expectRejected(circuit, await circuit.witness(batchSignals(restated)), /main\.stateOpened/);
    }
  });
});

describe('a batch left out of the middle', () => {
  const held = (amounts: readonly bigint[]): readonly (Holdings | undefined)[] =>
    amounts.map((amount) => (amount === 0n ? undefined : { collateral: [usd(amount)], positions: [] }));
  const whole = bookOf(held([1n, 2n, 3n, 4n, 5n, 6n]));
  // as a chain is that leaves out places 2 and 3: proven batch by batch, each from the state of the one before
  const lesser = bookOf(held([1n, 2n, 0n, 0n, 5n, 6n]));
  /** The closing proof of the lesser chain under a statement. */
  const closing = (claimed: TestBook['claimed']) => {
    const statement = statementHash(claimed).hash;
    const { last: state, root } = lesser;
    return openingInputs({ lastState: chainStateHash(state, statement), statement, claimed, state, ...root });
  };

  it('does not end at the tree of all accounts', async () => {
    const circuit = await compileForTest(openingSource);
    expect(lesser.batches).toHaveLength(3);
    const told = await circuit.witness(closing({ ...lesser.claimed, accountRoot: whole.claimed.accountRoot }));
    expect(brokenComponents(circuit, told)).toEqual([expect.stringMatching(/^main\.book\.root/)]);
    // under the root of the lesser tree it closes, and those who were left out do not find themselves in it
    expectAccepted(circuit, await circuit.witness(closing(lesser.claimed)));
  });

  it('is noticed by each user in it', async () => {
    const accounts = [1n, 2n, 3n, 4n, 5n, 6n].map((amount, n) =>
      accountOf({ collateral: [usd(amount)], positions: [] }, BigInt(n)),
    );
    const files = commitAccounts(accounts, rootOf(registry)).map((file) => serializeAccountPackage(file, registry));
    const check = (text: string, root: bigint) =>
      checkInclusion(text, 'mine.json', { accountRoot: root, table, venueStart: 8 ** 9 });
    for (const text of files) {
      expect(await check(text, whole.claimed.accountRoot)).toBeDefined();
      await expect(check(text, lesser.claimed.accountRoot)).rejects.toMatchObject({
        details: { reason: 'INCLUSION_ROOT' },
      });
    }
  });
});

describe('two users of equal holdings who are given one leaf', () => {
  const ids = ['ann', 'bob'].map((name) => accountIdOf(registry.venue, name)) as [bigint, bigint];
  const one = { ...accountOf({ collateral: [usd(7n)], positions: [] }), accountId: ids[0] };
  const [file] = commitAccounts([one], rootOf(registry));
  if (file === undefined) throw new Error('no package');
  const trusted = { accountRoot: accountRoot(file.root), table, venueStart: 8 ** 9 };
  const check = (accountId: bigint, account = one) =>
    checkInclusion(serializeAccountPackage({ ...file, account }, registry), 'mine.json', { ...trusted, accountId });

  it('the second one is told another’s file, or one that leads nowhere', async () => {
    expect(await check(ids[0])).toMatchObject({ identified: true });
    await expect(check(ids[1])).rejects.toMatchObject({ details: { reason: 'INCLUSION_ACCOUNT' } });
    const renamed = { ...one, accountId: ids[1] };
    await expect(check(ids[1], renamed)).rejects.toMatchObject({ details: { reason: 'INCLUSION_ROOT' } });
  });
});

describe('any further account, however ruined', () => {
  it('takes nothing off what is owed, in sum or in any asset, on its own side or the other', () => {
    const most = { assets: 3, positions: 2 };
    const sides = fc.constantFrom('customers', 'venue');
    let ruins = 0;
    fc.assert(
      fc.property(fc.array(holdings(most), { maxLength: 3 }), holdings(most), sides, (book, added, side) => {
        const totalsOf = (all: readonly (readonly ['customers' | 'venue', Holdings])[]) => {
          const builder = new TotalsBuilder();
          for (const [on, each] of all)
            builder.add(on, each, accountFigures(each, parameters, parameters.settleAssets));
          return builder.totals;
        };
        const before = book.map((each) => ['customers', each] as const);
        const { equity } = accountFigures(added, parameters, parameters.settleAssets);
        if (equity < 0n) ruins++;
        const [was, is] = [totalsOf(before), totalsOf([...before, [side, added]])];
        for (const of of ['customers', 'venue'] as const) {
          const mine = of === side;
          expect(is[of].owed - was[of].owed).toBe(mine && equity > 0n ? equity : 0n);
          expect(is[of].deficits - was[of].deficits).toBe(mine && equity < 0n ? -equity : 0n);
          for (const [id, { positive }] of was[of].assets) {
            expect(is[of].assets.get(id)?.positive).toBeGreaterThanOrEqual(positive);
          }
        }
      }),
      { seed: 31_313, numRuns: 100 },
    );
    expect(ruins).toBeGreaterThan(20);
  });
});
