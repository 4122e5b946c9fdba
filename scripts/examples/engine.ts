import { madeHistories } from '../../src/backtest/madeHistory.js';
import { buildEngineSnapshot } from '../../src/engine/snapshot/buildEngineSnapshot.js';
import { type EngineModelFields, parseEngineModel, serializeEngineModel } from '../../src/formats/engineModel.js';
import { type HistoryFields, parseHistory, serializeHistory } from '../../src/formats/history.js';
import { type MarketFields, parseMarket, serializeMarket } from '../../src/formats/market.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';

const DAY = 86_400;
/** 1 June 2026 */
const TIME = Date.UTC(2026, 5, 1) / 1000;
const POINTS = 400;

const [JUNE, SEPTEMBER] = [Date.UTC(2026, 5, 26, 8) / 1000, Date.UTC(2026, 8, 25, 8) / 1000];

const made = (
  names: readonly string[],
  seed: string,
  startPrices: readonly number[],
  volatilities: readonly number[],
) =>
  madeHistories({
    seed,
    names,
    unit: 'USD',
    startPrices,
    volatilities,
    correlation: [
      [1, 0.8],
      [0.8, 1],
    ],
    alpha: 0.08,
    beta: 0.9,
    points: POINTS,
    stepSeconds: DAY,
    firstTime: TIME - (POINTS - 1) * DAY,
  });

const last = ({ points }: HistoryFields): string => points.at(-1)?.price as string;

/** Two underlyings with a perpetual each, and calls and puts of two expiries. */
function marketOf(btc: HistoryFields, eth: HistoryFields): MarketFields {
  const option = (
    underlying: 'BTC' | 'ETH',
    expiry: number,
    name: string,
    strike: string,
    type: 'call' | 'put',
    volatility: string,
  ) => ({
    instrument: `${underlying}-${name}-${strike}-${type === 'call' ? 'C' : 'P'}`,
    underlying,
    contract: { strike, expiry, type, volatility },
    averageDailyVolume: underlying === 'BTC' ? '250' : '2000',
    depth: underlying === 'BTC' ? '5' : '50',
    halfSpread: '0.02',
  });
  const options = [
    ...(['call', 'put'] as const).flatMap((type) => [
      option('BTC', JUNE, '26JUN26', '95000', type, '0.58'),
      option('BTC', JUNE, '26JUN26', '110000', type, '0.55'),
      option('BTC', SEPTEMBER, '25SEP26', '100000', type, '0.52'),
      option('ETH', JUNE, '26JUN26', '4000', type, '0.7'),
    ]),
  ];
  const perpetuals = [
    { underlying: 'BTC', spot: last(btc), averageDailyVolume: '40000', depth: '300', halfSpread: '0.0001' },
    { underlying: 'ETH', spot: last(eth), averageDailyVolume: '600000', depth: '4000', halfSpread: '0.0001' },
  ].map(({ underlying, spot, ...liquidity }) => ({
    instrument: `${underlying}-PERP`,
    underlying,
    mark: spot,
    contract: 'linear' as const,
    ...liquidity,
  }));
  const symbols = [...perpetuals, ...options].map(({ instrument }) => instrument);
  return {
    registry: {
      venue: 'Example Exchange',
      version: 1,
      quote: 'USD',
      entries: [
        { id: 1, symbol: 'USD', kind: 'asset', amountDecimals: 8 },
        { id: 2, symbol: 'BTC', kind: 'asset', amountDecimals: 8 },
        ...symbols.map((symbol, index) => ({
          id: 100 + index,
          symbol,
          kind: symbol.endsWith('PERP') ? ('perpetual' as const) : ('option' as const),
          settleAsset: 1,
          amountDecimals: 6,
        })),
      ],
    },
    time: TIME,
    discountRate: '0.04',
    assets: [
      { asset: 'USD', price: '1', ladder: [{ valueCap: null, factor: '1' }] },
      {
        asset: 'BTC',
        price: last(btc),
        ladder: [
          { valueCap: '10000000', factor: '0.95' },
          { valueCap: '50000000', factor: '0.85' },
        ],
      },
    ],
    underlyings: [
      { name: 'BTC', spot: last(btc), volatility: '0.55', history: 'BTC', volatilityHistory: 'BTC volatility' },
      { name: 'ETH', spot: last(eth), volatility: '0.7', history: 'ETH', volatilityHistory: 'ETH volatility' },
    ],
    instruments: [...perpetuals, ...options],
  };
}

const addOns = {
  participation: '0.1',
  impactCoefficient: '1',
  confidence: '0.99',
  multiples: ['0.1', '0.5', '2', '10'],
  volatility: { ewma: { lambda: '0.97' } },
};

