import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { SolvencyError } from '../../src/errors.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { weightedInput, weightedSignals } from '../../src/weighted/weightedInput.js';
import { weightedMargin } from '../../src/weighted/weightedMargin.js';
import { accepts, compileForTest, type TestCircuit } from '../support/circuit.js';
import { OWNER_SECRET } from '../support/market.js';
import { hasWitness } from '../support/twin.js';
import { holdings, packageOf, signed, table, usd } from '../support/weightedMarket.js';

const CAPACITY = { positions: 2, assets: 2 };
const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };
/** 1e-6 quote, the smallest unit of cash, in 1e-34 quote */
const CENT = 10n ** 28n;

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest({
    file: 'weighted/weightedMargin.circom',
    template: 'WeightedMargin',
    parameters: [CAPACITY.positions, CAPACITY.assets],
    publicSignals: PUBLIC_SIGNALS,
  });
});

const inputOf = (held: Holdings, request = REQUEST) =>
  weightedInput({ account: packageOf(held), ownerSecret: OWNER_SECRET, table, request }, CAPACITY);

/** What the twin says of an input: whether there is a witness. */
const twinAccepts = (input: ReturnType<typeof inputOf>): boolean => hasWitness(() => weightedMargin(input));

const circuitAccepts = async (input: ReturnType<typeof inputOf>) =>
  accepts(circuit, await circuit.witness(weightedSignals(input)));

/** Figures, undefined where the account exceeds what the circuit holds. */
function figuresOf(held: Holdings) {
  try {
    return evaluate(held, table);
  } catch (error) {
    if (error instanceof SolvencyError && error.code === 'OUT_OF_RANGE') return undefined;
    throw error;
  }
}

/** Moves the cash so that the account lies `slack` units of cash above the least that is solvent. */
function atThreshold(held: Holdings, slack: bigint): Holdings | undefined {
  const others = held.collateral.filter(({ assetId }) => assetId !== 1);
  const figures = figuresOf({ ...held, collateral: others });
  if (figures === undefined) return undefined;
  const missing = figures.requirement - figures.weightedEquity;
  const least = missing / CENT + (missing > 0n && missing % CENT !== 0n ? 1n : 0n);
  const amount = least + slack;
  if (amount === 0n || amount >= 1n << 64n || amount <= -(1n << 64n)) return undefined;
  return { ...held, collateral: [{ assetId: 1, amount }, ...others] };
}

describe('twin and circuit', () => {
  it('agree on random accounts of all magnitudes, solvent, insolvent and too large', async () => {
    const seen = { solvent: 0, insolvent: 0 };
    await fc.assert(
      fc.asyncProperty(holdings(CAPACITY), async (held) => {
        const figures = figuresOf(held);
        const solvent =
          figures !== undefined && figures.weightedEquity >= figures.requirement && figures.weightedEquity >= 0n;
        seen[solvent ? 'solvent' : 'insolvent']++;
        const input = inputOf(held);
        expect(twinAccepts(input)).toBe(solvent);
        expect(await circuitAccepts(input)).toBe(solvent);
      }),
      { seed: 20501, numRuns: 60 },
    );
    expect(Math.min(seen.solvent, seen.insolvent)).toBeGreaterThan(10);
  });

  it('agree a unit of cash below the threshold, on it and above', async () => {
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(holdings(CAPACITY), fc.constantFrom(-1n, 0n, 1n), async (held, slack) => {
        const moved = atThreshold(held, slack);
        fc.pre(moved !== undefined);
        // with a debt the equity may lie below zero, and so below the floor
        fc.pre((figuresOf(moved)?.weightedEquity ?? -1n) >= 0n);
        const input = inputOf(moved);
        expect(twinAccepts(input)).toBe(slack >= 0n);
        expect(await circuitAccepts(input)).toBe(slack >= 0n);
        asked++;
      }),
      { seed: 20502, numRuns: 50 },
    );
    expect(asked).toBe(50);
  });

  it('agree at the largest sizes, roots, premiums and profits', async () => {
    const edges: readonly (readonly [number, bigint, bigint])[] = [
      // a root at 2^40
      [106, ((1n << 80n) - 2n) / 10n ** 8n, 0n],
      [106, (1n << 80n) / 10n ** 8n + 1n, 0n],
      [100, (1n << 64n) - 1n, 0n],
      // a quadratic part at 2^64
      [103, ((1n << 64n) - 1n) / 500_000n, 0n],
      [103, (1n << 64n) / 500_000n + 1n, 0n],
      [103, -((1n << 64n) / 700_001n) - 1n, 0n],
      // a profit and a loss at 2^104
      [100, 1n, -((1n << 104n) / 10n ** 8n) + 11n],
      [100, 1n, -((1n << 104n) / 10n ** 8n) - 1n],
      [100, 1n, (1n << 104n) / 10n ** 8n],
      [100, 1n, (1n << 104n) / 10n ** 8n + 100n],
      // 2^24 steps of a premium
      [106, -(10n ** 6n), 0n],
      [106, -(10n ** 6n) - 1n, 0n],
    ];
    const verdicts: boolean[] = [];
    for (const [instrumentId, size, cost] of edges) {
      const held = {
        collateral: [{ assetId: 1, amount: (1n << 64n) - 1n }],
        positions: [{ instrumentId, size, cost }],
      };
      const input = inputOf(held);
      const accepted = twinAccepts(input);
      expect(await circuitAccepts(input)).toBe(accepted);
      verdicts.push(figuresOf(held) !== undefined);
    }
    expect(verdicts).toEqual([true, false, true, true, false, false, true, false, true, false, true, false]);
  });

  it('agree on an empty account, on the floor and on the bounds of the public signals', async () => {
    const held = { collateral: [usd(100n)], positions: [] };
    for (const [change, holds] of [
      [{}, true],
      [{ equityFloor: 100n * 10n ** 16n }, true],
      [{ equityFloor: 100n * 10n ** 16n + 1n }, false],
      [{ thresholdBps: 0n }, false],
      [{ thresholdBps: 2n ** 20n - 1n }, true],
      [{ thresholdBps: 2n ** 20n }, false],
      [{ equityFloor: 2n ** 160n }, false],
    ] as const) {
      const input = inputOf(held, { ...REQUEST, ...change });
      expect(twinAccepts(input)).toBe(holds);
      expect(await circuitAccepts(input)).toBe(holds);
    }
  });
});

