import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { leafOf } from '../../src/account/leaf.js';
import { SolvencyError } from '../../src/errors.js';
import { batchSignals } from '../../src/liabilities/batchInput.js';
import type { BatchShape } from '../../src/liabilities/batchTranscripts.js';
import { bookLeaf } from '../../src/liabilities/bookLeaf.js';
import { type LiabilitiesBatchInput, liabilitiesBatch } from '../../src/liabilities/liabilitiesBatch.js';
import type { TableChoice } from '../../src/liabilities/tableChoice.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { batchSource, bookOf, CHOICE, FLAT, SHAPE } from '../support/book.js';
import { accepts, compileForTest, type TestCircuit } from '../support/circuit.js';
import { accountOf, table } from '../support/market.js';
import { hasWitness } from '../support/twin.js';
import { unsatisfied } from './support/identities.js';
import { challengesOf } from './support/lab.js';
import { at, claims, type Lie } from './support/lies.js';

interface Case {
  readonly name: string;
  readonly shape: BatchShape;
  readonly choice: TableChoice;
  readonly accounts: number;
  readonly seed: number;
}

const CASES: readonly Case[] = [
  { name: 'two accounts of two balances and two positions', shape: SHAPE, choice: CHOICE, accounts: 4, seed: 32_001 },
  {
    name: 'a whole node of accounts of one balance and one position, one settle asset',
    shape: {
      balances: 1,
      positions: 1,
      height: 1,
      run: 1,
      assets: 3,
      steps: 6,
      instruments: 2,
      tiers: 5,
      settles: 1,
    },
    choice: CHOICE,
    accounts: 8,
    seed: 32_002,
  },
  {
    name: 'flat factors, no positions, no settle assets',
    shape: FLAT,
    choice: { assets: [1, 9], steps: [], instruments: [], tiers: [] },
    accounts: 4,
    seed: 32_003,
  },
];

const STEP_LIMITS: Readonly<Record<number, bigint>> = { 1: 10n ** 13n, 2: 5n * 10n ** 9n, 3: 10n ** 9n, 9: 10n ** 13n };
const TIER_LIMITS: Readonly<Record<number, bigint>> = { 100: 28_000n, 103: 7_000_000n };

/** Holdings that the rows of a choice hold: within their tiers, owned and owed, long and short. */
function holdingsIn({ shape, choice }: Case): fc.Arbitrary<Holdings> {
  const amount = (limit: bigint) => fc.bigInt({ min: -limit, max: limit }).map((value) => (value === 0n ? 1n : value));
  return fc.record({
    collateral: fc
      .subarray([...choice.assets], { maxLength: Math.min(shape.balances, choice.assets.length) })
      .chain((ids) =>
        fc.tuple(
          ...ids.map((assetId) => amount(STEP_LIMITS[assetId] as bigint).map((value) => ({ assetId, amount: value }))),
        ),
      ),
    positions: fc
      .subarray([...choice.instruments], { maxLength: Math.min(shape.positions, choice.instruments.length) })
      .chain((ids) =>
        fc.tuple(
          ...ids.map((instrumentId) =>
            fc
              .tuple(amount(TIER_LIMITS[instrumentId] as bigint), fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }))
              .map(([size, cost]) => ({ instrumentId, size, cost })),
          ),
        ),
      ),
  });
}

describe.each(CASES)('$name', (kind) => {
  const { shape, choice, accounts, seed } = kind;
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(batchSource(shape));
    expect(circuit.r1cs.constraints.length).toBeLessThan(35_000);
  });

  it('any book passes, and claims what the margin reference says', async () => {
    const seen = { standing: 0, short: 0, deficits: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(holdingsIn(kind), { nil: undefined, freq: 4 }), {
          minLength: accounts,
          maxLength: accounts,
        }),
        fc.constantFrom(0n, 1n << 27n),
        async (held, venueStart) => {
          const book = bookOf(held, { shape, choice, venueStart });
          const places = book.batches.flatMap((batch) => batch.accounts);
          places.forEach(({ slot, claims: claimed }, n) => {
            const holdings = held[n];
            if (holdings === undefined) {
              expect([slot.present, bookLeaf(slot).leaf, claimed.equity]).toEqual([0n, 0n, 0n]);
              return;
            }
            const { equity, weightedEquity, requirement } = evaluate(holdings, table);
            expect(claimed.equity).toBe(equity);
            expect(claimed.surplus).toBe(weightedEquity - requirement);
            expect(bookLeaf(slot).leaf).toBe(leafOf(accountOf(holdings, BigInt(n))));
            seen[claimed.surplus >= 0n ? 'standing' : 'short']++;
            if (equity < 0n) seen.deficits++;
          });
          for (const input of book.batches) {
            liabilitiesBatch(input);
            expect(unsatisfied(input, challengesOf(input))).toEqual([]);
            expect(accepts(circuit, await circuit.witness(batchSignals(input)))).toBe(true);
          }
        },
      ),
      { seed, numRuns: 4 },
    );
    expect(Math.min(seen.standing, seen.short, seen.deficits)).toBeGreaterThan(0);
  });

  it('what the twin refuses the circuit refuses', async () => {
    const [honest] = bookOf(
      Array<Holdings>(accounts).fill({ collateral: [{ assetId: 1, amount: 10n ** 10n }], positions: [] }),
      {
        shape,
        choice,
      },
    ).batches as readonly [LiabilitiesBatchInput];
    const lies: fc.Arbitrary<Lie> = fc.oneof(
      { weight: 3, arbitrary: fc.constant<Lie>((input) => input) },
      fc.bigInt({ min: 1n, max: 10n ** 20n }).map((by) => claims(0, { equity: by })),
      fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map((surplus) => claims(1, { surplus })),
      // where nothing is settled a debt is no wire: the compiler puts zero in its place
      fc
        .bigInt({ min: 1n, max: 10n ** 20n })
        .map((by) => claims(1, shape.settles > 0 ? { debt: by } : { equity: -by })),
      fc.nat(5).map(
        (index): Lie =>
          (input) => ({
            ...input,
            compressed: at(input.compressed, index, (total) => total + 1n),
          }),
      ),
      fc.nat(shape.assets - 1).map(
        (index): Lie =>
          (input) => ({
            ...input,
            dense: { ...input.dense, owned: at(input.dense.owned, index, (sum) => sum + 1n) },
          }),
      ),
      fc.constantFrom<Lie>((input) => ({ ...input, blindingAfter: 0n })),
      fc.constantFrom<Lie>((input) => ({ ...input, signals: { ...input.signals, statement: 1n } })),
    );
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(lies, async (lie) => {
        const input = lie(honest);
        const twin = hasWitness(() => liabilitiesBatch(input));
        expect(accepts(circuit, await circuit.witness(batchSignals(input)))).toBe(twin);
        seen[twin ? 'accepted' : 'refused']++;
      }),
      { seed: seed + 100, numRuns: 20 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(0);
  });
});

it('an account that a table or class has no row for is not put into its batch', () => {
  const beyond: Holdings = { collateral: [{ assetId: 1, amount: 1n << 63n }], positions: [] };
  const other: Holdings = { collateral: [{ assetId: 4, amount: 1n }], positions: [] };
  expect(() => bookOf([beyond, undefined])).toThrow(SolvencyError);
  expect(() => bookOf([other, undefined])).toThrow(RangeError);
});
