import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absolute,
  add,
  compare,
  divide,
  multiply,
  negate,
  ONE,
  parseRational,
  type Rational,
  rational,
  subtract,
} from '../../src/numbers/rational.js';
import { type Approximation, fromInterval, lowerBound, upperBound } from '../../src/pricing/approximation.js';
import { black76 } from '../../src/pricing/black76.js';
import { exp, fromRational } from '../../src/pricing/fixedPoint.js';
import { cashGreeks, type GreeksInputs, greeks } from '../../src/pricing/greeks.js';

const number = (text: string): Rational => parseRational(text) as Rational;
const YEAR = rational(31_536_000n);
const eTo = (text: string): Approximation => fromInterval(exp(fromRational(number(text))));

/** Bounds stand on a grid of it. */
const GRAIN = rational(1n, 10n ** 36n);

const near = ({ value, error }: Approximation, expected: string, tolerance: string): void => {
  expect(compare(absolute(subtract(value, number(expected))), number(tolerance))).toBeLessThanOrEqual(0);
  expect(compare(error, number('0.000000000000000000000000000001'))).toBeLessThanOrEqual(0);
};

describe('published values', () => {
  /** E. G. Haug, The Complete Guide to Option Pricing Formulas, 2.1: a futures option, F 105, X 100, half a year. */
  const haugDelta: Omit<GreeksInputs, 'isCall'> = {
    forward: number('105'),
    strike: number('100'),
    volatility: number('0.36'),
    secondsToExpiry: divide(YEAR, rational(2n)),
    discount: eTo('-0.05'),
  };

  it('delta of a futures option: 0.5946 of the call, -0.3566 of the put (Haug)', () => {
    near(greeks({ ...haugDelta, isCall: true }).delta, '0.5946', '0.00005');
    near(greeks({ ...haugDelta, isCall: false }).delta, '-0.3566', '0.00005');
  });

  /**
   * The same, gamma and vega of a stock option: S 55, X 60, nine months, r 10%, 30%. With F = S e^(rT) the price is Black-76
   * and a derivative by S is one by F times e^(rT).
   */
  it('gamma 0.0278 and vega 18.9358 of a stock option (Haug)', () => {
    const growth = eTo('0.075');
    const forward = multiply(number('55'), growth.value);
    for (const isCall of [true, false]) {
      const { gamma, vega } = greeks({
        forward,
        strike: number('60'),
        volatility: number('0.3'),
        secondsToExpiry: multiply(YEAR, number('0.75')),
        discount: eTo('-0.075'),
        isCall,
      });
      near({ ...gamma, value: multiply(gamma.value, multiply(growth.value, growth.value)) }, '0.0278', '0.00005');
      near(vega, '18.9358', '0.00005');
    }
  });

  /** J. Hull, Options, Futures and Other Derivatives, chapter on Greek letters: S 49, K 50, r 5%, 20%, 20 weeks. */
  it('delta 0.522, gamma 0.066, vega 12.1 of a call on a stock (Hull)', () => {
    const years = number('0.3846');
    const growth = eTo('0.01923');
    const { delta, gamma, vega } = greeks({
      forward: multiply(number('49'), growth.value),
      strike: number('50'),
      volatility: number('0.2'),
      secondsToExpiry: multiply(YEAR, years),
      discount: eTo('-0.01923'),
      isCall: true,
    });
    near({ ...delta, value: multiply(delta.value, growth.value) }, '0.522', '0.0005');
    near({ ...gamma, value: multiply(gamma.value, multiply(growth.value, growth.value)) }, '0.066', '0.0005');
    near(vega, '12.1', '0.05');
  });
});

const inputs: fc.Arbitrary<GreeksInputs> = fc
  .record({
    forward: fc.integer({ min: 1, max: 10_000_000 }),
    moneyness: fc.integer({ min: 300, max: 3_000 }),
    volatility: fc.integer({ min: 50, max: 3_000 }),
    seconds: fc.integer({ min: 3_600, max: 80_000_000 }),
    discount: fc.integer({ min: 500, max: 1_000 }),
    isCall: fc.boolean(),
  })
  .map(({ forward, moneyness, volatility, seconds, discount, isCall }) => ({
    forward: rational(BigInt(forward), 100n),
    strike: rational(BigInt(forward) * BigInt(moneyness), 100_000n),
    volatility: rational(BigInt(volatility), 1000n),
    secondsToExpiry: rational(BigInt(seconds)),
    discount: rational(BigInt(discount), 1000n),
    isCall,
  }));