describe('what counts', () => {
  const ONE = 10n ** 34n;
  const figures = (instrumentId: number, size: bigint, cost = 0n) => {
    const { weightedEquity, requirement } = evaluate(
      { collateral: [], positions: [{ instrumentId, size, cost }] },
      table,
    );
    return { equity: weightedEquity, requirement };
  };
  const E9 = 10n ** 9n;

  it('a loss in full, a profit by its weight up to the cap', () => {
    // a long whose cost is its value less 50 quote gains 50, and less 200 gains what the cap lets through
    const value = 10_000_000_300n;
    expect(figures(100, E9, value - 50n * 10n ** 8n).equity).toBe((50n * 900_001n * ONE) / 10n ** 6n);
    expect(figures(100, E9, value - 200n * 10n ** 8n).equity).toBe((100n * 900_001n * ONE) / 10n ** 6n);
    expect(figures(100, E9, value + 200n * 10n ** 8n).equity).toBe(-200n * ONE);
    expect(figures(100, -E9, -value + 200n * 10n ** 8n).equity).toBe(-200n * ONE);
    // where profits never count, a loss does all the same
    expect(figures(106, 1n, -1n).equity).toBe(0n);
    expect(figures(106, -1n, 0n).equity).toBe(-12_345_678_901n * 10n ** 18n);
  });

  it('prices and rates of the side', () => {
    const unit = 10n ** 8n;
    expect(figures(103, unit).equity).toBe(59_999n * ONE);
    expect(figures(103, -unit).equity).toBe(-60_001n * ONE);
    // 2% and 0.005% for a unit; 3% and 0.0070001%
    expect(figures(103, unit).requirement).toBe((60_000n * 20_050n * ONE) / 10n ** 6n);
    expect(figures(103, -unit).requirement).toBe((60_000n * 300_700_001n * ONE) / 10n ** 10n);
  });

  it('the premium is that of the root of the size, cut to steps, where it exceeds the flat rate', () => {
    const rate = (size: bigint) => (figures(100, size).requirement * 10n ** 6n) / (size * 100_000_003n * 10n ** 19n);
    // 0.001003 for each root of a unit, from 0.040001, in steps of 0.0001
    expect(rate(E9)).toBe(50_001n);
    expect(rate(81n * E9)).toBe(50_001n);
    expect(rate(100n * E9)).toBe(50_001n);
    expect(rate(121n * E9)).toBe(51_001n);
    expect(rate(10_000n * E9)).toBe(140_301n);
  });

  it('a debt asks for itself in the requirement and takes nothing from equity', () => {
    const debt = figures(2 ** 32 - 1, -E9);
    expect(debt.equity).toBe(0n);
    expect(debt.requirement).toBe((151n * 12n * ONE) / 10n);
  });

  it('never less for more: rates do not fall with size', () => {
    fc.assert(
      fc.property(fc.constantFrom(100, 103, 106), signed(40), signed(40), (id, first, second) => {
        const [small, large] = [first, second]
          .map((size) => (size < 0n ? -size : size))
          .sort((a, b) => (a < b ? -1 : 1));
        for (const side of [1n, -1n]) {
          const [less, more] = [small, large].map((size) =>
            figuresOf({ collateral: [], positions: [{ instrumentId: id, size: side * (size as bigint), cost: 0n }] }),
          );
          if (less === undefined || more === undefined) return;
          expect(more.requirement * (small as bigint)).toBeGreaterThanOrEqual(less.requirement * (large as bigint));
        }
      }),
      { seed: 20503, numRuns: 200 },
    );
  });
});
