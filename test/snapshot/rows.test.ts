import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RiskRow } from '../../src/risk/riskRow.js';
import type { TableRowFields } from '../../src/risk/tableRow.js';
import { assetRows, MAX_AMOUNT } from '../../src/snapshot/rows.js';
import type { HaircutStep, MarginTier } from '../../src/snapshot/snapshot.js';
import { instrumentRows, tieredRows } from '../../src/tiered/tieredTable.js';
import { small } from './example.js';

type TableRow = RiskRow<TableRowFields>;

const holding = (rows: readonly TableRow[], size: bigint) =>
  rows.filter(({ sizeFloor, sizeCap }) => sizeFloor <= size && size <= sizeCap);

/** Rising values from positive steps. */
const accumulate = (steps: readonly bigint[]): readonly bigint[] => {
  let total = 0n;
  return steps.map((step) => {
    total += step;
    return total;
  });
};

const price = fc.oneof(fc.bigInt({ min: 1n, max: 20n }), fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }));
const capSteps = fc.array(fc.oneof(fc.bigInt({ min: 1n, max: 50n }), fc.bigInt({ min: 1n, max: 2n ** 126n })), {
  minLength: 1,
  maxLength: 8,
});

/** Tiers of either rule with rising caps and rates; marginal deductions continuous. */
const tiers = fc
  .record({
    steps: capSteps,
    rates: fc.array(fc.bigInt({ min: 0n, max: 2n ** 20n }), { minLength: 9, maxLength: 9 }),
    open: fc.boolean(),
  })
  .map(({ steps, rates, open }): readonly MarginTier[] => {
    const caps = accumulate(steps);
    const risen = accumulate(rates);
    let deduction = 0n;
    return caps.map((cap, k) => {
      const rate = risen[k] as bigint;
      if (k > 0) deduction += (caps[k - 1] as bigint) * (rate - (risen[k - 1] as bigint));
      return { notionalCap: open && k === caps.length - 1 ? null : cap, rate, deduction };
    });
  });

const ladder = fc
  .record({
    steps: capSteps,
    factors: fc.array(fc.bigInt({ min: 0n, max: 10n ** 6n }), { minLength: 9, maxLength: 9 }),
    open: fc.boolean(),
  })
  .map(({ steps, factors, open }): readonly HaircutStep[] => {
    const caps = accumulate(steps);
    const fallen = [...factors].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
    return caps.map((cap, k) => ({
      valueCap: open && k === caps.length - 1 ? null : cap,
      factor: fallen[k] as bigint,
    }));
  });

/** Sizes at, just below and just above every bound, and some between. */
const sizesOf = (rows: readonly TableRow[], random: bigint): readonly bigint[] =>
  [
    0n,
    random % (MAX_AMOUNT + 1n),
    MAX_AMOUNT,
    ...rows.flatMap(({ sizeFloor, sizeCap }) => [sizeFloor, sizeCap, sizeCap + 1n]),
  ].filter((size) => size <= MAX_AMOUNT);

