import { describe, expect, it } from 'vitest';
import { rational } from '../../src/numbers/rational.js';
import type { AssetReserves } from '../../src/reserves/checkReserves.js';
import { compareReserves } from '../../src/reserves/compareReserves.js';
import type { Policy } from '../../src/reserves/policy.js';
import { registry } from '../support/market.js';

/** One quote unit. */
const QUOTE = 10n ** 16n;
/** Quote per unit with 16 - amountDecimals decimals: USD 1, BTC 60,000, ETH 2,500, DUST 7. */
const PRICES = new Map([
  [1, 10n ** 8n],
  [2, 60_000n * 10n ** 8n],
  [3, 2_500n * 10n ** 10n],
  [4, 7n * 10n ** 16n],
]);
const POLICY: Policy = {
  venue: 'test-venue',
  venueKey: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  tokens: [],
  haircuts: new Map([
    ['USD', 1_000_000n],
    ['BTC', 333_333n],
    ['DUST', 1_000_000n],
  ]),
  issuedByVenue: new Set(['DUST']),
  marks: { assetsPpm: 10_000n, prices: new Map([['BTC', rational(60_000n)]]), unpinned: 'accept' },
  verificationKeys: new Map(),
  maxAge: 0,
};
const SYMBOLS = new Map([
  [1, 'USD'],
  [2, 'BTC'],
  [3, 'ETH'],
  [4, 'DUST'],
]);

const held = (assetId: number, amount: bigint, checkedOnline = 0n): AssetReserves => ({
  assetId,
  asset: SYMBOLS.get(assetId) ?? '',
  amount,
  checkedOnline,
});
const owed = (assetId: number, positive: bigint, negativeGood = 0n) => ({ assetId, positive, negativeGood });

const compare = (input: Partial<Parameters<typeof compareReserves>[0]>) =>
  compareReserves({
    reserves: [],
    liabilities: { assets: [], total: 0n },
    prices: PRICES,
    policy: POLICY,
    registry,
    countCheckedOnline: false,
    ...input,
  });

