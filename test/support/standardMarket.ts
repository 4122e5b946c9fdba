import fc from 'fast-check';
import type { Holdings } from '../../src/account/account.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { Registry, RegistryEntry } from '../../src/snapshot/registry.js';
import type { StandardInstrument, StandardSnapshot } from '../../src/snapshot/snapshot.js';
import { packageIn } from './market.js';

/** A small made-up options venue: two underlyings, three expiries, perpetuals; ids do not follow the strikes. */
const UNIT = 10n ** 12n; // one quote unit for a size with 4 decimals
const STRIKES = [120n, 80n, 100n, 0n];
const EXPIRIES = ['BTC-NEAR', 'BTC-FAR', 'ETH-NEAR'] as const;
const SPOT = 100n;

interface Listed {
  readonly entry: RegistryEntry;
  readonly instrument: StandardInstrument;
}

const entryOf = (id: number, symbol: string, kind: 'option' | 'perpetual'): RegistryEntry => ({
  id,
  symbol,
  kind,
  settleAsset: 1,
  amountDecimals: 4,
});

function option(expiry: number, strike: bigint, type: 'call' | 'put', id: number): Listed {
  const intrinsic = type === 'call' ? SPOT - strike : strike - SPOT;
  const mark = (intrinsic > 0n ? intrinsic : 0n) * UNIT + (3n + BigInt(expiry)) * UNIT;
  return {
    entry: entryOf(id, `${EXPIRIES[expiry]}-${strike}-${type}`, 'option'),
    instrument: {
      instrumentId: id,
      price: mark,
      // a tenth of spot and the mark
      option: { expiry, strike: strike * UNIT, type, isolated: mark + 10n * UNIT },
      longCharge: 0n,
      shortCharge: expiry === 1 ? UNIT / 2n : 0n,
    },
  };
}

function perpetual(id: number, symbol: string): Listed {
  return {
    entry: entryOf(id, symbol, 'perpetual'),
    instrument: {
      instrumentId: id,
      price: SPOT * UNIT,
      option: null,
      longCharge: 5n * UNIT,
      shortCharge: 6n * UNIT,
    },
  };
}

const listed: readonly Listed[] = [
  perpetual(100, 'BTC-PERP'),
  ...STRIKES.flatMap((strike, k) =>
    EXPIRIES.flatMap((_, expiry) => [
      option(expiry, strike, 'call', 200 + 10 * k + 2 * expiry),
      option(expiry, strike, 'put', 201 + 10 * k + 2 * expiry),
    ]),
  ),
  perpetual(300, 'ETH-PERP'),
];

export const registry: Registry = {
  venue: 'test-standard',
  version: 1,
  quote: 'USD',
  entries: [
    { id: 1, symbol: 'USD', kind: 'asset', amountDecimals: 8 },
    { id: 2, symbol: 'BTC', kind: 'asset', amountDecimals: 4 },
    ...listed.map(({ entry }) => entry),
  ],
};

export const snapshot: StandardSnapshot = {
  registry,
  model: { family: 'standard', version: 1, claim: 'maintenance', haircuts: 'marginal' },
  time: 1_760_000_000,
  assets: [
    { assetId: 1, price: 10n ** 8n, ladder: [{ valueCap: null, factor: 1_000_000n }], charge: 0n },
    { assetId: 2, price: SPOT * UNIT, ladder: [{ valueCap: null, factor: 800_000n }], charge: UNIT / 4n },
  ],
  expiries: EXPIRIES.map((name) => ({ name, amountDecimals: 4, unpaired: 110n * UNIT })),
  instruments: listed.map(({ instrument }) => instrument),
  roundings: [],
};

export const table = buildRiskTable(snapshot);

/** The package of an account that stands in a tree among others. */
export const packageOf = (holdings: Holdings) => packageIn(registry, holdings);

export const idOf = (symbol: string): number => {
  const entry = registry.entries.find((candidate) => candidate.symbol === symbol);
  if (entry === undefined) throw new Error(`the market lists no ${symbol}`);
  return entry.id;
};

/** Sizes in whole contracts by symbol, sorted by id. */
export const contracts = (sizes: Readonly<Record<string, number>>): Holdings['positions'] =>
  Object.entries(sizes)
    .map(([symbol, size]) => ({ instrumentId: idOf(symbol), size: BigInt(size) * 10n ** 4n, cost: 0n }))
    .sort((a, b) => a.instrumentId - b.instrumentId);

export const usd = (amount: bigint) => ({ assetId: 1, amount: amount * 10n ** 8n });

/** Holdings of this market: often hedged, sizes in whole and in smallest units. */
export const holdings = (most: { readonly positions: number }): fc.Arbitrary<Holdings> =>
  fc.record({
    collateral: fc
      .tuple(fc.integer({ min: -100, max: 600 }), fc.bigInt({ min: -5_000n, max: 20_000n }))
      .map(([cash, btc]) => [
        { assetId: 1, amount: BigInt(cash) * 10n ** 8n + 1n },
        ...(btc === 0n ? [] : [{ assetId: 2, amount: btc }]),
      ]),
    positions: fc
      .subarray(
        listed.map(({ entry }) => entry.id),
        { minLength: 1, maxLength: most.positions },
      )
      .chain((ids) =>
        fc.tuple(
          ...ids.map((instrumentId) =>
            fc
              .tuple(
                fc.oneof(fc.constantFrom(10_000n, 20_000n), fc.bigInt({ min: 1n, max: 30_000n })),
                fc.boolean(),
                fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
              )
              .map(([size, short, cost]) => ({ instrumentId, size: short ? -size : size, cost })),
          ),
        ),
      ),
  });
