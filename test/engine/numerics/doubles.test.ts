import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fractionOf, nearestDouble, partsOf } from '../../../src/engine/numerics/doubles.js';
import { parseRational, type Rational } from '../../../src/numbers/rational.js';
import { refuses } from '../support.js';

const number = (text: string): Rational => parseRational(text) as Rational;

describe('doubles as fractions', () => {
  it('says what a double is: 0.1 is 3602879701896397 / 2^55 (IEEE 754)', () => {
    const { num, den } = fractionOf(0.1);
    expect(num * 2n ** 55n).toBe(3602879701896397n * den);
  });

  it('takes zero, whole numbers, signs and the smallest double', () => {
    expect(fractionOf(0).num).toBe(0n);
    expect(fractionOf(-0).num).toBe(0n);
    const eight = fractionOf(-8);
    expect(eight.num).toBe(-8n * eight.den);
    expect(partsOf(Number.MIN_VALUE)).toEqual({ significand: 1n, exponent: -1074n });
    expect(partsOf(Number.MAX_VALUE)).toEqual({ significand: 2n ** 53n - 1n, exponent: 971n });
  });

  it('refuses what is not finite', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      refuses(() => fractionOf(value), 'INVALID_INPUT', /not a finite number/);
    }
  });
});

describe('nearest double', () => {
  it('gives every double back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), (value) => {
        fc.pre(value === 0 || Math.abs(value) > 1e-280);
        expect(nearestDouble(fractionOf(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('rounds decimals as the language reads them', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }), fc.nat(18), (digits, decimals) => {
        const text = `${digits}e-${decimals}`;
        expect(nearestDouble({ num: digits, den: 10n ** BigInt(decimals) })).toBe(Number(text) + 0);
      }),
    );
  });

  it('gives ties to the even one, and lets the smallest rest decide', () => {
    const one = 2n ** 53n;
    expect(nearestDouble({ num: one + 1n, den: 1n })).toBe(9007199254740992);
    expect(nearestDouble({ num: one + 3n, den: 1n })).toBe(9007199254740996);
    expect(nearestDouble({ num: (one + 1n) * 2n ** 200n + 1n, den: 2n ** 200n })).toBe(9007199254740994);
    expect(nearestDouble({ num: (one + 1n) * 2n ** 200n - 1n, den: 2n ** 200n })).toBe(9007199254740992);
  });

  it('reads fractions that are not in lowest terms', () => {
    expect(nearestDouble({ num: 21n, den: 14n })).toBe(1.5);
    expect(nearestDouble(number('-1/3'))).toBe(-1 / 3);
  });

  it('gives zero for almost nothing and refuses what is too large', () => {
    expect(nearestDouble({ num: 1n, den: 10n ** 289n })).toBe(0);
    expect(nearestDouble({ num: 1n, den: 10n ** 287n })).toBe(1e-287);
    refuses(() => nearestDouble({ num: 10n ** 308n, den: 1n }), 'OUT_OF_RANGE', /above/);
  });
});
