import fc from 'fast-check';
import type { Holdings } from '../../src/account/account.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { Registry, RegistryEntry } from '../../src/snapshot/registry.js';
import type { PortfolioInstrument, PortfolioSnapshot, Scenario } from '../../src/snapshot/snapshot.js';
import { packageIn } from './market.js';

/** A small made-up options venue: two underlyings, three dated expiries, perpetuals, 12 plain and 2 absolute scenarios. */
const FINE = 10n ** 9n;
const STRIKES = [80n, 100n, 120n];
const EXPIRIES = [
  { name: 'BTC-NEAR', underlying: 0, days: 10n },
  { name: 'BTC-FAR', underlying: 0, days: 100n },
  { name: 'BTC-PERP', underlying: 0, days: 0n },
  { name: 'ETH-NEAR', underlying: 1, days: 10n },
  { name: 'ETH-PERP', underlying: 1, days: 0n },
] as const;
const PRICE = 10n ** 12n; // one quote unit for a size with 4 decimals

interface Listed {
  readonly entry: RegistryEntry;
  readonly expiry: number;
  readonly strike: bigint | null;
  readonly call: boolean;
}

const listed: readonly Listed[] = EXPIRIES.flatMap(({ name, days }, expiry) => {
  const listing = (k: number, symbol: string, strike: bigint | null, call: boolean): Listed => ({
    entry: {
      id: 100 + 20 * expiry + k,
      symbol,
      kind: strike === null ? 'perpetual' : 'option',
      settleAsset: 1,
      amountDecimals: 4,
    },
    expiry,
    strike,
    call,
  });
  if (days === 0n) return [listing(0, name, null, false)];
  // call and put of a strike have neighbouring ids
  return STRIKES.flatMap((strike, k) => [
    listing(2 * k, `${name}-${strike}-C`, strike, true),
    listing(2 * k + 1, `${name}-${strike}-P`, strike, false),
  ]);
});

export const registry: Registry = {
  venue: 'test-options',
  version: 1,
  quote: 'USD',
  entries: [
    { id: 1, symbol: 'USD', kind: 'asset', amountDecimals: 8 },
    { id: 2, symbol: 'BTC', kind: 'asset', amountDecimals: 4 },
    { id: 3, symbol: 'GOLD', kind: 'asset', amountDecimals: 4 },
    ...listed.map(({ entry }) => entry),
  ],
};

const SHOCKS = [-60n, -30n, -15n, -5n, 0n, 5n, 15n, 30n, 60n, 120n, 0n, 0n];
const scenarios: readonly Scenario[] = SHOCKS.map((percent, s) => ({
  weight: s < 2 || s === 9 ? (FINE * 4n) / 10n : FINE + BigInt(s),
  shock: (percent * FINE) / 100n,
  floorWeight: s === 10 ? FINE : 0n,
}));
const absoluteScenarios: readonly Scenario[] = [
  { weight: FINE, shock: 0n, floorWeight: 0n },
  { weight: FINE / 2n, shock: 0n, floorWeight: 0n },
];

/** A made-up value: intrinsic plus a time value that depends on the scenario. */
function worth({ strike, call, expiry }: Listed, percent: bigint, volatility: bigint): bigint {
  const forward = 100n * PRICE + percent * PRICE;
  if (strike === null) return forward;
  const moneyness = forward - strike * PRICE;
  const intrinsic = call ? moneyness : -moneyness;
  const time =
    (PRICE * volatility * ((EXPIRIES[expiry]?.days ?? 0n) + 7n)) / (10n + (percent < 0n ? -percent : percent));
  return (intrinsic > 0n ? intrinsic : 0n) + time;
}

function instrumentOf(listing: Listed, index: number): PortfolioInstrument {
  const { entry, expiry, strike, call } = listing;
  const mark = worth(listing, 0n, 3n);
  return {
    instrumentId: entry.id,
    price: mark,
    expiry,
    nets: strike !== null && !call,
    up: (worth(listing, 5n, 3n) - mark) * 2n,
    down: (worth(listing, -5n, 3n) - mark) * 2n,
    nakedCharge: strike === null ? 0n : PRICE / 2n,
    floorCharge: strike === null ? PRICE * 3n : PRICE / 4n,
    values: [
      ...SHOCKS.map((percent, s) => worth(listing, percent, s % 3 === 0 ? 4n : 2n)),
      worth(listing, 0n, 3n + BigInt(index % 3)),
      worth(listing, 0n, 3n - BigInt(index % 2)),
    ],
  };
}

export const snapshot: PortfolioSnapshot = {
  registry,
  model: { family: 'portfolio', version: 1, claim: 'maintenance', haircuts: 'marginal', scenarios, absoluteScenarios },
  time: 1_760_000_000,
  underlyings: ['BTC', 'ETH'],
  assets: [
    { assetId: 1, price: 10n ** 8n, ladder: [{ valueCap: null, factor: 1_000_000n }], underlying: null },
    { assetId: 2, price: 100n * PRICE, ladder: [{ valueCap: null, factor: 950_000n }], underlying: 0 },
    { assetId: 3, price: 7n * PRICE, ladder: [{ valueCap: null, factor: 500_000n }], underlying: null },
  ],
  expiries: EXPIRIES.map(({ name, underlying, days }) => ({
    name,
    underlying,
    perpetual: days === 0n,
    amountDecimals: 4,
    positiveDiscount: days === 0n ? [FINE, FINE] : [950_000_000n - days, 950_000_001n - days],
    negativeDiscount: days === 0n ? [FINE, FINE] : [1_040_000_000n + days, 1_040_000_001n + days],
    charge: PRICE / 100n,
    chargeWithPerpetual: PRICE / 50n,
  })),
  instruments: listed.map(instrumentOf),
  roundings: [],
};

export const table = buildRiskTable(snapshot);

/** The package of an account that stands in a tree among others. */
export const packageOf = (holdings: Holdings) => packageIn(registry, holdings);

/** The id of a symbol. */
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

/** Holdings of this market: sizes of either sign, in whole and in smallest units. */
export const holdings = (most: { readonly positions: number }): fc.Arbitrary<Holdings> =>
  fc.record({
    collateral: fc
      .tuple(fc.integer({ min: -400, max: 4000 }), fc.bigInt({ min: -50_000n, max: 200_000n }))
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
                fc.bigInt({ min: 1n, max: 90_000n }),
                fc.boolean(),
                fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }),
              )
              .map(([size, short, cost]) => ({ instrumentId, size: short ? -size : size, cost })),
          ),
        ),
      ),
  });
