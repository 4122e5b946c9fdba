import { describe, expect, it } from 'vitest';
import {
  absolute,
  add,
  compare,
  multiply,
  parseRational,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../src/numbers/rational.js';
import { type Approximation, lowerBound, upperBound } from '../../src/pricing/approximation.js';
import { black76, type OptionInputs } from '../../src/pricing/black76.js';

const number = (text: string): Rational => parseRational(text) as Rational;
const DAY = 86_400n;
const YEAR = 365n * DAY;

const option = (
  forward: string,
  strike: string,
  volatility: string,
  seconds: bigint,
  discount = '1',
): Omit<OptionInputs, 'isCall'> => ({
  forward: number(forward),
  strike: number(strike),
  volatility: number(volatility),
  secondsToExpiry: rational(seconds),
  discount: number(discount),
});
const call = (inputs: Omit<OptionInputs, 'isCall'>): Approximation => black76({ ...inputs, isCall: true });
const put = (inputs: Omit<OptionInputs, 'isCall'>): Approximation => black76({ ...inputs, isCall: false });

const near = ({ value }: Approximation, expected: string, tolerance: string): void =>
  expect(compare(absolute(subtract(value, number(expected))), number(tolerance))).toBeLessThanOrEqual(0);
const isExactly = (price: Approximation, expected: string): void =>
  expect(price).toEqual({ value: number(expected), error: ZERO });
const contains = (price: Approximation, value: Rational): boolean =>
  compare(lowerBound(price), value) <= 0 && compare(value, upperBound(price)) <= 0;

/** derivexyz/lyra-utils (commit 759e9525), test/math/Black76.t.sol, testPrices: benchmarks there to 1e-12. */
const PUBLISHED = [
  ['1500', '1500', '1', 7n * DAY, '1', '82.805080668634559515', '82.805080668634559515'],
  ['1000', '1200', '0.25', 30n * DAY, '0.9991784198737006', '0.137082128426579297', '199.972766103166719631'],
  ['1000', '700', '0.75', 2n * DAY, '0.9998904169635637', '299.967125089526177817', '0.00000000045708468'],
  ['1000', '700', '25', YEAR, '0.9801986733067553', '980.198673306755267731', '686.139071314728653306'],
  ['1000', '700', '5', YEAR, '0.9801986733067553', '970.034553583819047162', '675.974951591792546424'],
] as const;

describe('published values', () => {
  it.each(PUBLISHED)('F %s, K %s, volatility %s', (forward, strike, volatility, seconds, discount, callIs, putIs) => {
    const inputs = option(forward, strike, volatility, seconds, discount);
    near(call(inputs), callIs, '0.000000000001');
    near(put(inputs), putIs, '0.000000000001');
  });

  it('a put on crude oil futures: F = K = 20, 25%, 4 months, 9%: 1.12 (J. Hull, Options, Futures and Other Derivatives)', () => {
    near(put(option('20', '20', '0.25', YEAR / 3n, '0.970445533548508')), '1.12', '0.005');
  });
});

const GRID: readonly Omit<OptionInputs, 'isCall'>[] = ['0.01', '700', '1000', '1000.000001', '1900', '250000'].flatMap(
  (strike) =>
    ['0.0001', '0.31', '1.7', '40'].flatMap((volatility) =>
      [1n, 900n, 30n * DAY, 3n * YEAR].map((seconds) => option('1000', strike, volatility, seconds, '0.97')),
    ),
);

describe('properties', () => {
  it('holds put-call parity within the stated errors', () => {
    for (const inputs of GRID) {
      const [c, p] = [call(inputs), put(inputs)];
      const forward = multiply(number('0.97'), subtract(inputs.forward, inputs.strike));
      const gap = absolute(subtract(subtract(c.value, p.value), forward));
      expect(compare(gap, add(c.error, p.error))).toBeLessThanOrEqual(0);
    }
  });

  it('states errors no larger than promised', () => {
    for (const inputs of GRID) {
      // s is at least 1.7e-8 on the grid
      const scale = multiply(rational(10n ** 8n, 10n ** 46n), add(inputs.forward, inputs.strike));
      const promised = add(rational(1n, 10n ** 36n), scale);
      for (const price of [call(inputs), put(inputs)]) expect(compare(price.error, promised)).toBeLessThanOrEqual(0);
    }
  });

  it('stays between intrinsic value and forward or strike', () => {
    for (const inputs of GRID) {
      const discounted = (value: Rational): Rational => multiply(number('0.97'), value);
      const gain = discounted(subtract(inputs.forward, inputs.strike));
      const [c, p] = [call(inputs), put(inputs)];
      const grain = rational(1n, 10n ** 36n);
      expect(compare(add(upperBound(c), grain), gain)).toBeGreaterThanOrEqual(0);
      expect(compare(lowerBound(c), discounted(inputs.forward))).toBeLessThanOrEqual(0);
      expect(compare(lowerBound(p), discounted(inputs.strike))).toBeLessThanOrEqual(0);
      expect(add(lowerBound(c), grain).num >= 0n && add(lowerBound(p), grain).num >= 0n).toBe(true);
    }
  });

  it('rises with volatility and time, falls with the strike for a call and rises for a put', () => {
    const least = (price: Approximation, other: Approximation): void =>
      expect(compare(lowerBound(price), upperBound(other))).toBe(1);
    const base = option('1000', '1100', '0.5', 30n * DAY);
    for (const price of [call, put]) {
      least(price({ ...base, volatility: number('0.50000000000001') }), price(base));
      least(price({ ...base, secondsToExpiry: rational(30n * DAY + 1n) }), price(base));
    }
    least(call(base), call({ ...base, strike: number('1100.00000000000001') }));
    least(put({ ...base, strike: number('1100.00000000000001') }), put(base));
  });
});

describe('edges', () => {
  it('is the discounted intrinsic value without volatility or time', () => {
    isExactly(call(option('1000', '700', '0', YEAR, '0.5')), '150');
    isExactly(put(option('1000', '700', '0', YEAR, '0.5')), '0');
    isExactly(put(option('1000', '1700', '3', 0n)), '700');
    isExactly(call(option('1000', '1700', '3', 0n)), '0');
  });

  it('takes a strike or forward of 0', () => {
    isExactly(call(option('1000', '0', '4', YEAR, '0.99')), '990');
    isExactly(put(option('1000', '0', '4', YEAR, '0.99')), '0');
    isExactly(call(option('0', '1000', '4', YEAR, '0.99')), '0');
    isExactly(put(option('0', '1000', '4', YEAR, '0.99')), '990');
  });

  it('has bounds far in and out of the money and for the largest deviations', () => {
    const far = option('0.000000000000000001', '340282366920938463463', '4', YEAR);
    near(call(far), '0', '0.000000000000000001');
    near(put(far), '340282366920938463463', '0.00000000000000001');
    expect(contains(call(option('1000', '1000', '1000', YEAR)), number('1000'))).toBe(true);
    expect(contains(put(option('1000', '10', '0.001', 1n)), ZERO)).toBe(true);
  });

  it('still has bounds when the deviation cannot be told from zero', () => {
    const tiny = { ...option('1000', '1000', '0', YEAR), volatility: { value: ZERO, error: number('0.001') } };
    const price = call(tiny);
    expect(contains(price, ZERO)).toBe(true);
    expect(contains(price, call({ ...tiny, volatility: number('0.001') }).value)).toBe(true);
    expect(compare(upperBound(price), number('1.000001'))).toBeLessThanOrEqual(0);
  });

  it('carries the errors of volatility and discount', () => {
    const base = option('1000', '1100', '0.5', 30n * DAY);
    const error = number('0.001');
    const volatility = call({ ...base, volatility: { value: number('0.5'), error } });
    const discount = call({ ...base, discount: { value: number('0.9'), error } });
    for (const sign of ['-0.001', '0.001'].map(number)) {
      const shifted = call({ ...base, volatility: add(number('0.5'), sign) });
      expect(contains(volatility, shifted.value)).toBe(true);
      const other = call({ ...base, discount: add(number('0.9'), sign) });
      expect(contains(discount, other.value)).toBe(true);
    }
  });
});

describe('refusals', () => {
  it.each(['forward', 'strike', 'volatility', 'secondsToExpiry', 'discount'])('refuses a negative %s', (field) => {
    const inputs = { ...option('1000', '1100', '0.5', DAY), [field]: number('-0.1') };
    expect(() => call(inputs)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
