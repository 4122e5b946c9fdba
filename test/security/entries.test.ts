import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { accountRoot } from '../../src/account/accountRoot.js';
import { packageRoot } from '../../src/account/accountTree.js';
import { leafOf } from '../../src/account/leaf.js';
import { parseAccountPackage, serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { parseTotals, serializeTotals } from '../../src/formats/totals.js';
import { evaluate } from '../../src/margin/evaluate.js';
import type { MarginOpening } from '../../src/margin/opening.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { bookOf, TOTALS_SHAPE } from '../support/book.js';
import { compileForTest, type TestCircuit } from '../support/circuit.js';
import { accountOf, packageOf, registry, table, usd } from '../support/market.js';
import { ATTACKED, rich, statementOf } from './support/attackedFamilies.js';
import {
  committed,
  expectRefusedAt,
  expectRefusedOnlyAt,
  openingOf,
  type Signals,
  signalsOf,
  withAccount,
  withBalance,
  withPosition,
  withRowFrom,
} from './support/lies.js';

// An omitted position, one counted twice, entries out of order or in padding, an asset counted twice, a count that is not
// that of the entries: exchanges' circuits took padding flags from the prover and compared no ids. Here the flags follow
// from a hashed count, and ids are sums of packed gaps, which cannot fall or stand still.

type Slot = MarginOpening['account']['positions'][number];
const MINUS_ONE = FIELD_ORDER - 1n;

describe.each(ATTACKED)('$family', (family) => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(family.source);
  });
  const holdings = rich(family);
  const statement = statementOf(family, holdings);
  const opening = openingOf(family, statement);
  const honest = signalsOf(family, statement);
  const told = (lie: MarginOpening) => signalsOf(family, statement, committed(lie, statement));

  it('an omitted position and an omitted balance are another leaf', async () => {
    const without = statementOf(family, { collateral: [holdings.collateral[0]], positions: [] });
    const { account, signals } = openingOf(family, without);
    // the account of nothing but cash under the root and the path of the one that has positions
    const lie = { ...openingOf(family, without), signals: opening.signals };
    const witness = await circuit.witness(signalsOf(family, without, lie));
    expect(account.positionCount).toBe(0n);
    expect(signals.accountRoot).not.toBe(opening.signals.accountRoot);
    expectRefusedOnlyAt(circuit, witness, [/owned\.root/]);
  });

  it('non-zero padding: a position and a balance under counts that hide them, in a leaf made so', async () => {
    const lie = withAccount(opening, { positionCount: 1n, collateralCount: 1n });
    expectRefusedOnlyAt(circuit, await circuit.witness(told(lie)), [
      /account\.positionGap\[1\]/,
      /account\.collateralGap\[1\]/,
    ]);
  });

  it('an asset twice, positions out of order, more entries than slots', async () => {
    const [first, second] = opening.account.positions as readonly [Slot, Slot];
    const ids = holdings.positions.map(({ instrumentId }) => BigInt(instrumentId)) as [bigint, bigint];
    const swapped = withPosition(
      withPosition(opening, 0, () => ({ ...second, gap: ids[1] - 1n })),
      1,
      () => ({ ...first, gap: ids[0] - ids[1] - 1n }),
    );
    const repeated = withBalance(swapped, 1, () => ({ gap: MINUS_ONE }));
    const lie = withAccount(repeated, {
      positionCount: BigInt(family.capacity.positions) + 1n,
      collateralCount: BigInt(family.capacity.assets) + 1n,
    });
    // each entry with the row of what it names
    const signals = [
      (all: Signals) => withRowFrom(family, all, 'position', 0, honest, 1),
      (all: Signals) => withRowFrom(family, all, 'position', 1, honest, 0),
      (all: Signals) => withRowFrom(family, all, 'balance', 1, honest, 0),
    ].reduce((all, change) => change(all), told(lie));
    expectRefusedAt(circuit, await circuit.witness(signals), [
      /positions\.entry\[1\]\.gapRange/,
      /collateral\.entry\[1\]\.gapRange/,
      /account\.positionCount/,
      /account\.collateralCount/,
    ]);
  });
});

