import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addOnTiers, closingCost, type LiquidityInputs } from '../../src/engine/addOns.js';
import { near, refuses } from './support.js';

/** 2% a day, a third of a day's volume: sqrt(days / 3) = sqrt(E / ADV), so impact and waiting are 2% x (1 + 2) x that root. */
const inputs: LiquidityInputs = {
  price: 100,
  halfSpread: 0.001,
  depth: 0,
  averageDailyVolume: 1_000,
  participation: 1 / 3,
  volatility: 0.02 * Math.sqrt(365),
  impactCoefficient: 1,
  quantile: 2,
  multiples: [0.01, 0.04],
};

describe('cost of closing', () => {
  it('is computed by hand for 10 and 40 of a daily volume of 1,000', () => {
    // 100 x (0.001 x 10 + 0.06 x sqrt(0.01) x 10) and 100 x (0.001 x 40 + 0.06 x sqrt(0.04) x 40)
    near(closingCost(inputs, 10), 7);
    near(closingCost(inputs, 40), 52);
    expect(closingCost(inputs, 0)).toBe(0);
  });

  it('is half the spread for what the book takes at once', () => {
    near(closingCost({ ...inputs, depth: 10 }, 10), 1);
    near(closingCost({ ...inputs, depth: 10 }, 50), 100 * (0.05 + 0.06 * 0.2 * 40));
  });
});

describe('tiers', () => {
  it('are the chords of the cost between the caps, then the whole price', () => {
    const tiers = addOnTiers(inputs);
    expect(tiers.map(({ sizeCapUnits }) => sizeCapUnits)).toEqual([10, 40, null]);
    near(tiers[0]?.chargePerUnit, 0.7);
    near(tiers[1]?.chargePerUnit, 1.5);
    expect(tiers[2]?.chargePerUnit).toBe(100);
  });

  it('begin with the depth', () => {
    const tiers = addOnTiers({ ...inputs, depth: 10, multiples: [0.05] });
    expect(tiers.map(({ sizeCapUnits }) => sizeCapUnits)).toEqual([10, 50, null]);
    near(tiers[0]?.chargePerUnit, 0.1);
    near(tiers[1]?.chargePerUnit, 1.3);
  });

  const between = (min: number, max: number) =>
    fc.integer({ min: min * 10_000, max: max * 10_000 }).map((parts) => parts / 10_000);
  const markets = fc.record({
    price: between(0.0001, 100_000),
    halfSpread: between(0, 0.05),
    depth: between(0, 99),
    averageDailyVolume: between(1_000, 100_000),
    participation: between(0.01, 1),
    volatility: between(0, 3),
    impactCoefficient: between(0, 2),
    quantile: between(0, 4),
    multiples: fc.constantFrom([0.1, 0.5, 1, 5], [0.3], [0.1, 0.2, 0.3, 0.4, 20]),
  });

  it('rise, and charge no less than the cost at any size up to the last cap', () => {
    fc.assert(
      fc.property(markets, fc.nat(1_000), (market, thousandths) => {
        const tiers = addOnTiers(market);
        const charges = tiers.map(({ chargePerUnit }) => chargePerUnit);
        expect(charges).toEqual([...charges].sort((a, b) => a - b));
        const size = (thousandths / 1_000) * (market.multiples.at(-1) as number) * market.averageDailyVolume;
        let [charged, reached] = [0, 0];
        for (const { sizeCapUnits, chargePerUnit } of tiers) {
          const end = Math.min(size, sizeCapUnits ?? size);
          if (end > reached) charged += (end - reached) * chargePerUnit;
          reached = Math.max(reached, end);
        }
        expect(charged).toBeGreaterThanOrEqual(closingCost(market, size) * (1 - 1e-12));
      }),
    );
  });

  it('refuse by name', () => {
    refuses(() => addOnTiers({ ...inputs, volatility: -1 }), 'INVALID_VOLATILITY', /negative/);
    const cases: readonly [Partial<LiquidityInputs>, RegExp][] = [
      [{ price: 0 }, /price/],
      [{ halfSpread: -0.1 }, /half spread/],
      [{ halfSpread: 1 }, /half spread/],
      [{ depth: -1 }, /depth/],
      [{ averageDailyVolume: 0 }, /average daily volume/],
      [{ participation: 0 }, /participation/],
      [{ participation: 1.1 }, /participation/],
      [{ impactCoefficient: -1 }, /impact/],
      [{ quantile: Number.NaN }, /quantile/],
      [{ multiples: [0.04, 0.01] }, /do not rise/],
      [{ multiples: [0.01, 0.01] }, /do not rise/],
      [{ depth: 10, multiples: [0.01] }, /do not rise/],
      [{ multiples: [Number.POSITIVE_INFINITY] }, /do not rise/],
    ];
    for (const [change, message] of cases) {
      refuses(() => addOnTiers({ ...inputs, ...change }), 'INVALID_INPUT', message);
    }
  });
});
