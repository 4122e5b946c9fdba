import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedShortfall, requireEnoughScenarios, valueAtRisk } from '../../src/engine/tail.js';
import { near, refuses } from './support.js';

const many = (loss: number, count: number): readonly number[] => Array.from({ length: count }, () => loss);

/** J. Hull, Risk Management and Financial Institutions, chapter on value at risk: stated in millions at 99%. */
describe('published examples', () => {
  it('one project: 98% gain 2, 1.5% lose 4, 0.5% lose 10: value at risk 4, expected shortfall 7', () => {
    const losses = [...many(-2, 980), ...many(4, 15), ...many(10, 5)];
    expect(valueAtRisk(losses, 0.99)).toBe(4);
    near(expectedShortfall(losses, 0.99), 7);
  });

  it('one of two investments: 0.9% lose 10, 99.1% lose 1: value at risk 1, expected shortfall 9.1', () => {
    const losses = [...many(1, 991), ...many(10, 9)];
    expect(valueAtRisk(losses, 0.99)).toBe(1);
    near(expectedShortfall(losses, 0.99), 9.1);
  });

  it('both, independent: value at risk 11 is more than 1 + 1, expected shortfall 11.07 less than 9.1 + 9.1', () => {
    // of a million pairs 9 x 9 x 1 lose 20, 2 x 9 x 991 lose 11
    const losses = [...many(20, 81), ...many(11, 17_838), ...many(2, 982_081)];
    expect(valueAtRisk(losses, 0.99)).toBe(11);
    expect(Math.abs(expectedShortfall(losses, 0.99) - 11.07)).toBeLessThan(0.005);
  });
});

describe('conventions', () => {
  it('counts a tail of parts: 2.5 of 100 at 97.5%', () => {
    const losses = Array.from({ length: 100 }, (_loss, index) => index + 1);
    expect(valueAtRisk(losses, 0.975)).toBe(98);
    // (100 + 99 + 98 / 2) / 2.5
    near(expectedShortfall(losses, 0.975), 99.2);
  });

  it('counts whole parts per million: a tenth of ten is one, although 1 - 0.9 is less than 0.1 in doubles', () => {
    const losses = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(valueAtRisk(losses, 0.9)).toBe(9);
    expect(expectedShortfall(losses, 0.9)).toBe(10);
  });

  it('sorts numbers as numbers and leaves the list alone', () => {
    const losses = [9, 100, -50, 20];
    expect(valueAtRisk(losses, 0.5)).toBe(9);
    expect(losses).toEqual([9, 100, -50, 20]);
  });

  const lists = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 20, maxLength: 80 });
  const confidences = fc.constantFrom(0.5, 0.8, 0.9, 0.95);

  it('is the smallest v that at most floor((1 - a) n) losses exceed', () => {
    fc.assert(
      fc.property(lists, confidences, (losses, confidence) => {
        const allowed = Math.floor((Math.round((1 - confidence) * 100) * losses.length) / 100);
        const bound = valueAtRisk(losses, confidence);
        const above = (v: number): number => losses.filter((loss) => loss > v).length;
        expect(above(bound)).toBeLessThanOrEqual(allowed);
        expect(above(bound - 0.5)).toBeGreaterThan(allowed);
      }),
    );
  });

  it('is the least value of Rockafellar and Uryasev over all t, and never below value at risk', () => {
    fc.assert(
      fc.property(lists, confidences, (losses, confidence) => {
        const tail = (Math.round((1 - confidence) * 100) * losses.length) / 100;
        // convex and piecewise linear with its corners at the losses, so one of them is the least
        const least = Math.min(
          ...losses.map((t) => t + losses.reduce((total, loss) => total + Math.max(0, loss - t), 0) / tail),
        );
        expect(Math.abs(expectedShortfall(losses, confidence) - least)).toBeLessThan(1e-9);
        expect(expectedShortfall(losses, confidence)).toBeGreaterThanOrEqual(valueAtRisk(losses, confidence));
      }),
    );
  });
});

describe('refusals', () => {
  it('wants one scenario in the tail, exactly', () => {
    requireEnoughScenarios(100, 990_000);
    requireEnoughScenarios(40, 975_000);
    refuses(() => requireEnoughScenarios(99, 990_000), 'TOO_FEW_SCENARIOS', /99 scenarios .* give at least 100/);
    refuses(() => requireEnoughScenarios(39, 975_000), 'TOO_FEW_SCENARIOS', /at least 40/);
    refuses(() => requireEnoughScenarios(0, 975_000), 'TOO_FEW_SCENARIOS', /0 scenarios/);
    refuses(() => valueAtRisk(many(1, 99), 0.99), 'TOO_FEW_SCENARIOS', /99/);
    refuses(() => expectedShortfall([], 0.99), 'TOO_FEW_SCENARIOS', /0 scenarios/);
  });

  it('wants a confidence and losses that are', () => {
    for (const ppm of [0, 1_000_000, 0.99, Number.NaN]) {
      refuses(() => requireEnoughScenarios(1_000, ppm), 'INVALID_INPUT', /confidence/);
    }
    refuses(() => requireEnoughScenarios(1.5, 990_000), 'INVALID_INPUT', /whole number/);
    for (const confidence of [0, 1, 99, Number.NaN]) {
      refuses(() => valueAtRisk([1, 2], confidence), 'INVALID_INPUT', /confidence/);
    }
    refuses(() => valueAtRisk([1, Number.NaN], 0.5), 'INVALID_INPUT', /a loss is not a finite number/);
  });
});
