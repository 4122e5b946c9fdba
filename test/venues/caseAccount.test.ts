import { describe, expect, it } from 'vitest';
import { ONE, parseRational, type Rational, ZERO } from '../../src/numbers/rational.js';
import { type CaseAccount, type CasePosition, representCase, roundTo } from '../../src/venues/caseAccount.js';
import { codeOf } from '../vectors/twin.js';

const number = (text: string): Rational => parseRational(text) as Rational;
const tiers = [{ notionalCap: null, maintenanceRate: number('0.01'), maintenanceDeduction: ZERO, initialRate: ONE }];
const position = (fields: Partial<CasePosition>): CasePosition => ({
  symbol: 'BTC',
  size: ONE,
  cost: ZERO,
  mark: number('100'),
  tiers,
  ...fields,
});
const account = (fields: Partial<CaseAccount>): CaseAccount => ({
  venue: 'venue',
  quote: 'USD',
  balance: ONE,
  positions: [],
  ...fields,
});

describe('representCase', () => {
  it('keeps exact figures exact', () => {
    const { holdings, prices, rounded } = representCase(
      account({ balance: number('-12.5'), positions: [position({ size: number('-0.25'), cost: number('-25.5') })] }),
    );
    expect(holdings).toEqual({
      collateral: [{ assetId: 1, amount: -1_250_000_000n }],
      positions: [{ instrumentId: 2, size: -25_000_000n, cost: -2_550_000_000n }],
    });
    expect(prices.instruments.get(2)).toEqual(number('100'));
    expect(rounded).toEqual([]);
  });

  it('rounds against the prover and says what', () => {
    const third = number('1/3');
    const { holdings, prices, rounded } = representCase(
      account({
        balance: number('-1/3'),
        positions: [
          position({ cost: third, mark: third }),
          position({ symbol: 'ETH', size: number('-1'), mark: third }),
        ],
      }),
    );
    expect(holdings.collateral[0]?.amount).toBe(-33_333_334n);
    expect(holdings.positions[0]?.cost).toBe(33_333_334n);
    expect(prices.instruments.get(2)).toEqual(number('0.33333333'));
    expect(prices.instruments.get(3)).toEqual(number('0.33333334'));
    expect(rounded).toEqual(['balance', 'mark of BTC', 'mark of ETH', 'cost of BTC']);
  });

  it('gives a mark with many decimals the room that its size leaves', () => {
    const { parameters, prices, rounded } = representCase(
      account({ positions: [position({ size: number('1000'), mark: number('0.00000000000069') })] }),
    );
    expect(parameters.registry.entries[1]?.amountDecimals).toBe(2);
    expect(prices.instruments.get(2)).toEqual(number('0.00000000000069'));
    expect(rounded).toEqual([]);
  });

  it('holds no entry for an empty balance', () => {
    expect(representCase(account({ balance: ZERO })).holdings).toEqual({ collateral: [], positions: [] });
  });

  it.each<[string, CaseAccount]>([
    ['two positions in one instrument', account({ positions: [position({}), position({})] })],
    ['a mark of zero', account({ positions: [position({ mark: ZERO })] })],
    ['an endless size', account({ positions: [position({ size: number('1/3') })] })],
    ['a size above 64 bits', account({ positions: [position({ size: number('184467440738') })] })],
    ['a mark above 64 bits', account({ positions: [position({ mark: number('184467440738') })] })],
    ['a cost above 80 bits', account({ positions: [position({ cost: number('12089258196146292') })] })],
    ['a balance above 64 bits', account({ balance: number('184467440738') })],
  ])('refuses %s', (_, value) => {
    expect(codeOf(() => representCase(value))).toBe('NOT_REPRESENTABLE');
  });
});

describe('roundTo', () => {
  it('rounds the magnitude', () => {
    expect(roundTo(number('-1.239'), 2, false)).toEqual(number('-1.23'));
    expect(roundTo(number('-1.231'), 2, true)).toEqual(number('-1.24'));
  });
});
