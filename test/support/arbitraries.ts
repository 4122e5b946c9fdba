import fc from 'fast-check';
import type { Holdings } from '../../src/account/account.js';
import { registry } from './market.js';

const assets = registry.entries.filter((entry) => entry.kind === 'asset').map((entry) => entry.id);
const instruments = registry.entries.filter((entry) => entry.kind !== 'asset');

/** A signed number other than zero, small and large magnitudes alike, up to `digits` decimal digits. */
const signed = (digits: number): fc.Arbitrary<bigint> =>
  fc
    .tuple(fc.integer({ min: 1, max: digits }), fc.bigInt({ min: 1n, max: 10n ** BigInt(digits) }), fc.boolean())
    .map(([length, value, negative]) => {
      const magnitude = (value % 10n ** BigInt(length)) + 1n;
      return negative ? -magnitude : magnitude;
    });

/** Holdings of the test market: any sizes and costs, mostly far from solvent or far from insolvent. */
export const holdings = (most: { readonly positions: number; readonly assets: number }): fc.Arbitrary<Holdings> =>
  fc.record({
    collateral: fc
      .subarray(assets, { maxLength: most.assets })
      .chain((ids) => fc.tuple(...ids.map((assetId) => signed(15).map((amount) => ({ assetId, amount }))))),
    positions: fc.subarray(instruments, { maxLength: most.positions }).chain((ids) =>
      fc.tuple(
        // up to 10^5 whole units, which every instrument's tiers hold
        ...ids.map(({ id, amountDecimals }) =>
          fc.tuple(signed(5 + amountDecimals), signed(15)).map(([size, cost]) => ({ instrumentId: id, size, cost })),
        ),
      ),
    ),
  });
