import fc from 'fast-check';
import type { Holdings } from '../../src/account/account.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { Registry } from '../../src/snapshot/registry.js';
import type { WeightedInstrument, WeightedSide, WeightedSnapshot } from '../../src/snapshot/snapshot.js';
import { packageIn } from './market.js';

/** A small made-up venue of the weighted model, with odd rates on both sides, and each kind of instrument once. */
const PLAIN: WeightedSide = { price: 0n, marginPrice: 0n, rate: 0n, premiumBase: 0n, premium: 0n, quadratic: 0n };

const INSTRUMENTS = [
  {
    // a root premium on both sides, profits weighted and capped
    id: 100,
    amountDecimals: 9,
    price: 100_000_003n * 10n ** 1n,
    long: { rate: 50_001n, premiumBase: 40_001n, premium: 1_003n },
    short: { rate: 60_000n, premiumBase: 48_000n, premium: 2_001n },
    gainWeight: 900_001n,
    gainCap: 100n * 10n ** 16n,
  },
  {
    // quadratic, without a cap, at other prices for longs and for shorts
    id: 103,
    amountDecimals: 8,
    price: 60_000n * 10n ** 8n,
    long: { price: 59_999n * 10n ** 8n, rate: 20_000n, quadratic: 500_000n },
    short: { price: 60_001n * 10n ** 8n, rate: 30_000n, quadratic: 700_001n },
    gainWeight: 1_000_000n,
    gainCap: null,
  },
  {
    // coarse units, whose roots and premiums reach their bounds; profits never count
    id: 106,
    amountDecimals: 2,
    price: 12_345_678_901n,
    long: { rate: 1n, premiumBase: 7n, premium: 1n, quadratic: 3n },
    short: { rate: 16_777_215n, premiumBase: 16_777_215n, premium: 16_777_215n, quadratic: 3n },
    gainWeight: 0n,
    gainCap: 0n,
  },
  {
    // what an account can borrow
    id: 2 ** 32 - 1,
    amountDecimals: 9,
    price: 150n * 10n ** 7n,
    long: { price: 0n, marginPrice: 150n * 10n ** 7n, rate: 1_000_000n },
    short: { price: 0n, marginPrice: 151n * 10n ** 7n, rate: 1_200_000n, premiumBase: 960_000n, premium: 10_000n },
    gainWeight: 0n,
    gainCap: 0n,
  },
] as const;

export const registry: Registry = {
  venue: 'test-weighted',
  version: 1,
  quote: 'USD',
  entries: [
    { id: 1, symbol: 'USD', kind: 'asset', amountDecimals: 6 },
    { id: 2, symbol: 'BTC', kind: 'asset', amountDecimals: 8 },
    ...INSTRUMENTS.map(({ id, amountDecimals }, k) => ({
      id,
      symbol: `PERP-${k}`,
      kind: 'perpetual' as const,
      settleAsset: 1,
      amountDecimals,
    })),
  ],
};

export const snapshot: WeightedSnapshot = {
  registry,
  model: { family: 'weighted', version: 1, claim: 'maintenance', haircuts: 'marginal', rateStep: 100n },
  time: 1_760_000_000,
  assets: [
    { assetId: 1, price: 10n ** 10n, ladder: [{ valueCap: null, factor: 1_000_000n }] },
    { assetId: 2, price: 60_000n * 10n ** 8n, ladder: [{ valueCap: null, factor: 900_001n }] },
  ],
  instruments: INSTRUMENTS.map(({ id, price, long, short, gainWeight, gainCap }): WeightedInstrument => {
    const side = (terms: Partial<WeightedSide>): WeightedSide => ({ ...PLAIN, price, marginPrice: price, ...terms });
    return { instrumentId: id, price, long: side(long), short: side(short), gainWeight, gainCap };
  }),
  roundings: [],
};

export const table = buildRiskTable(snapshot);

/** The package of an account that stands in a tree among others. */
export const packageOf = (holdings: Holdings) => packageIn(registry, holdings);

/** Whole quote units as a balance of asset 1. */
export const usd = (amount: bigint) => ({ assetId: 1, amount: amount * 10n ** 6n });

/** Magnitudes of all lengths, with the ends of the range among them. */
export const signed = (bits: number): fc.Arbitrary<bigint> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: bits }).chain((width) => fc.bigInt({ min: 1n, max: (1n << BigInt(width)) - 1n })),
      fc.boolean(),
    )
    .map(([value, negative]) => (negative ? -value : value));

/** Holdings of this market with sizes that its rates hold. */
export const holdings = (most: { readonly positions: number }): fc.Arbitrary<Holdings> =>
  fc.record({
    collateral: fc
      .tuple(signed(63), fc.oneof(fc.constant(0n), signed(40)))
      .map(([cash, btc]) => [{ assetId: 1, amount: cash }, ...(btc === 0n ? [] : [{ assetId: 2, amount: btc }])]),
    positions: fc.subarray([...INSTRUMENTS], { maxLength: most.positions }).chain((listed) =>
      fc.tuple(
        ...listed.map(({ id }) =>
          fc.tuple(signed(50), fc.oneof(fc.constant(0n), signed(60))).map(([size, cost]) => ({
            instrumentId: id,
            size,
            cost,
          })),
        ),
      ),
    ),
  });
