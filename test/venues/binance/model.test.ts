import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRational, type Rational, rational } from '../../../src/numbers/rational.js';
import {
  type BinancePosition,
  bracketOf,
  equityOf,
  initialMargin,
  liquidationPrice,
  maintenanceMargin,
  maintenanceOf,
} from '../../../src/venues/binance/model.js';

const number = (text: string): Rational => parseRational(text) as Rational;
const position = (size: string, entry: string, fields: Partial<BinancePosition> = {}): BinancePosition => ({
  symbol: 'X',
  size: number(size),
  entry: number(entry),
  maintenanceRate: number('0.01'),
  cum: number('0.01'),
  ...fields,
});

describe('brackets', () => {
  const bracket = (floor: string, cap: string, rate: string, cum: string) => ({
    floor: number(floor),
    cap: number(cap),
    maintenanceRate: number(rate),
    cum: number(cum),
    maxLeverage: number('10'),
  });
  const brackets = [bracket('0', '100', '0.01', '0'), bracket('100', '1000', '0.02', '1')];

  it('puts a boundary into the lower bracket, where the margin is the same', () => {
    expect(bracketOf(number('100'), brackets)).toBe(brackets[0]);
    expect(bracketOf(number('100.01'), brackets)).toBe(brackets[1]);
    expect(bracketOf(number('1000.01'), brackets)).toBeUndefined();
    expect(brackets.map((each) => maintenanceMargin(number('100'), each))).toEqual([number('1'), number('1')]);
  });

  it('divides by the leverage for the initial margin', () => {
    expect(initialMargin(number('100'), number('3'))).toEqual(number('100/3'));
  });
});

describe('liquidationPrice', () => {
  it('does not need the mark of the position itself, and needs every other', () => {
    const others = [position('1', '5', { mark: number('6') })];
    expect(liquidationPrice(number('2'), position('1', '10'), others)).toBeDefined();
    expect(liquidationPrice(number('2'), position('1', '10'), [position('1', '5')])).toBeUndefined();
  });

  it('is none for an empty position', () => {
    expect(liquidationPrice(number('2'), position('0', '10'), [])).toBeUndefined();
  });

  it('is where equity equals maintenance, for longs and shorts with others beside them', () => {
    const amount = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(fc.boolean(), amount, amount, amount, amount, (long, size, entry, wallet, mark) => {
        const held = position(`${long ? '' : '-'}${size}`, String(entry));
        const other = position('-3', '50', { mark: rational(BigInt(mark)) });
        const balance = rational(BigInt(wallet));
        const price = liquidationPrice(balance, held, [other]) as Rational;
        const all = [{ ...held, mark: price }, other];
        // the formula takes |q| * price for the notional, which a negative price turns around
        if (price.num <= 0n) return;
        expect(equityOf(balance, all)).toEqual(maintenanceOf(all));
      }),
    );
  });
});

describe('equityOf', () => {
  it('is unknown without a mark', () => {
    expect(equityOf(number('1'), [position('1', '10')])).toBeUndefined();
    expect(maintenanceOf([position('1', '10')])).toBeUndefined();
    expect(equityOf(number('1'), [position('-2', '10', { mark: number('7') })])).toEqual(number('7'));
  });
});
