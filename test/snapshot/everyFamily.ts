import type {
  AssetParameters,
  GreeksSnapshot,
  HybridSnapshot,
  MeasuredInstrument,
  ParametricSnapshot,
  RiskFactors,
  Snapshot,
  TailMeasure,
  TailSnapshot,
} from '../../src/snapshot/snapshot.js';
import { snapshot as tiered } from '../support/market.js';
import { snapshot as portfolio } from '../support/portfolioMarket.js';
import { snapshot as quantized } from '../support/quantizedMarket.js';
import { snapshot as standard } from '../support/standardMarket.js';
import { snapshot as weighted } from '../support/weightedMarket.js';

/** Two contracts of one underlying as the four families of risk measures see them. */
const assets: readonly AssetParameters[] = [
  { assetId: 1, price: 10n ** 8n, ladder: [{ valueCap: null, factor: 1_000_000n }] },
];
const factors: RiskFactors = { names: ['level', 'slope'], cholesky: [[21_000_000n], [-3_500_001n, 17_000_000n]] };
const tail: TailMeasure = {
  measure: 'expected shortfall',
  confidence: 500_000n,
  scenarios: ['2025-01-02', '2025-01-03', '2025-01-06'],
};
const stress = ['crash', 'squeeze'];
const shocks = [
  { move: -150_000_000n, volatility: 90_000_000n },
  { move: 123_456_789n, volatility: -5_000_000n },
];

const contract = (instrumentId: number, sign: bigint): MeasuredInstrument => ({
  instrumentId,
  price: 612_345_678n,
  charges: [
    { sizeCap: 25_000n, charge: 1_000_001n },
    { sizeCap: null, charge: 3_000_000n },
  ],
  greeks: { underlying: 0, delta: sign * 61_234_567n, gamma: sign * 999n, vega: sign * 12_345n },
  exposures: [sign * 61_234_567n, sign * -77n],
  changes: [1n, -2_345_678n, 3n, -9_876_543n, 5_000_000n].map((change) => sign * change),
});

const common = {
  registry: {
    venue: 'test-measures',
    version: 1,
    quote: 'USD',
    entries: [
      { id: 1, symbol: 'USD', kind: 'asset' as const, amountDecimals: 8 },
      { id: 10, symbol: 'BTC-A', kind: 'future' as const, settleAsset: 1, amountDecimals: 4 },
      { id: 11, symbol: 'BTC-B', kind: 'future' as const, settleAsset: 1, amountDecimals: 4 },
    ],
  },
  time: 1_760_000_000,
  assets,
  underlyings: [{ name: 'BTC', shocks }],
  roundings: [],
};
const model = { version: 1, claim: 'maintenance', haircuts: 'marginal' } as const;
const both = [contract(10, 1n), contract(11, -1n)];
const quiet = { greeks: null, exposures: [], changes: [] } as const;

const greeks: GreeksSnapshot = {
  ...common,
  model: { ...model, family: 'greeks' },
  instruments: both.map((instrument) => ({ ...instrument, exposures: [], changes: [] })),
};
const parametric: ParametricSnapshot = {
  ...common,
  model: { ...model, family: 'parametric', factors },
  underlyings: [],
  instruments: both.map(({ exposures, ...instrument }) => ({ ...instrument, ...quiet, exposures })),
};
const tailed: TailSnapshot = {
  ...common,
  model: { ...model, family: 'tail', tail, blocks: 1 },
  underlyings: [],
  instruments: both.map(({ changes, ...instrument }) => ({ ...instrument, ...quiet, changes: changes.slice(0, 3) })),
};
const hybrid: HybridSnapshot = {
  ...common,
  model: {
    ...model,
    family: 'hybrid',
    factors,
    tail,
    stress,
    blocks: 1,
    rule: 'maximum',
    weights: { charges: 0n, greeks: 1_000_000n, parametric: 900_001n, tail: 1_100_000n, stress: 250_000n },
    added: 1_000_000n,
  },
  instruments: both,
};

/** A snapshot of every model family. */
export const everyFamily: readonly Snapshot[] = [
  tiered,
  portfolio,
  standard,
  quantized,
  weighted,
  greeks,
  parametric,
  tailed,
  hybrid,
];