const greeks = {
  horizonDays: '1',
  volatility: { ewma: { lambda: '0.97' } },
  multiples: ['-4', '-3', '-2', '2', '3', '4'],
  volatilityChanges: ['-0.1', '0', '0.1'],
};

const parametric = {
  confidence: '0.99',
  horizonDays: '1',
  factors: [
    { underlying: 'BTC', of: 'price' as const },
    { underlying: 'ETH', of: 'price' as const },
    { underlying: 'BTC', of: 'volatility' as const },
    { underlying: 'ETH', of: 'volatility' as const },
  ],
  covariance: { ewma: { lambda: '0.97' } },
};

const tail = {
  measure: 'expected shortfall' as const,
  confidence: '0.975',
  horizonDays: '1',
  scenarios: [
    { historical: { count: 60, filtered: { lambda: '0.97' } } },
    { monteCarlo: { count: 190, seed: 'example', covariance: { ewma: { lambda: '0.97' } } } },
  ],
};

const shared = { claim: 'maintenance', haircuts: 'marginal' as const };

const MODELS: Readonly<Record<string, EngineModelFields>> = {
  tiered: {
    family: 'tiered',
    ...shared,
    confidence: '0.995',
    horizonDays: '2',
    volatility: { ewma: { lambda: '0.97' } },
    floor: '0.02',
    cap: '0.5',
    buffer: '0.25',
    tiers: [
      { notionalCap: '1000000', multiple: '1' },
      { notionalCap: '10000000', multiple: '1.5' },
      { notionalCap: null, multiple: '2.5' },
    ],
  },
  portfolio: {
    family: 'portfolio',
    ...shared,
    grid: {
      moves: ['-0.15', '-0.1', '-0.05', '0', '0.05', '0.1', '0.15'],
      volatilityChanges: ['-0.1', '0', '0.1'],
      weight: '1',
    },
    extreme: [
      { move: '-0.45', volatilityChange: '0.2', weight: '0.33' },
      { move: '0.45', volatilityChange: '0.2', weight: '0.33' },
    ],
  },
  greeks: { family: 'greeks', ...shared, ...greeks, addOns },
  parametric: { family: 'parametric', ...shared, ...parametric, addOns },
  tail: { family: 'tail', ...shared, ...tail, addOns },
  hybrid: {
    family: 'hybrid',
    ...shared,
    greeks,
    parametric,
    tail,
    stress: [
      { named: { name: 'rout', moves: { BTC: '-0.3', ETH: '-0.4' }, volatilityChanges: { BTC: '0.4', ETH: '0.5' } } },
      { grid: { moves: ['-0.2', '0.2'], volatilityChange: '0.1' } },
      { breaking: { move: '0.1' } },
    ],
    rule: 'maximum',
    weights: { charges: '0', greeks: '0.5', parametric: '1', tail: '1', stress: '0.6' },
    added: '1',
    addOns,
  },
};

/** Market data, made histories, a model of each family, and the roots of the snapshots that these give. */
export async function engineExample(): Promise<ReadonlyMap<string, string>> {
  const histories = [
    ...made(['BTC', 'ETH'], 'example prices', [64_000, 1_800], [0.025, 0.033]),
    ...made(['BTC volatility', 'ETH volatility'], 'example volatilities', [0.56, 0.7], [0.03, 0.035]),
  ];
  const [btc, eth] = histories as [HistoryFields, HistoryFields];
  const market = marketOf(btc, eth);
  const perpetuals = {
    ...market,
    instruments: market.instruments.filter(({ contract }) => contract === 'linear'),
  };
  const files = new Map([
    ['market.json', serializeMarket(market)],
    ['market-perpetuals.json', serializeMarket(perpetuals)],
    ...histories.map(
      (history) => [`history-${history.name.toLowerCase().replace(' ', '-')}.json`, serializeHistory(history)] as const,
    ),
    ...Object.entries(MODELS).map(([family, model]) => [`model-${family}.json`, serializeEngineModel(model)] as const),
  ]);
  // from the files as written, as anybody else would
  const parsed = [...files]
    .filter(([name]) => name.startsWith('history-'))
    .map(([name, text]) => parseHistory(text, name).history);
  const roots = Object.keys(MODELS).map((family) => {
    const model = parseEngineModel(files.get(`model-${family}.json`) as string, family);
    const marketFile = family === 'tiered' ? 'market-perpetuals.json' : 'market.json';
    const snapshot = buildEngineSnapshot(parseMarket(files.get(marketFile) as string, marketFile), parsed, model);
    return `${family.padEnd(10)} ${marketFile.padEnd(22)} ${buildRiskTable(snapshot).riskRoot}`;
  });
  return files.set('roots.txt', `${roots.join('\n')}\n`);
}