describe('compareReserves', () => {
  it.each([
    [-1n, false, 999_999n],
    [0n, true, 1_000_000n],
    [1n, true, 1_000_000n],
  ])('holds when reserves exceed the liabilities by %s units, or not', (more, covered, coveragePpm) => {
    // 3 BTC, and a unit is 10^-8 BTC: less than a part per million
    const { assets, strict } = compare({
      reserves: [held(2, 3_00000000n + more)],
      liabilities: { assets: [owed(2, 180_000n * QUOTE)], total: 0n },
    });
    expect(strict).toBe(covered);
    expect(assets).toEqual([
      {
        assetId: 2,
        asset: 'BTC',
        reserves: 3_00000000n + more,
        value: 180_000n * QUOTE + more * 60_000n * 10n ** 8n,
        haircut: { ppm: 333_333n, reason: 'policy' },
        mark: 'pinned',
        strict: { required: 180_000n * QUOTE, covered, coveragePpm },
        withLoans: { required: 180_000n * QUOTE, covered, coveragePpm },
      },
    ]);
  });

  it('is exact to the last unit of value', () => {
    const reserves = [held(1, 1n)];
    const against = (positive: bigint) =>
      compare({ reserves, liabilities: { assets: [owed(1, positive)], total: 0n } }).strict;
    expect([against(10n ** 8n - 1n), against(10n ** 8n), against(10n ** 8n + 1n)]).toEqual([true, true, false]);
  });

  it('subtracts what is lent out only with loans', () => {
    const result = compare({
      reserves: [held(1, 80_00000000n)],
      liabilities: { assets: [owed(1, 100n * QUOTE, 20n * QUOTE)], total: 80n * QUOTE },
    });
    expect([result.strict, result.withLoans]).toEqual([false, true]);
    expect(result.assets[0]?.strict).toEqual({ required: 100n * QUOTE, covered: false, coveragePpm: 800_000n });
    expect(result.assets[0]?.withLoans).toEqual({ required: 80n * QUOTE, covered: true, coveragePpm: 1_000_000n });
  });

  it('needs nothing where more is lent out than owed', () => {
    const [row] = compare({ liabilities: { assets: [owed(1, 5n, 7n)], total: 0n } }).assets;
    expect(row?.withLoans).toEqual({ required: -2n, covered: true, coveragePpm: null });
    expect(row?.strict).toEqual({ required: 5n, covered: false, coveragePpm: 0n });
  });

  it('is not covered when one asset is not, however much there is of another', () => {
    const result = compare({
      reserves: [held(1, 10n ** 18n)],
      liabilities: { assets: [owed(1, QUOTE), owed(2, QUOTE)], total: 2n * QUOTE },
    });
    expect(result.strict).toBe(false);
    expect(result.withLoans).toBe(false);
    expect(result.value.covered).toBe(true);
    expect(result.assets.map(({ strict }) => strict.coveragePpm)).toEqual([10n ** 16n, 0n]);
  });

  it('compares values after haircuts: exactly, nothing rounded on the way', () => {
    // 1 BTC x 0.333333 and 10^-8 USD
    const total = 333_333n * 60_000n * (QUOTE / 1_000_000n) + 10n ** 8n;
    const value = (shift: bigint) =>
      compare({ reserves: [held(1, 1n), held(2, 1_00000000n)], liabilities: { assets: [], total: total + shift } })
        .value;
    expect(value(0n)).toEqual({ required: total, covered: true, coveragePpm: 1_000_000n });
    expect(value(1n)).toEqual({ required: total + 1n, covered: false, coveragePpm: 999_999n });
  });

  it('counts an asset without a haircut zero in value, and says so', () => {
    const result = compare({ reserves: [held(3, 1_000000n)], liabilities: { assets: [owed(3, QUOTE)], total: QUOTE } });
    expect(result.assets[0]?.haircut).toEqual({ ppm: 0n, reason: 'not in the policy' });
    expect(result.assets[0]?.strict.covered).toBe(true);
    expect(result.value).toEqual({ required: QUOTE, covered: false, coveragePpm: 0n });
  });

  it('counts what the venue issues zero everywhere, whatever the haircuts say', () => {
    const result = compare({
      reserves: [held(4, 10n ** 9n, 10n ** 9n)],
      liabilities: { assets: [owed(4, QUOTE)], total: QUOTE },
      countCheckedOnline: true,
    });
    expect(result.assets[0]).toMatchObject({
      reserves: 0n,
      value: 0n,
      haircut: { ppm: 0n, reason: 'issued by the venue' },
      strict: { covered: false },
    });
    expect(result.value.covered).toBe(false);
  });

  it('counts contract wallets only when told to', () => {
    const input = {
      reserves: [held(1, 1_00000000n, 2_00000000n)],
      liabilities: { assets: [owed(1, 3n * QUOTE)], total: 0n },
    };
    expect(compare(input).strict).toBe(false);
    expect(compare({ ...input, countCheckedOnline: true }).strict).toBe(true);
  });

  it('leaves out assets in which nothing is held or owed, and needs no price for them', () => {
    const prices = new Map([[1, 10n ** 8n]]);
    const result = compare({ prices, reserves: [held(2, 0n)], liabilities: { assets: [owed(9, 0n)], total: 0n } });
    expect(result).toEqual({
      assets: [],
      strict: true,
      withLoans: true,
      value: { required: 0n, covered: true, coveragePpm: null },
    });
  });

  describe('holds prices against the policy', () => {
    const at = (price: bigint, marks: Partial<Policy['marks']> = {}) =>
      compare({
        prices: new Map([[2, price]]),
        reserves: [held(2, 1n)],
        policy: { ...POLICY, marks: { ...POLICY.marks, ...marks } },
      });
    const refused = expect.objectContaining({
      code: 'EXPECTATION_NOT_MET',
      message: expect.stringMatching(/price of BTC/),
      details: expect.objectContaining({ expectation: 'marks' }),
    });

    it('to the last unit of the tolerance, on both sides', () => {
      const [low, high] = [59_400n * 10n ** 8n, 60_600n * 10n ** 8n];
      for (const price of [low, high]) expect(at(price).assets[0]?.mark).toBe('pinned');
      for (const price of [low - 1n, high + 1n]) expect(() => at(price)).toThrow(refused);
    });

    it('exactly with a tolerance of zero and a price that has no place in the snapshot', () => {
      expect(at(60_000n * 10n ** 8n, { assetsPpm: 0n }).assets).toHaveLength(1);
      expect(() =>
        at(60_000n * 10n ** 8n, { assetsPpm: 0n, prices: new Map([['BTC', rational(180_001n, 3n)]]) }),
      ).toThrow(refused);
    });

    it('and takes one that the policy lacks only when it accepts that', () => {
      expect(at(1n, { prices: new Map() }).assets[0]?.mark).toBe('unpinned');
      expect(() => at(1n, { prices: new Map(), unpinned: 'refuse' })).toThrow(refused);
    });
  });

  it.each([
    ['MISSING_PRICE', { reserves: [held(9, 1n)] }],
    ['MISSING_PRICE', { liabilities: { assets: [owed(9, 1n)], total: 0n } }],
    ['MISSING_PRICE', { reserves: [held(1, 1n)], prices: new Map([[1, 0n]]) }],
    ['UNKNOWN_ASSET', { reserves: [held(77, 1n)] }],
    ['UNKNOWN_ASSET', { liabilities: { assets: [owed(100, 1n)], total: 0n } }],
    ['DUPLICATE', { reserves: [held(1, 1n), held(1, 1n)] }],
    ['DUPLICATE', { liabilities: { assets: [owed(1, 1n), owed(1, 1n)], total: 0n } }],
    ['OUT_OF_RANGE', { liabilities: { assets: [owed(1, -1n)], total: 0n } }],
    ['OUT_OF_RANGE', { liabilities: { assets: [owed(1, 0n, -1n)], total: 0n } }],
    ['OUT_OF_RANGE', { liabilities: { assets: [], total: -1n } }],
    ['OUT_OF_RANGE', { reserves: [held(1, 1n, -1n)] }],
    ['UNKNOWN_ASSET', { policy: { ...POLICY, haircuts: new Map([['TYPO', 1n]]) } }],
    ['EXPECTATION_NOT_MET', { policy: { ...POLICY, venue: 'other' } }],
  ] satisfies [string, Parameters<typeof compare>[0]][])(
    'refuses figures that mean nothing: %s, case %#',
    (code, input) => {
      expect(() => compare(input)).toThrow(expect.objectContaining({ code }));
    },
  );
});
