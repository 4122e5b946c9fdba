import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount, parseAmount } from '../../src/numbers/decimal.js';

describe('parseAmount', () => {
  it.each([
    ['0', 8, 0n],
    ['-0.0', 8, 0n],
    ['12.5', 1, 125n],
    ['-12.5', 8, -1_250_000_000n],
    ['007', 0, 7n],
    ['1.5000', 1, 15n],
    ['0.0000000000000001', 16, 1n],
  ])('reads %s with %i decimals', (text, decimals, value) => {
    expect(parseAmount(text, decimals, 'x')).toBe(value);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '+1',
    '.5',
    '5.',
    '1e3',
    '1,5',
    '0x10',
    '--1',
    'NaN',
    'Infinity',
    '١',
    '1\n',
    '1/2',
    '9'.repeat(101),
  ])('refuses %j as no decimal string', (text) => {
    expect(() => parseAmount(text, 8, 'the place')).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining('the place') }),
    );
  });

  it('refuses decimals beyond the unit instead of rounding, without repeating the amount', () => {
    expect.assertions(2);
    try {
      parseAmount('7654321.123456789', 8, 'the place');
    } catch (error) {
      expect(error).toMatchObject({ code: 'NOT_REPRESENTABLE', details: { where: 'the place', decimals: 8 } });
      expect(String(error)).not.toContain('7654321');
    }
  });
});

it('formatAmount is the shortest decimal, and parseAmount its inverse', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }),
      fc.integer({ min: 0, max: 22 }),
      (value, decimals) => {
        const text = formatAmount(value, decimals);
        expect(parseAmount(text, decimals, 'x')).toBe(value);
        expect(text).toMatch(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/);
      },
    ),
    { seed: 1 },
  );
});