describe('the library', () => {
  const [cash, btc] = [
    { assetId: 1, amount: 5n },
    { assetId: 2, amount: 7n },
  ] as const;
  const [first, second] = [
    { instrumentId: 100, size: -300n, cost: 0n },
    { instrumentId: 103, size: 30n, cost: 0n },
  ] as const;
  it.each<[string, Holdings, string]>([
    ['an asset twice', { collateral: [cash, cash], positions: [] }, 'DUPLICATE'],
    ['an instrument twice', { collateral: [], positions: [first, first] }, 'DUPLICATE'],
    ['balances out of order', { collateral: [btc, cash], positions: [] }, 'INVALID_INPUT'],
    ['positions out of order', { collateral: [], positions: [second, first] }, 'INVALID_INPUT'],
    ['a balance of zero', { collateral: [{ ...cash, amount: 0n }], positions: [] }, 'NOT_REPRESENTABLE'],
    ['a cost without a size', { collateral: [], positions: [{ ...first, size: 0n, cost: 9n }] }, 'NOT_REPRESENTABLE'],
    ['an id of 2^32', { collateral: [{ ...cash, assetId: 2 ** 32 }], positions: [] }, 'OUT_OF_RANGE'],
    ['an id of zero', { collateral: [{ ...cash, assetId: 0 }], positions: [] }, 'OUT_OF_RANGE'],
  ])('neither evaluates nor commits %s', (_, holdings, code) => {
    const refused = expect.objectContaining({ name: 'SolvencyError', code });
    expect(() => evaluate(holdings, table)).toThrow(refused);
    expect(() => leafOf(accountOf(holdings))).toThrow(refused);
  });
});

describe('files', () => {
  type Lists = { collateral: object[]; positions: object[] };
  const BTC = 10n ** 8n;
  const held: Holdings = {
    collateral: [usd(5_000n), { assetId: 2, amount: BTC }],
    positions: [
      { instrumentId: 100, size: -300n, cost: -900n * BTC },
      { instrumentId: 103, size: 30_000n, cost: 19_000n * BTC },
    ],
  };
  const text = serializeAccountPackage(packageOf(held), registry);
  const withLists = (change: (file: Lists) => Partial<Lists>): string => {
    const file = JSON.parse(text) as Lists;
    return JSON.stringify({ ...file, ...change(file) });
  };

  it.each<[string, (file: Lists) => Partial<Lists>, string]>([
    ['an asset twice', ({ collateral: [cash] }) => ({ collateral: [cash as object, cash as object] }), 'DUPLICATE'],
    ['an instrument twice', ({ positions: [one] }) => ({ positions: [one as object, one as object] }), 'DUPLICATE'],
    ['balances out of order', ({ collateral }) => ({ collateral: collateral.toReversed() }), 'INVALID_INPUT'],
    ['positions out of order', ({ positions }) => ({ positions: positions.toReversed() }), 'INVALID_INPUT'],
  ])('an account package with %s is refused', (_, change, code) => {
    expect(parseAccountPackage(text, 'package', registry).account).toMatchObject(held);
    expect(() => parseAccountPackage(withLists(change), 'package', registry)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('an account package without a position or a balance leads to another root', () => {
    for (const list of ['positions', 'collateral'] as const) {
      const read = parseAccountPackage(
        withLists((file) => ({ [list]: file[list].slice(1) })),
        'package',
        registry,
      );
      expect(packageRoot(read)).not.toBe(accountRoot(read.root));
    }
  });

  it.each<[string, (rows: object[]) => object[], string]>([
    ['twice', ([first, ...rest]) => [first as object, first as object, ...rest], 'DUPLICATE'],
    ['out of order', (rows) => rows.toReversed(), 'INVALID_INPUT'],
  ])('totals of a book with an asset or an instrument %s are refused', (_, change, code) => {
    const { totals } = bookOf([held, { collateral: [usd(7n)], positions: [] }]);
    const written = serializeTotals({ salt: 1n << 200n, shape: TOTALS_SHAPE, totals }, registry);
    const file = JSON.parse(written) as { customers: Record<'assets' | 'instruments', object[]> };
    expect(parseTotals(written, 'totals', registry).totals).toEqual(totals);
    for (const list of ['assets', 'instruments'] as const) {
      expect(file.customers[list].length).toBeGreaterThan(1);
      const customers = { ...file.customers, [list]: change(file.customers[list]) };
      expect(() => parseTotals(JSON.stringify({ ...file, customers }), 'totals', registry)).toThrow(
        expect.objectContaining({ code }),
      );
    }
  });
});
