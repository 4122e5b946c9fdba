import { describe, expect, it } from 'vitest';
import { chiSquaredTail1, chiSquaredTail2 } from '../../src/backtest/chiSquared.js';
import { conditionalCoverage, independence, proportionOfFailures, transitionsOf } from '../../src/backtest/coverage.js';

describe('chi-squared tails', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4, upper critical values: 3.841, 6.635; 5.991, 9.210
  it.each([
    [3.841, 0.05],
    [6.635, 0.01],
  ])('one degree of freedom: %d leaves %d', (value, tail) => expect(chiSquaredTail1(value)).toBeCloseTo(tail, 4));
  it.each([
    [5.991, 0.05],
    [9.21, 0.01],
  ])('two degrees of freedom: %d leaves %d', (value, tail) => expect(chiSquaredTail2(value)).toBeCloseTo(tail, 4));
  it('nothing is below zero', () => expect([chiSquaredTail1(0), chiSquaredTail2(0)]).toEqual([1, 1]));
});

describe('proportion of failures', () => {
  it.each([
    // MathWorks, Risk Management Toolbox, example of varbacktest.pof: "Normal95" and "Normal99" of an equity index
    [1043, 57, 0.05, 0.46147, 0.49694],
    [1043, 17, 0.01, 3.5118, 0.060933],
  ])(
    '%d days, %d breaches, %d expected: the published statistic and p-value',
    (days, breaches, p, statistic, pValue) => {
      const result = proportionOfFailures(days, breaches, p);
      expect(result.statistic).toBeCloseTo(statistic, 4);
      expect(result.pValue).toBeCloseTo(pValue, 5);
    },
  );

  // P. Jorion, Value at Risk, 3rd edition, chapter 6, question 10: 6 exceptions of a 99% VaR in 252 days, LR 3.498, which is
  // 3.49878 with its last digits cut
  it('6 breaches in 252 days at 99%', () =>
    expect(Math.floor(proportionOfFailures(252, 6, 0.01).statistic * 1000)).toBe(3498));

  // Kupiec (1995), as reprinted in Jorion, chapter 6: numbers of failures N that are not rejected at 95%, as a < N < b
  it.each([
    [255, 0.025, 2, 12],
    [255, 0.05, 6, 21],
    [255, 0.075, 11, 28],
    [255, 0.1, 16, 36],
    [510, 0.01, 1, 11],
    [510, 0.025, 6, 21],
    [510, 0.05, 16, 36],
    [510, 0.075, 27, 51],
    [510, 0.1, 38, 65],
    [1000, 0.01, 4, 17],
    [1000, 0.025, 15, 36],
    [1000, 0.05, 37, 65],
    [1000, 0.075, 59, 92],
    [1000, 0.1, 81, 120],
  ])('%d days at %d: kept between %d and %d', (days, p, below, above) => {
    const kept = (breaches: number) => proportionOfFailures(days, breaches, p).pValue > 0.05;
    expect([below, below + 1, above - 1, above].map(kept)).toEqual([false, true, true, false]);
  });

  it('255 days at 1%: the table says below 7; none at all is rejected, which the table leaves out', () => {
    const kept = (breaches: number) => proportionOfFailures(255, breaches, 0.01).pValue > 0.05;
    expect([0, 1, 6, 7].map(kept)).toEqual([false, true, true, false]);
    // -2 x 255 ln 0.99
    expect(proportionOfFailures(255, 0, 0.01).statistic).toBeCloseTo(5.1257, 4);
  });

  it('nothing but breaches: -2 T ln p', () => {
    expect(proportionOfFailures(10, 10, 0.01).statistic).toBeCloseTo(92.1034, 4);
    expect(proportionOfFailures(10, 10, 0.01).pValue).toBeLessThan(1e-20);
  });

  it('as many as expected: zero', () =>
    expect(proportionOfFailures(1000, 10, 0.01)).toEqual({ statistic: 0, pValue: 1 }));
});

describe('independence', () => {
  // MathWorks, example of varbacktest.cci and cc: N00 932, N10 53, N01 53, N11 4
  const published = independence({ n00: 932, n01: 53, n10: 53, n11: 4 });

  it('the published statistic and p-value', () => {
    expect(published.statistic).toBeCloseTo(0.25866, 5);
    expect(published.pValue).toBeCloseTo(0.61104, 5);
  });

  it('both tests together', () => {
    const both = conditionalCoverage(proportionOfFailures(1043, 57, 0.05), published);
    expect(both.statistic).toBeCloseTo(0.72013, 5);
    expect(both.pValue).toBeCloseTo(0.69763, 5);
  });

  // Jorion, chapter 6, question 10: of the 6 exceptions 4 follow on another, LR 25.837 and the same conclusion
  it('breaches that follow on breaches are rejected', () =>
    expect(independence({ n00: 244, n01: 2, n10: 2, n11: 4 }).statistic).toBeCloseTo(25.837, 3));

  it.each([
    ['no breach', { n00: 99, n01: 0, n10: 0, n11: 0 }],
    ['nothing but breaches', { n00: 0, n01: 0, n10: 0, n11: 99 }],
    ['a single day', { n00: 0, n01: 0, n10: 0, n11: 0 }],
  ])('%s says nothing about independence', (_, transitions) =>
    expect(independence(transitions)).toEqual({ statistic: 0, pValue: 1 }),
  );

  it('every other day: as dependent as can be', () => {
    // one rate explains 49 of 99 moves, the chain all: 2 x -ln L, L = (50/99)^50 (49/99)^49
    const breaches = Array.from({ length: 100 }, (_, day) => day % 2 === 1);
    const transitions = transitionsOf(breaches);
    expect(transitions).toEqual({ n00: 0, n01: 50, n10: 49, n11: 0 });
    expect(independence(transitions).statistic).toBeCloseTo(-2 * (50 * Math.log(50 / 99) + 49 * Math.log(49 / 99)), 9);
  });
});

it('transitions count neighbours in their order', () =>
  expect(transitionsOf([true, true, false, true, false, false])).toEqual({ n00: 1, n01: 1, n10: 2, n11: 1 }));
