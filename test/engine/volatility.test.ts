import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fractionOf, nearestDouble } from '../../src/engine/numerics/doubles.js';
import {
  annualised,
  dynamicRate,
  ewmaVariances,
  ewmaVolatility,
  rateAt,
  sampleVolatility,
  stepsPerYear,
} from '../../src/engine/volatility.js';
import { add, divide, multiply, ONE, type Rational, rational, ZERO } from '../../src/numbers/rational.js';
import { near, refuses } from './support.js';

const repeated = (value: number, count: number): readonly number[] => Array.from({ length: count }, () => value);

describe('exponentially weighted volatility', () => {
  it('updates 1% to 1.14% after a move of 2%, lambda 0.9 (J. Hull, Options, Futures and Other Derivatives, EWMA)', () => {
    // after 400 moves of 1% whatever came before weighs less than 1e-18
    const returns = [...repeated(0.01, 400), 0.02];
    near(ewmaVariances(returns, 0.9).at(-1), 0.00013);
    expect(Math.abs(ewmaVolatility(returns, 0.9) - 0.0114)).toBeLessThan(5e-5);
  });

  it('is the weighted mean that exact fractions give, lambda 0.94 of RiskMetrics', () => {
    const lambda = fractionOf(0.94);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (returns) => {
          fc.pre(returns.some((change) => Math.abs(change) > 1e-6));
          let [weight, weights, squares]: [Rational, Rational, Rational] = [ONE, ZERO, ZERO];
          for (const change of [...returns].reverse()) {
            const exact = rational(fractionOf(change).num, fractionOf(change).den);
            squares = add(squares, multiply(weight, multiply(exact, exact)));
            weights = add(weights, weight);
            weight = multiply(weight, lambda);
          }
          near(ewmaVariances(returns, 0.94).at(-1), nearestDouble(divide(squares, weights)));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('does not understate a short history, and knows nothing of later returns', () => {
    expect(ewmaVariances([0.5], 0.94)).toEqual([0.25]);
    const returns = [0.01, -0.02, 0.03];
    expect(ewmaVariances([...returns, 9], 0.94).slice(0, 3)).toEqual(ewmaVariances(returns, 0.94));
  });

  it('refuses a lambda outside 0 to 1 and no returns', () => {
    for (const lambda of [0, 1, -0.5, 1.5, Number.NaN]) {
      refuses(() => ewmaVolatility([0.1], lambda), 'INVALID_VOLATILITY', /lambda/);
    }
    refuses(() => ewmaVolatility([], 0.94), 'INVALID_VOLATILITY', /at least 1 returns, there are 0/);
    refuses(() => ewmaVolatility([Number.NaN], 0.94), 'INVALID_VOLATILITY', /not a finite number/);
  });
});

describe('sample volatility', () => {
  it('is the standard deviation over n - 1: 2, 4, 4, 4, 5, 5, 7, 9 have squares of 32 about their mean', () => {
    near(sampleVolatility([2, 4, 4, 4, 5, 5, 7, 9]), Math.sqrt(32 / 7));
  });

  it('is zero when nothing moves and needs two', () => {
    expect(sampleVolatility([0.01, 0.01])).toBe(0);
    refuses(() => sampleVolatility([0.01]), 'INVALID_VOLATILITY', /at least 2/);
  });

  it('scales to a year of 365 days by the root of time', () => {
    expect(stepsPerYear(86_400)).toBe(365);
    expect(annualised(0.02, 256)).toBe(0.32);
    refuses(() => annualised(-0.01, 365), 'INVALID_VOLATILITY', /negative/);
    refuses(() => annualised(Number.NaN, 365), 'INVALID_VOLATILITY', /finite/);
  });
});

describe('margin rates', () => {
  it('is the value at risk of 10 million in Microsoft: 2% a day, 10 days, 99%: 1,471,300 (J. Hull, ch. on value at risk)', () => {
    const rate = rateAt({ volatility: 0.02 * Math.sqrt(250), horizonYears: 10 / 250, confidence: 0.99 });
    expect(Math.abs(10_000_000 * rate - 1_471_300)).toBeLessThan(100);
  });

  const base = { volatility: 0.4, horizonYears: 0.25, confidence: 0.99, floor: 0, cap: 1, buffer: 0 };
  /** published: N(2.326348) = 0.99 */
  const plain = 2.3263478740408408 * 0.4 * 0.5;

  it('follows volatility between floor and cap, with the buffer on top', () => {
    near(dynamicRate(base), plain);
    near(dynamicRate({ ...base, buffer: 0.25 }), plain * 1.25);
    expect(dynamicRate({ ...base, floor: 0.6 })).toBe(0.6);
    expect(dynamicRate({ ...base, cap: 0.3 })).toBe(0.3);
    expect(dynamicRate({ ...base, volatility: 0, floor: 0.05 })).toBe(0.05);
  });

  it('takes the rate at a long-run volatility as its floor', () => {
    const floor = rateAt({ ...base, volatility: 0.5 });
    expect(dynamicRate({ ...base, floor })).toBe(floor);
    near(dynamicRate({ ...base, volatility: 0.8, floor }), plain * 2);
  });

  it('refuses what makes no rate', () => {
    refuses(() => dynamicRate({ ...base, volatility: -0.1 }), 'INVALID_VOLATILITY', /negative/);
    refuses(() => dynamicRate({ ...base, volatility: Number.POSITIVE_INFINITY }), 'INVALID_VOLATILITY', /finite/);
    for (const horizonYears of [0, -1, Number.NaN]) {
      refuses(() => dynamicRate({ ...base, horizonYears }), 'INVALID_INPUT', /holding period/);
    }
    for (const confidence of [0.5, 1, 99]) {
      refuses(() => dynamicRate({ ...base, confidence }), 'INVALID_INPUT', /confidence/);
    }
    for (const bounds of [{ floor: -0.1 }, { floor: 0.5, cap: 0.4 }, { buffer: -0.25 }, { buffer: Number.NaN }]) {
      refuses(() => dynamicRate({ ...base, ...bounds }), 'INVALID_INPUT', /floor <= cap/);
    }
  });
});