describe('rows of an instrument', () => {
  it('are disjoint, leave no gap, hold an integer each and give the requirement of the tier that holds the notional', () => {
    fc.assert(
      fc.property(tiers, price, fc.bigInt({ min: 0n, max: MAX_AMOUNT }), (list, mark, random) => {
        const rows = instrumentRows({ instrumentId: 5, price: mark, tiers: list });
        const last = list.at(-1)?.notionalCap ?? null;
        for (const size of sizesOf(rows, random)) {
          const notional = size * mark;
          const tier = list.findIndex(({ notionalCap }) => notionalCap === null || notional <= notionalCap);
          const found = holding(rows, size);
          if (last !== null && notional > last) {
            expect(found).toEqual([]);
            continue;
          }
          expect(found).toHaveLength(1);
          expect(found[0]?.tier).toBe(tier);
          // a convex requirement is the maximum of all its pieces
          const pieces = list.map(({ rate, deduction }) => rate * notional - deduction);
          const requirement = (found[0]?.fields.rate ?? 0n) * notional - (found[0]?.fields.offset ?? 0n);
          expect(pieces).toContain(requirement);
          expect(pieces.every((piece) => piece <= requirement)).toBe(true);
          expect(requirement).toBeGreaterThanOrEqual(0n);
        }
        for (const [index, row] of rows.entries()) {
          expect(row.sizeFloor).toBe(index === 0 ? 0n : (rows[index - 1]?.sizeCap ?? 0n) + 1n);
          expect(row.sizeCap).toBeGreaterThanOrEqual(row.sizeFloor);
        }
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('puts a size on the boundary into the lower tier, and one unit more into the next', () => {
    const [first, second] = instrumentRows({
      instrumentId: 5,
      price: 3n,
      tiers: [
        { notionalCap: 30n, rate: 1n, deduction: 0n },
        { notionalCap: null, rate: 2n, deduction: 30n },
      ],
    });
    expect(first).toMatchObject({ sizeFloor: 0n, sizeCap: 10n });
    expect(second).toMatchObject({ sizeFloor: 11n, sizeCap: MAX_AMOUNT });
  });

  it('drops a tier that holds no integer, and those above 2^64 - 1, and keeps the tier numbers of the list', () => {
    const rows = instrumentRows({
      instrumentId: 5,
      price: 10n,
      tiers: [
        { notionalCap: 100n, rate: 1n, deduction: 0n },
        { notionalCap: 109n, rate: 2n, deduction: 100n },
        { notionalCap: 2n ** 70n, rate: 3n, deduction: 209n },
        { notionalCap: null, rate: 4n, deduction: 209n + 2n ** 70n },
      ],
    });
    expect(rows.map(({ tier, sizeFloor, sizeCap }) => [tier, sizeFloor, sizeCap])).toEqual([
      [0, 0n, 10n],
      [2, 11n, MAX_AMOUNT],
    ]);
  });
});

describe('rows of an asset', () => {
  it('cover every amount once and give the integral of the factor, nothing beyond a finite last cap', () => {
    fc.assert(
      fc.property(ladder, price, fc.bigInt({ min: 0n, max: MAX_AMOUNT }), (steps, mark, random) => {
        const rows = assetRows({ assetId: 1, price: mark, ladder: steps }, 'marginal');
        for (const amount of sizesOf(rows, random)) {
          const value = amount * mark;
          let floor = 0n;
          let integral = 0n;
          for (const { valueCap, factor } of steps) {
            const top = valueCap === null || value < valueCap ? value : valueCap;
            if (top > floor) integral += (top - floor) * factor;
            floor = valueCap ?? value;
          }
          const found = holding(rows, amount);
          expect(found).toHaveLength(1);
          expect((found[0]?.fields.rate ?? 0n) * value + (found[0]?.fields.offset ?? 0n)).toBe(integral);
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('count everything at the factor of the whole value under the whole rule', () => {
    const steps = [
      { valueCap: 100n, factor: 900_000n },
      { valueCap: 1000n, factor: 500_000n },
    ];
    expect(
      assetRows({ assetId: 1, price: 10n, ladder: steps }, 'whole').map(({ sizeFloor, fields: { rate, offset } }) => [
        sizeFloor,
        rate,
        offset,
      ]),
    ).toEqual([
      [0n, 900_000n, 0n],
      [11n, 500_000n, 0n],
      [101n, 0n, 0n],
    ]);
  });

  it('are one row of factor 0 for an empty ladder', () => {
    const rows = assetRows({ assetId: 1, price: 10n, ladder: [] }, 'marginal');
    expect(rows).toMatchObject([{ tier: 0, sizeFloor: 0n, sizeCap: MAX_AMOUNT, fields: { rate: 0n, offset: 0n } }]);
  });

  it('spend no row on a tail when the last factor is 0 already', () => {
    const steps = [
      { valueCap: 100n, factor: 900_000n },
      { valueCap: 1000n, factor: 0n },
    ];
    expect(assetRows({ assetId: 1, price: 10n, ladder: steps }, 'marginal').map(({ sizeCap }) => sizeCap)).toEqual([
      10n,
      MAX_AMOUNT,
    ]);
  });
});

it('rows of a snapshot are assets, then instruments, tiers ascending', () => {
  expect(tieredRows(small).map(({ kind, id, tier }) => [kind, id, tier])).toEqual([
    ['asset', 1, 0],
    ['asset', 7, 0],
    ['asset', 7, 1],
    ['asset', 7, 2],
    ['instrument', 5, 0],
    ['instrument', 5, 1],
  ]);
});
