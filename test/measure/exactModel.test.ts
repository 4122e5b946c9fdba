import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { evaluate } from '../../src/margin/evaluate.js';
import {
  add,
  ceiling,
  compare,
  floor,
  multiply,
  type Rational,
  rational,
  subtract,
} from '../../src/numbers/rational.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { HybridModel, MeasuredSnapshot, RiskFactors, TailMeasure } from '../../src/snapshot/snapshot.js';
import { accepts, compileForTest, type TestCircuit } from '../support/circuit.js';
import {
  balancesOf,
  CRUMB,
  expectedShortfall,
  greeks,
  holdings,
  hybridMaximum,
  type MeasuredCase,
  parametric,
  positions,
  statementOf,
} from '../support/measureMarket.js';
import { exactRisk } from './exactModel.js';

// What the exact model asks for the circuits ask for, whatever the market, the parameters and the account: never less,
// and more only by the roundings that are stated, of a tail's weight to 1e-9 and of a loss to 1e-21 quote.

const within = (bound: bigint): fc.Arbitrary<bigint> => fc.bigInt({ min: -bound, max: bound });
const factors: fc.Arbitrary<RiskFactors> = fc.integer({ min: 1, max: 8 }).chain((count) =>
  fc.record({
    names: fc.constant(Array.from({ length: count }, (_, f) => `F${f}`)),
    cholesky: fc.tuple(
      ...Array.from({ length: count }, (_, i) =>
        fc.tuple(
          ...Array.from({ length: i + 1 }, (__, j) =>
            i === j ? fc.bigInt({ min: 0n, max: 2n ** 28n }) : within(2n ** 28n),
          ),
        ),
      ),
    ),
  }),
);
/** At least one whole scenario in the tail. */
const tail: fc.Arbitrary<TailMeasure> = fc
  .tuple(
    fc.integer({ min: 2, max: 40 }),
    fc.constantFrom<TailMeasure['measure']>('expected shortfall', 'value at risk'),
  )
  .chain(([count, measure]) =>
    fc.record({
      measure: fc.constant(measure),
      confidence: fc.bigInt({ min: 500_000n, max: 1_000_000n - (1_000_000n + BigInt(count) - 1n) / BigInt(count) }),
      scenarios: fc.constant(Array.from({ length: count }, (_, s) => `S${s}`)),
    }),
  );
const weight = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 3_000_000n }));
const combination: fc.Arbitrary<Pick<HybridModel, 'rule' | 'weights' | 'added'>> = fc.record({
  rule: fc.constantFrom<HybridModel['rule']>('maximum', 'sum'),
  weights: fc.record({
    charges: weight,
    greeks: weight.map((each) => each + 1n),
    ...{ parametric: weight, tail: weight, stress: weight },
  }),
  added: weight,
});

/** The market's contracts under other parameters of every kind. */
function marketOf(snapshot: MeasuredSnapshot): fc.Arbitrary<MeasuredSnapshot> {
  return fc
    .record({
      factors,
      tail,
      combination,
      stress: fc.integer({ min: 1, max: 5 }).map((count) => Array.from({ length: count }, (_, s) => `T${s}`)),
      shocks: fc.array(fc.record({ move: within(10n ** 9n), volatility: within(10n ** 9n) }), {
        minLength: 1,
        maxLength: 24,
      }),
      noise: fc.infiniteStream(within(1000n)),
    })
    .map(({ factors: matrix, tail: measure, combination: combined, stress, shocks, noise }) => {
      const { model } = snapshot;
      const scenarios =
        'tail' in model ? measure.scenarios.length + (model.family === 'hybrid' ? stress.length : 0) : 0;
      const some = (): bigint => noise.next().value as bigint;
      return {
        ...snapshot,
        model: {
          ...model,
          ...('factors' in model ? { factors: matrix } : {}),
          ...('tail' in model ? { tail: measure } : {}),
          ...(model.family === 'hybrid' ? { stress, ...combined } : {}),
        },
        underlyings: snapshot.underlyings.map((each, u) => (u === 0 ? { ...each, shocks } : each)),
        instruments: snapshot.instruments.map((each) => ({
          ...each,
          exposures: 'factors' in model ? matrix.names.map(() => (some() * each.price) / 10n ** 7n) : [],
          changes: Array.from({ length: scenarios }, () => (some() * each.price) / 10n ** 7n + some() / 500n),
        })),
      } as MeasuredSnapshot;
    });
}

const figure = (value: bigint): Rational => rational(value, 10n ** 27n);
const COVERED: readonly (readonly [MeasuredCase, number])[] = [
  [greeks, 20641],
  [parametric, 20643],
  [expectedShortfall, 20645],
  [hybridMaximum, 20647],
];

describe.each(COVERED)('$name', ({ snapshot, source, pose }, seed) => {
  it('the twin asks for no less than the exact model, and for more only by what is rounded', () => {
    let [required, rounded] = [0, 0];
    fc.assert(
      fc.property(marketOf(snapshot), holdings, (market, held) => {
        const exact = exactRisk(market, held);
        const { weightedEquity, requirement } = evaluate(held, buildRiskTable(market));
        expect(figure(weightedEquity)).toEqual(exact.equity);
        const asked = figure(requirement);
        expect(compare(asked, exact.least)).toBeGreaterThanOrEqual(0);
        expect(compare(asked, add(exact.most, exact.rounding))).toBeLessThanOrEqual(0);
        if (market.model.family === 'parametric') {
          // by squares there is no root to round: one step less would not cover the variance
          const loss = subtract(asked, exact.charges);
          const less = subtract(loss, rational(1n, 10n ** 21n));
          expect(compare(multiply(loss, loss), exact.variance)).toBeGreaterThanOrEqual(0);
          if (less.num > 0n) expect(compare(multiply(less, less), exact.variance)).toBe(-1);
        }
        if (requirement > 0n) required++;
        if (compare(asked, exact.most) > 0) rounded++;
      }),
      { seed, numRuns: 50 },
    );
    expect(required).toBeGreaterThan(20);
    expect(rounded).toBeGreaterThan(0);
  });

  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(source);
  });

  it('the circuit refuses what the exact model refuses by a hair, and accepts what lies above by the rounding', async () => {
    await fc.assert(
      fc.asyncProperty(marketOf(snapshot), positions, async (market, listed) => {
        const bare: Holdings = { collateral: [], positions: listed };
        const { equity, least, most, rounding } = exactRisk(market, bare);
        const table = buildRiskTable(market);
        const crumbs = rational(10n ** 22n);
        const below = ceiling(multiply(subtract(least, equity), crumbs)) - 1n;
        const above = floor(multiply(subtract(add(most, rounding), equity), crumbs)) + 1n;
        for (const [worth, solvent] of [
          [below, false],
          [above, true],
        ] as const) {
          const held = { collateral: balancesOf(worth * CRUMB), positions: listed };
          fc.pre(held.collateral.every(({ amount }) => amount > -(1n << 64n) && amount < 1n << 64n));
          const { signals } = pose(statementOf(table, held));
          expect(accepts(circuit, await circuit.witness(signals))).toBe(solvent);
        }
      }),
      { seed: seed + 1, numRuns: 3 },
    );
  });
});
