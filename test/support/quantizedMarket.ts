import fc from 'fast-check';
import type { Holdings } from '../../src/account/account.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { Registry } from '../../src/snapshot/registry.js';
import type { QuantizedSnapshot } from '../../src/snapshot/snapshot.js';
import { packageIn } from './market.js';

/** A small made-up venue that counts in quantums: odd marks, rates and indices, so that everything rounds. */
const PERPETUALS = [
  {
    id: 100,
    amountDecimals: 10,
    price: 59_123_456_789n,
    fundingIndex: 1_234_567n,
    baseRate: 50_001n,
    fraction: 600_007n,
  },
  { id: 103, amountDecimals: 9, price: 31_234_567_891n, fundingIndex: -98_765n, baseRate: 33_333n, fraction: 999_999n },
  { id: 106, amountDecimals: 0, price: 12_345_678_901_234_567n, fundingIndex: 7n, baseRate: 1_000_000n, fraction: 1n },
  { id: 2 ** 32 - 1, amountDecimals: 6, price: 1n, fundingIndex: 0n, baseRate: 0n, fraction: 1_000_000n },
] as const;

export const registry: Registry = {
  venue: 'test-quantized',
  version: 1,
  quote: 'USD',
  entries: [
    { id: 1, symbol: 'USD', kind: 'asset', amountDecimals: 6 },
    { id: 2, symbol: 'BTC', kind: 'asset', amountDecimals: 8 },
    ...PERPETUALS.map(({ id, amountDecimals }, k) => ({
      id,
      symbol: `PERP-${k}`,
      kind: 'perpetual' as const,
      settleAsset: 1,
      amountDecimals,
    })),
  ],
};

export const snapshot: QuantizedSnapshot = {
  registry,
  model: { family: 'quantized', version: 1, claim: 'maintenance', haircuts: 'marginal' },
  time: 1_760_000_000,
  assets: [
    { assetId: 1, price: 10n ** 10n, ladder: [{ valueCap: null, factor: 1_000_000n }] },
    { assetId: 2, price: 60_000n * 10n ** 8n, ladder: [{ valueCap: null, factor: 900_001n }] },
  ],
  instruments: PERPETUALS.map(({ id, amountDecimals: _, ...terms }) => ({ instrumentId: id, ...terms })),
  roundings: [],
};

export const table = buildRiskTable(snapshot);

/** The package of an account that stands in a tree among others. */
export const packageOf = (holdings: Holdings) => packageIn(registry, holdings);

/** Magnitudes of all lengths, with the ends of the range among them. */
const signed = (bits: number): fc.Arbitrary<bigint> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: bits }).chain((width) => fc.bigInt({ min: 1n, max: (1n << BigInt(width)) - 1n })),
      fc.boolean(),
    )
    .map(([value, negative]) => (negative ? -value : value));

/** Holdings of this market, with sizes and costs up to the largest that a leaf holds. */
export const holdings = (most: { readonly positions: number }): fc.Arbitrary<Holdings> =>
  fc.record({
    collateral: fc
      .tuple(signed(63), fc.oneof(fc.constant(0n), signed(40)))
      .map(([cash, btc]) => [{ assetId: 1, amount: cash }, ...(btc === 0n ? [] : [{ assetId: 2, amount: btc }])]),
    positions: fc.subarray([...PERPETUALS], { maxLength: most.positions }).chain((listed) =>
      fc.tuple(
        ...listed.map(({ id }) =>
          fc.tuple(signed(64), fc.oneof(fc.constant(0n), signed(80))).map(([size, cost]) => ({
            instrumentId: id,
            size,
            cost,
          })),
        ),
      ),
    ),
  });
