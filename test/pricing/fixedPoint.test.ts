import { describe, expect, it } from 'vitest';
import { compare, parseRational, type Rational, rational, subtract } from '../../src/numbers/rational.js';
import {
  divideIntervals,
  exactly,
  exp,
  fromRational,
  type Interval,
  ln,
  lowerEnd,
  multiplyIntervals,
  normalCdf,
  power,
  sqrt,
  subtractIntervals,
  UNIT,
  upperEnd,
} from '../../src/pricing/fixedPoint.js';

const number = (text: string): Rational => parseRational(text) as Rational;
const at = (text: string): Interval => fromRational(number(text));

/** Both ends begin with all published digits, the last one taken down or up by one for its rounding. */
function shows(interval: Interval, published: string): void {
  const digit = rational(1n, 10n ** BigInt(published.split('.')[1]?.length ?? 0));
  expect(compare(lowerEnd(interval), subtract(number(published), digit))).toBe(1);
  expect(compare(subtract(upperEnd(interval), digit), number(published))).toBe(-1);
}

const contains = (interval: Interval, value: bigint): boolean => interval.lo <= value && value <= interval.hi;
const width = ({ lo, hi }: Interval): bigint => hi - lo;

describe('published digits', () => {
  it.each([
    ['e, OEIS A001113', exp(exactly(UNIT)), '2.71828182845904523536028747135266249775724709'],
    ['ln 2, OEIS A002162', ln(number('2')), '0.69314718055994530941723212145817656807550013'],
    ['ln 10, OEIS A002392', ln(number('10')), '2.30258509299404568401799145468436420760110148'],
    ['sqrt 2, OEIS A002193', sqrt(at('2')), '1.41421356237309504880168872420969807856967187'],
    ['e^-1, OEIS A068985', exp(exactly(-UNIT)), '0.36787944117144232159552377016146086744581113'],
    [
      'erf(1 / sqrt 2) = N(1) - N(-1), OEIS A178647',
      subtractIntervals(normalCdf(at('1')), normalCdf(at('-1'))),
      '0.6826894921370858971704650912640758449',
    ],
    [
      'N(2) - N(-2), OEIS A110894',
      subtractIntervals(normalCdf(at('2')), normalCdf(at('-2'))),
      '0.9544997361036415855994347256669331',
    ],
    ['N(1), Abramowitz and Stegun table 26.1', normalCdf(at('1')), '0.841344746068543'],
    ['N(2), Abramowitz and Stegun table 26.1', normalCdf(at('2')), '0.977249868051821'],
    ['N(3), Abramowitz and Stegun table 26.1', normalCdf(at('3')), '0.998650101968370'],
  ])('%s', (_name, interval, published) => {
    shows(interval, published);
    expect(width(interval)).toBeLessThanOrEqual(8n);
  });
});

describe('identities hold inside the bounds', () => {
  const points = ['0.0000000001', '0.3', '1', '1.7', '4.25', '9', '14.99'];

  it.each(points)('e^x e^-x = 1 and ln e^x = x at %s', (x) => {
    expect(contains(multiplyIntervals(exp(at(x)), exp(at(`-${x}`))), UNIT)).toBe(true);
    const image = exp(at(x));
    expect(compare(lowerEnd(ln(lowerEnd(image))), number(x))).toBeLessThanOrEqual(0);
    expect(compare(upperEnd(ln(upperEnd(image))), number(x))).toBeGreaterThanOrEqual(0);
  });

  it.each(points)('N(x) + N(-x) = 1 at %s', (x) => {
    const [above, below] = [normalCdf(at(x)), normalCdf(at(`-${x}`))];
    expect(contains({ lo: above.lo + below.lo, hi: above.hi + below.hi }, UNIT)).toBe(true);
  });

  it.each(['0', '0.0004', '2', '81', '1234567.89'])('sqrt(x)^2 = x at %s', (x) => {
    const root = sqrt(at(x));
    const square = multiplyIntervals(root, root);
    expect(compare(lowerEnd(square), number(x))).toBeLessThanOrEqual(0);
    expect(compare(upperEnd(square), number(x))).toBeGreaterThanOrEqual(0);
  });

  it('ln(1 / x) = -ln x, and ln 1 = 0', () => {
    for (const x of ['3/7', '1000000', '1/123456789123456789']) {
      const inverse = ln(rational(number(x).den, number(x).num));
      const direct = ln(number(x));
      expect(contains({ lo: inverse.lo + direct.lo, hi: inverse.hi + direct.hi }, 0n)).toBe(true);
    }
    expect(contains(ln(number('1')), 0n)).toBe(true);
  });

  it('takes powers: 8^(1/3) = 2, x^0 = 1, (1/4)^-0.5 = 2', () => {
    expect(contains(power(number('8'), number('1/3')), 2n * UNIT)).toBe(true);
    expect(contains(power(number('123.4'), number('0')), UNIT)).toBe(true);
    expect(contains(power(number('1/4'), number('-0.5')), 2n * UNIT)).toBe(true);
  });
});

describe('the normal distribution', () => {
  it('rises', () => {
    const values = ['-14', '-8', '-2', '-0.1', '0', '0.1', '2', '6'].map((x) => normalCdf(at(x)));
    for (const [index, value] of values.entries()) {
      if (index > 0) expect(values[index - 1]?.hi).toBeLessThan(value.lo);
    }
  });

  it('has its tails within one unit', () => {
    expect(normalCdf(at('-15'))).toEqual({ lo: 0n, hi: 1n });
    expect(normalCdf(at('100'))).toEqual({ lo: UNIT - 1n, hi: UNIT });
  });

  it('bounds a whole interval', () => {
    const wide = normalCdf({ lo: at('0.5').lo, hi: at('0.6').hi });
    expect(wide.lo).toBeLessThanOrEqual(normalCdf(at('0.5')).lo);
    expect(wide.hi).toBeGreaterThanOrEqual(normalCdf(at('0.6')).hi);
  });
});

describe('intervals', () => {
  it('round apart, whatever the signs', () => {
    const third = at('1/3');
    expect(width(third)).toBe(1n);
    const product = multiplyIntervals({ lo: -3n * UNIT, hi: 2n * UNIT }, { lo: -5n * UNIT, hi: UNIT });
    expect(product).toEqual({ lo: -10n * UNIT, hi: 15n * UNIT });
    expect(divideIntervals({ lo: -6n * UNIT, hi: 6n * UNIT }, { lo: 2n * UNIT, hi: 3n * UNIT })).toEqual({
      lo: -3n * UNIT,
      hi: 3n * UNIT,
    });
    expect(width(divideIntervals(exactly(-UNIT), exactly(3n * UNIT)))).toBe(1n);
  });
});

describe('refusals', () => {
  it('refuses what has no value', () => {
    expect(() => ln(number('0'))).toThrow(RangeError);
    expect(() => ln(number('-1'))).toThrow(RangeError);
    expect(() => sqrt(at('-1'))).toThrow(RangeError);
    expect(() => divideIntervals(exactly(UNIT), { lo: 0n, hi: 1n })).toThrow(RangeError);
  });

  it('refuses an exponent without end, and takes a large negative one for almost nothing', () => {
    expect(() => exp(at('4097'))).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(exp(at('-5000'))).toEqual({ lo: 0n, hi: 1n });
    expect(exp(at('-200'))).toEqual({ lo: 0n, hi: 1n });
  });
});
