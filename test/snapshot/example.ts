import { rational } from '../../src/numbers/rational.js';
import type { Parameters, Prices } from '../../src/snapshot/parameters.js';
import type { Registry } from '../../src/snapshot/registry.js';
import type { TieredSnapshot } from '../../src/snapshot/snapshot.js';

/** A small venue with every kind of entry; ids are not in the order of symbols, and not dense. */
export const registry: Registry = {
  venue: 'Example Exchange',
  version: 3,
  quote: 'USDT',
  entries: [
    { id: 1, symbol: 'USDT', kind: 'asset', amountDecimals: 8 },
    { id: 7, symbol: 'BTC', kind: 'asset', amountDecimals: 8 },
    { id: 5, symbol: 'BTC/USDT:USDT', kind: 'perpetual', settleAsset: 1, amountDecimals: 8 },
    { id: 4, symbol: 'ETH/BTC:BTC', kind: 'future', settleAsset: 7, amountDecimals: 6 },
    { id: 9, symbol: 'OLD', kind: 'asset', amountDecimals: 0 },
  ],
};

/** Exact decimal or fraction. */
export const q = (num: bigint, den = 1n) => rational(num, den);

export const parameters: Parameters = {
  registry,
  maintenanceRule: 'marginal',
  initialRule: 'whole',
  haircutRule: 'marginal',
  assets: [
    {
      assetId: 7,
      ladder: [
        { valueCap: q(1_000_000n), factor: q(95n, 100n) },
        { valueCap: q(5_000_000n), factor: q(2n, 3n) },
      ],
    },
    { assetId: 1, ladder: [{ valueCap: null, factor: q(1n) }] },
    { assetId: 9, ladder: [] },
  ],
  instruments: [
    {
      instrumentId: 5,
      tiers: [
        {
          notionalCap: q(50_000n),
          maintenanceRate: q(4n, 1000n),
          maintenanceDeduction: q(0n),
          initialRate: q(1n, 125n),
        },
        {
          notionalCap: q(250_000n),
          maintenanceRate: q(5n, 1000n),
          maintenanceDeduction: q(50n),
          initialRate: q(1n, 75n),
        },
        { notionalCap: null, maintenanceRate: q(1n, 100n), maintenanceDeduction: q(1300n), initialRate: q(1n, 50n) },
      ],
    },
    {
      instrumentId: 4,
      tiers: [
        { notionalCap: q(10n), maintenanceRate: q(1n, 150n), maintenanceDeduction: q(0n), initialRate: q(1n, 75n) },
        {
          notionalCap: q(100n),
          maintenanceRate: q(1n, 100n),
          maintenanceDeduction: q(1n, 30n),
          initialRate: q(1n, 50n),
        },
      ],
    },
  ],
};

export const prices: Prices = {
  time: 1_700_000_000,
  assets: new Map([
    [1, q(1n)],
    [7, q(2_600_050n, 100n)],
    [9, q(1n, 10n)],
  ]),
  instruments: new Map([
    [5, q(260_105n, 10n)],
    [4, q(60_001n, 1_000_000n)],
  ]),
};

/** A valid snapshot with one asset and one instrument, to be spoilt one way at a time. */
export const small: TieredSnapshot = {
  registry,
  model: { family: 'tiered', version: 1, claim: 'maintenance', tiers: 'marginal', haircuts: 'marginal' },
  time: 1_700_000_000,
  assets: [
    { assetId: 1, price: 10n ** 8n, ladder: [{ valueCap: null, factor: 1_000_000n }] },
    {
      assetId: 7,
      price: 26_000n * 10n ** 8n,
      ladder: [
        { valueCap: 10n ** 20n, factor: 900_000n },
        { valueCap: 10n ** 21n, factor: 500_000n },
      ],
    },
  ],
  instruments: [
    {
      instrumentId: 5,
      price: 26_000n * 10n ** 8n,
      tiers: [
        { notionalCap: 10n ** 20n, rate: 4_000n, deduction: 0n },
        { notionalCap: null, rate: 5_000n, deduction: 10n ** 23n },
      ],
    },
  ],
  roundings: [],
};