/** Central difference of a value; the step is small and 160 bits leave it enough digits. */
const STEP = number('0.0000000001');
const slope = (price: (shift: Rational) => Rational, scale: Rational): Rational => {
  const step = multiply(STEP, scale);
  return divide(subtract(price(step), price(negate(step))), multiply(rational(2n), step));
};

describe('against finite differences of the price', () => {
  it('agree to seven digits of their scale', () => {
    fc.assert(
      fc.property(inputs, (option) => {
        const { delta, gamma, vega } = greeks(option);
        const { forward, volatility } = option;
        const at = (changed: Partial<GreeksInputs>): Rational => black76({ ...option, ...changed }).value;
        const slopeOfPrice = slope((step) => at({ forward: add(forward, step) }), forward);
        const slopeOfDelta = slope((step) => greeks({ ...option, forward: add(forward, step) }).delta.value, forward);
        const slopeByVolatility = slope((step) => at({ volatility: add(volatility, step) }), volatility);
        const close = (a: Rational, b: Rational, scale: Rational): void =>
          expect(compare(absolute(subtract(a, b)), multiply(number('0.0000001'), scale))).toBeLessThanOrEqual(0);
        close(delta.value, slopeOfPrice, ONE);
        close(multiply(gamma.value, forward), multiply(slopeOfDelta, forward), ONE);
        close(divide(vega.value, forward), divide(slopeByVolatility, forward), ONE);
      }),
      { numRuns: 60 },
    );
  });

  it('have bounds that hold put-call parity: deltas differ by the discount, the rest is equal', () => {
    fc.assert(
      fc.property(inputs, (option) => {
        const [call, put] = [greeks({ ...option, isCall: true }), greeks({ ...option, isCall: false })];
        const gap = subtract(call.delta.value, put.delta.value);
        const discount = option.discount as Rational;
        const error = add(call.delta.error, put.delta.error);
        expect(compare(absolute(subtract(gap, discount)), error)).toBeLessThanOrEqual(0);
        expect(call.gamma).toEqual(put.gamma);
        expect(call.vega).toEqual(put.vega);
        expect(add(lowerBound(call.gamma), GRAIN).num >= 0n).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('an uncertain discount', () => {
  it('widens the bounds, of a put as of a call, to cover both ends', () => {
    const option = { forward: number('100'), strike: number('110'), volatility: number('0.5'), secondsToExpiry: YEAR };
    const wide: Approximation = { value: number('0.9'), error: number('0.01') };
    for (const isCall of [true, false]) {
      const around = greeks({ ...option, discount: wide, isCall });
      for (const end of ['0.89', '0.9', '0.91']) {
        const at = greeks({ ...option, discount: number(end), isCall });
        for (const name of ['delta', 'gamma', 'vega'] as const) {
          expect(compare(lowerBound(around[name]), add(lowerBound(at[name]), GRAIN))).toBeLessThanOrEqual(0);
          expect(compare(add(upperBound(around[name]), GRAIN), upperBound(at[name]))).toBeGreaterThanOrEqual(0);
        }
      }
    }
  });
});

describe('cash Greeks', () => {
  it('are per relative move of the forward', () => {
    const exact = (text: string): Approximation => ({ value: number(text), error: number('0.001') });
    const cash = cashGreeks({ delta: exact('0.5'), gamma: exact('0.02'), vega: exact('12') }, number('50'));
    expect(cash.delta).toEqual({ value: number('25'), error: number('0.05') });
    expect(cash.gamma).toEqual({ value: number('50'), error: number('2.5') });
    expect(cash.vega).toEqual(exact('12'));
  });
});

describe('what has no slope is refused', () => {
  const option = {
    forward: ONE,
    strike: ONE,
    volatility: ONE,
    secondsToExpiry: YEAR,
    discount: ONE,
    isCall: true,
  };
  it.each(['forward', 'strike', 'volatility', 'secondsToExpiry'] as const)('a %s of zero', (name) => {
    const refused = expect.objectContaining({ code: 'INVALID_INPUT' });
    expect(() => greeks({ ...option, [name]: rational(0n) })).toThrow(refused);
    expect(() => greeks({ ...option, [name]: rational(-1n) })).toThrow(refused);
  });

  it('a negative discount, and a volatility below the precision', () => {
    const refused = expect.objectContaining({ code: 'INVALID_INPUT' });
    expect(() => greeks({ ...option, discount: rational(-1n) })).toThrow(refused);
    expect(() => greeks({ ...option, volatility: rational(1n, 10n ** 60n) })).toThrow(refused);
  });
});
