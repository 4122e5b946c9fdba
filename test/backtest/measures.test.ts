import { describe, expect, it } from 'vitest';
import { procyclicality } from '../../src/backtest/procyclicality.js';
import { decimal, percent, shortPercent } from '../../src/backtest/report/figures.js';
import { shortfallTest } from '../../src/backtest/shortfallTest.js';

describe('procyclicality', () => {
  it('average, extremes and the largest rise within the steps', () => {
    // within two steps the rise from 2 to 6; within one from 3 to 6
    expect(procyclicality([4, 2, 3, 6, 5], 2)).toEqual({
      average: 4,
      trough: 2,
      peak: 6,
      peakToTrough: 3,
      largestCall: 4,
    });
    expect(procyclicality([4, 2, 3, 6, 5], 1).largestCall).toBe(3);
  });
  it('a fall is no call', () => expect(procyclicality([5, 4, 3, 1], 3).largestCall).toBe(0));
  it('a call within the steps counts although the requirement has fallen again', () =>
    expect(procyclicality([1, 9, 1, 1], 3).largestCall).toBe(8));
  it('a requirement of zero has no ratio', () => expect(procyclicality([0, 2], 1).peakToTrough).toBeUndefined());
});

describe('Z2', () => {
  // losses spread evenly over (0, 1): value at risk 0.9 and expected shortfall 0.95 are right at 90%
  const even = Array.from({ length: 1000 }, (_, index) => (index + 0.5) / 1000);
  const beyond = even.filter((loss) => loss > 0.9);
  const forecast = { valueAtRisk: 0.9, expectedShortfall: 0.95, scenarios: 1000, beyond };
  const test = (losses: readonly number[]) =>
    shortfallTest(
      losses.map((loss) => ({ loss, forecast })),
      0.1,
    );

  it('is zero for a right forecast, which every other made-up past is below', () => {
    const { statistic, pValue } = test(even);
    expect(statistic).toBeCloseTo(0, 12);
    expect(pValue).toBeGreaterThan(0.4);
    expect(pValue).toBeLessThan(0.6);
  });

  it('is -1 when twice as many losses lie beyond, and no made-up past is as bad', () => {
    const { statistic, pValue } = test([...even, ...beyond].slice(100));
    expect(statistic).toBeCloseTo(-1, 12);
    expect(pValue).toBe(1 / 1001);
  });

  it('falls with the size of the losses beyond', () => {
    const { statistic, pValue } = test(even.map((loss) => (loss > 0.9 ? loss * 1.5 : loss)));
    expect(statistic).toBeCloseTo(-0.5, 12);
    expect(pValue).toBeLessThan(0.01);
  });

  it('a little bad is no proof: the p-value is that of the normal approximation', () => {
    // beyond by 10%: Z2 -0.1. A day adds X / 0.095 / 1000 with mean 0.001 and E[X^2] = (1 - 0.9^3) / 3 = 0.09033,
    // so Z2 has the standard deviation sqrt((0.09033 / 0.095^2 - 1) / 1000) = 0.0949, and -0.1 lies 1.054 below: 14.6%
    const { pValue } = test(even.map((loss) => (loss > 0.9 ? loss * 1.1 : loss)));
    expect(Math.abs(pValue - 0.146)).toBeLessThan(0.03);
  });

  it('is 1 without a loss beyond', () => expect(test([0.9, 0.5])).toEqual({ statistic: 1, pValue: 1 }));
});

describe('decimals', () => {
  it.each([
    [0.5, 0, '1'],
    [1.25, 1, '1.3'],
    [-1.25, 1, '-1.3'],
    [0.004, 2, '0.00'],
    [-0.004, 2, '0.00'],
    [12, 3, '12.000'],
    [99999.99996, 4, '100000.0000'],
  ])('%d with %d is %s', (value, decimals, text) => expect(decimal(value, decimals)).toBe(text));
  it('per cent', () =>
    expect([percent(0.12345), shortPercent(0.975), shortPercent(0.2)]).toEqual(['12.35%', '97.5%', '20%']));
});
