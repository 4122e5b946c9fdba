import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp, ln, normalCdf, normalQuantile } from '../../../src/engine/numerics/elementary.js';
import { refuses } from '../support.js';

/** Texts, as their sources print more digits than a double has; reading a text rounds it to the nearest double. */
describe('published digits, to the nearest double', () => {
  it.each([
    ['e, OEIS A001113', exp(1), '2.71828182845904523536'],
    ['1 / e, OEIS A068985', exp(-1), '0.36787944117144232159'],
    ['e^2, OEIS A072334', exp(2), '7.38905609893065022723'],
    ['ln 2, OEIS A002162', ln(2), '0.69314718055994530941'],
    ['ln 10, OEIS A002392', ln(10), '2.30258509299404568401'],
    ['N(-2), OEIS A239383', normalCdf(-2), '0.0227501319481792072'],
    ['N(-4), OEIS A239385', normalCdf(-4), '0.0000316712418331199212'],
    ['z of 0.9, OEIS A329280', -normalQuantile(0.1), '1.28155156554460046696'],
    ['z of 0.995, OEIS A329283', -normalQuantile(0.005), '2.57582930354890076097'],
    ['z of 0.9999, OEIS A329286', -normalQuantile(0.0001), '3.71901648545568056439'],
  ])('%s', (_name, value, published) => {
    expect(value).toBe(Number(published));
  });

  it.each([
    [1, '0.841344746068543'],
    [2, '0.977249868051821'],
    [3, '0.998650101968370'],
  ])('N(%s): Abramowitz and Stegun table 26.1, 15 digits', (x, published) => {
    expect(Math.abs(normalCdf(x) - Number(published))).toBeLessThanOrEqual(6e-16);
  });

  it.each([
    [0.25, '-0.6744897501960817'],
    [0.001, '-3.090232306167814'],
    [1e-20, '-9.262340089798408'],
  ])('quantile of %s: M. Wichura, Algorithm AS 241 (1988), test values to 16 digits', (p, z) => {
    expect(Math.abs(normalQuantile(p) - Number(z))).toBeLessThanOrEqual(4e-15);
  });

  it.each([
    [0.01, 2.32635],
    [0.025, 1.95996],
    [0.05, 1.64485],
    [0.0001, 3.71902],
  ])('quantile of 1 - %s: Abramowitz and Stegun table 26.5', (tail, z) => {
    expect(Math.abs(normalQuantile(1 - tail) - z)).toBeLessThanOrEqual(5e-6);
  });
});

/**
 * To 60 digits with mpmath 1.3 (exp, log, erfc, and Newton's method on erfc), then to the nearest double. Among them are
 * arguments next to those with an exact answer, where the last bit is hardest to get.
 */
describe('computed elsewhere, to the nearest double', () => {
  it.each([
    [-649, '1.3895726089974245e-282'],
    [-100, '3.720075976020836e-44'],
    [709, '8.218407461554972e+307'],
    [0.1, '1.1051709180756477'],
    [1e-9, '1.000000001'],
    [-1e-17, '1'],
    [Math.LN2, '2'],
  ])('exp(%s)', (x, expected) => expect(exp(x)).toBe(Number(expected)));

  it.each([
    [0.9999999999999999, '-1.1102230246251565e-16'],
    [1.0000000000000002, '2.2204460492503128e-16'],
    [1e-300, '-690.7755278982137'],
    [123456.789, '11.723646487185881'],
  ])('ln(%s)', (x, expected) => expect(ln(x)).toBe(Number(expected)));

  it.each([
    [-10, '7.619853024160525e-24'],
    [-6.5, '4.016000583859118e-11'],
    [-0.1, '0.460172162722971'],
    [1e-9, '0.5000000003989423'],
    [8, '0.9999999999999993'],
  ])('N(%s)', (x, expected) => expect(normalCdf(x)).toBe(Number(expected)));

  it.each([
    [1e-25, '-10.420452200803098'],
    [0.3, '-0.5244005127080408'],
    [0.4999999999999999, '-2.782916424671767e-16'],
    [0.975, '1.9599639845400538'],
    [0.9999999999999999, '8.209536151601387'],
  ])('quantile of %s', (p, expected) => expect(normalQuantile(p)).toBe(Number(expected)));
});

/** The machine's own functions are right to within one or two of the last bits, and are another's work. */
const close = (value: number, machine: number): void =>
  expect(Math.abs(value - machine)).toBeLessThanOrEqual(4.5e-16 * Math.abs(machine));

describe('against the functions of the machine', () => {
  it('exp and ln', () => {
    fc.assert(
      fc.property(fc.double({ min: -600, max: 700, noNaN: true }), (x) => void close(exp(x), Math.exp(x))),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => void close(ln(x), Math.log(x))),
      { numRuns: 300 },
    );
  });

  it('undoes the distribution with its quantile', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-29, max: 0.999, noNaN: true }), (p) => {
        const back = normalCdf(normalQuantile(p));
        // z is right to half a last bit; its relative effect on p is at most z^2 + 1 times as large
        expect(Math.abs(back - p)).toBeLessThanOrEqual(1.5e-14 * p);
      }),
      { numRuns: 200 },
    );
  });
});

describe('edges', () => {
  it('is exact where the answer is', () => {
    expect(exp(0)).toBe(1);
    expect(ln(1)).toBe(0);
    expect(normalCdf(0)).toBe(0.5);
    expect(normalQuantile(0.5)).toBe(0);
  });

  it('is symmetric', () => {
    for (const p of [0.0625, 0.25, 0.375]) expect(normalQuantile(1 - p)).toBe(-normalQuantile(p));
  });

  it('goes to the ends without fault', () => {
    expect(exp(-651)).toBe(0);
    expect(exp(5e-324)).toBe(1);
    expect(normalCdf(40)).toBe(1);
    expect(normalCdf(-40)).toBeLessThan(1e-47);
    expect(normalQuantile(1e-30)).toBeCloseTo(-11.464, 3);
    expect(normalQuantile(1 - 2 ** -53)).toBe(-normalQuantile(2 ** -53));
  });

  it('refuses what has no value', () => {
    refuses(() => exp(710), 'INVALID_INPUT', /above 709/);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      refuses(() => exp(value), 'INVALID_INPUT', /finite/);
      refuses(() => normalCdf(value), 'INVALID_INPUT', /finite/);
    }
    for (const value of [0, -1, Number.NaN]) refuses(() => ln(value), 'INVALID_INPUT', /not positive/);
    refuses(() => ln(Number.POSITIVE_INFINITY), 'INVALID_INPUT', /finite/);
    for (const p of [0, 1, -0.1, 1.1, 1e-31, Number.NaN]) {
      refuses(() => normalQuantile(p), 'INVALID_INPUT', /between 1e-30 and 1/);
    }
  });
});
