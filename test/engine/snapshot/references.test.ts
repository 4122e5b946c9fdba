import { describe, expect, it } from 'vitest';
import type { Holdings } from '../../../src/account/account.js';
import type { PriceHistory } from '../../../src/engine/history.js';
import { buildEngineSnapshot } from '../../../src/engine/snapshot/buildEngineSnapshot.js';
import type { EngineModel, TieredRecipe } from '../../../src/engine/snapshot/engineModel.js';
import type { Market, MarketOption } from '../../../src/engine/snapshot/market.js';
import { marginFigures } from '../../../src/margin/families.js';
import {
  absolute,
  compare,
  formatRational,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../../src/numbers/rational.js';
import { buildRiskTable } from '../../../src/risk/riskTable.js';
import type { Snapshot, TieredSnapshot } from '../../../src/snapshot/snapshot.js';
import { number, TIME } from './markets.js';

const DAY = 86_400;
const UNIT = 10n ** 4n;

interface Listed {
  readonly symbol: string;
  readonly mark?: string;
  readonly option?: MarketOption;
}

/** One underlying X; a unit of size is 1e-4. Instruments have the ids 10, 11 and so on. */
const marketOf = (
  spot: string,
  listed: readonly Listed[],
  stated: { readonly volatility?: string; readonly history?: string } = {},
): Market => ({
  registry: {
    venue: 'Test Exchange',
    version: 1,
    quote: 'USD',
    entries: [
      { id: 1, symbol: 'USD', kind: 'asset', amountDecimals: 4 },
      ...listed.map(({ symbol, option }, index) => ({
        id: 10 + index,
        symbol,
        kind: option === undefined ? ('future' as const) : ('option' as const),
        settleAsset: 1,
        amountDecimals: 4,
      })),
    ],
  },
  time: TIME,
  discountRate: ZERO,
  assets: [{ assetId: 1, price: rational(1n), ladder: [{ valueCap: null, factor: rational(1n) }] }],
  underlyings: [
    {
      name: 'X',
      spot: number(spot),
      volatility: stated.volatility === undefined ? null : number(stated.volatility),
      history: stated.history ?? null,
      volatilityHistory: null,
    },
  ],
  instruments: listed.map(({ mark, option }, index) => ({
    instrumentId: 10 + index,
    underlying: 0,
    mark: mark === undefined ? null : number(mark),
    contract: option ?? { kind: 'linear' },
    averageDailyVolume: null,
    depth: null,
    halfSpread: null,
  })),
});

/** Requirement in quote of whole things held. */
function requirement(snapshot: Snapshot, sizes: readonly bigint[]): Rational {
  const holdings: Holdings = {
    collateral: [],
    positions: sizes.flatMap((size, index) =>
      size === 0n ? [] : { instrumentId: 10 + index, size: size * UNIT, cost: 0n },
    ),
  };
  const figures = marginFigures(holdings, buildRiskTable(snapshot));
  return rational(figures.requirement, 10n ** BigInt(figures.decimals));
}

const near = (value: Rational, expected: string, tolerance: string): void => {
  const off = absolute(subtract(value, number(expected)));
  expect(compare(off, number(tolerance)), formatRational(value)).toBeLessThanOrEqual(0);
};

const base = { claim: 'maintenance', haircuts: 'marginal' } as const;

/** A history of prices that fall by these shares. */
const historyWith = (losses: readonly number[]): PriceHistory => {
  const points = [{ time: TIME - losses.length * DAY, price: 100 }];
  for (const [index, loss] of losses.entries()) {
    points.push({
      time: TIME - (losses.length - 1 - index) * DAY,
      price: (points.at(-1)?.price as number) * (1 - loss),
    });
  }
  return { name: 'X', stepSeconds: DAY, points };
};

describe('expected shortfall and value at risk of a stated distribution', () => {
  /**
   * 100 scenarios of a position worth 10,000: the losses of the tail are 5, 4, 3, 2 and 1% and all others gain 0.1%. At 95%
   * the tail holds five scenarios, of which value at risk lets five be worse, and expected shortfall is their mean of 3%; at
   * 96% the fifth is no longer in it and the mean is 3.5%: the definitions in R. T. Rockafellar, S. Uryasev (2000).
   */
  const losses = [
    ...Array.from({ length: 47 }, () => -0.001),
    ...[0.02, 0.05, 0.01, 0.04, 0.03],
    ...Array.from({ length: 48 }, () => -0.001),
  ];
  const tail = (measure: 'expected shortfall' | 'value at risk', confidence: string): EngineModel => ({
    ...base,
    family: 'tail',
    measure,
    confidence: number(confidence),
    horizonDays: rational(1n),
    scenarios: [{ kind: 'historical', count: 100, filtered: null }],
    blocks: null,
    addOns: null,
  });
  const market = marketOf('100', [{ symbol: 'F' }], { history: 'X' });

  it.each([
    ['expected shortfall', '0.95', '300'],
    ['expected shortfall', '0.96', '350'],
    ['value at risk', '0.96', '100'],
    ['value at risk', '0.97', '200'],
    ['value at risk', '0.99', '400'],
  ] as const)('%s at %s asks for %s of a long 10,000', (measure, confidence, expected) => {
    const snapshot = buildEngineSnapshot(market, [historyWith(losses)], tail(measure, confidence));
    near(requirement(snapshot, [100n]), expected, '0.0001');
  });

  it('a short loses 0.1% on the other days', () => {
    const snapshot = buildEngineSnapshot(market, [historyWith(losses)], tail('expected shortfall', '0.95'));
    near(requirement(snapshot, [-100n]), '10', '0.0001');
  });
});

describe('parametric value at risk', () => {
  /**
   * J. Hull, Options, Futures and Other Derivatives, chapter on value at risk: 10 million of a share with a volatility of 2%
   * a day lose at most 2.326 x 200,000 = 465,300 in a day with 99%.
   */
  it('of one position: 465,300 a day (Hull)', () => {
    const model: EngineModel = {
      ...base,
      family: 'parametric',
      confidence: number('0.99'),
      horizonDays: rational(1n),
      factors: [{ underlying: 'X', of: 'price' }],
      // 2% a day is 38.21% a year of 365 days
      covariance: { kind: 'given', volatilities: [number('0.38209946349')], correlation: [[rational(1n)]] },
      addOns: null,
    };
    const snapshot = buildEngineSnapshot(marketOf('100', [{ symbol: 'F' }]), [], model);
    near(requirement(snapshot, [100_000n]), '465300', '100');
  });
});

describe('a scan of 16 scenarios', () => {
  /**
   * The risk array of an S&P 500 future in L. G. McMillan, Options as a Strategic Investment, chapter 34: a range of 10,000,
   * moved by thirds of it, and an extreme move of which 7,000 count. A future at 204,000: the range is 4.9% of it. The
   * requirement of a long or a short one is the range.
   */
  const share = (figure: bigint): Rational => rational(figure, 204_000n);
  const scan: EngineModel = {
    ...base,
    family: 'portfolio',
    grid: {
      moves: [-10_000n, -6_667n, -3_333n, 0n, 3_333n, 6_667n, 10_000n].map(share),
      volatilityChanges: ['-0.1', '0.1'].map(number),
      weight: rational(1n),
    },
    extreme: [-20_000n, 20_000n].map((figure) => ({
      move: share(figure),
      volatilityChange: ZERO,
      weight: number('0.35'),
    })),
  };
  const expiry = TIME + 90 * DAY;
  const option = (isCall: boolean): MarketOption => ({
    kind: 'option',
    strike: number('204000'),
    expiry,
    isCall,
    volatility: number('0.16'),
  });
  const market = marketOf('204000', [
    { symbol: 'F', mark: '204000' },
    { symbol: 'C', option: option(true) },
    { symbol: 'P', option: option(false) },
  ]);
  const snapshot = buildEngineSnapshot(market, [], scan);

  it('has the 16 scenarios of the array', () => {
    expect(snapshot.model).toMatchObject({ family: 'portfolio', scenarios: { length: 16 } });
  });

  it('asks for the range of a future long or short, and for nothing of two that offset', () => {
    for (const size of [1n, -1n]) near(requirement(snapshot, [size, 0n, 0n]), '10000', '0.001');
    near(requirement(snapshot, [3n, 0n, 0n]), '30000', '0.001');
  });

  it('asks for nothing of a long future that a long put and a short call turn into cash', () => {
    // put-call parity at the strike: what the three are worth never changes
    near(requirement(snapshot, [1n, -1n, 1n]), '0', '0.000001');
  });
});

describe('Greeks', () => {
  /** An option at the money in four shocks; computed by hand from tables of the normal distribution. */
  it('ask for the worst of delta, gamma and vega in a shock', () => {
    const model: EngineModel = {
      ...base,
      family: 'greeks',
      horizonDays: rational(365n),
      volatility: { kind: 'market' },
      multiples: ['-0.5', '0.5'].map(number),
      volatilityChanges: ['-0.1', '0.1'].map(number),
      addOns: null,
    };
    const option: MarketOption = {
      kind: 'option',
      strike: number('100'),
      expiry: TIME + 365 * DAY,
      isCall: true,
      volatility: number('0.2'),
    };
    const market = marketOf('100', [{ symbol: 'F' }, { symbol: 'C', option }], { volatility: '0.2' });
    const snapshot = buildEngineSnapshot(market, [], model);
    // moves of 0.5 x 0.2 over a year
    near(requirement(snapshot, [1n, 0n]), '10', '0.0000001');
    // d1 = 0.1: N = 0.539828, n = 0.396953; cash delta 53.9828, gamma 198.476, vega 39.6953
    // long: -(53.9828 x -0.1 + 198.476 x 0.005 + 39.6953 x -0.1) = 5.39828 - 0.99238 + 3.96953
    near(requirement(snapshot, [0n, 1n]), '8.37543', '0.00005');
    // short: 5.39828 + 0.99238 + 3.96953
    near(requirement(snapshot, [0n, -1n]), '10.36019', '0.00005');
    // hedged by 0.54 futures' worth is not whole: one future short leaves delta -46.0172
    near(requirement(snapshot, [-1n, 1n]), '7.57887', '0.00005');
  });
});

describe('rates that follow volatility', () => {
  const recipe: TieredRecipe = {
    ...base,
    family: 'tiered',
    confidence: number('0.99'),
    horizonDays: rational(1n),
    volatility: { kind: 'market' },
    floor: number('0.02'),
    cap: number('0.3'),
    buffer: number('0.25'),
    tiers: [
      { notionalCap: number('1000'), multiple: number('1') },
      { notionalCap: null, multiple: number('2') },
    ],
  };
  const rates = (volatility: string): readonly bigint[] => {
    const market = marketOf('100', [{ symbol: 'F' }], { volatility });
    const { instruments } = buildEngineSnapshot(market, [], recipe) as TieredSnapshot;
    return instruments[0]?.tiers.map(({ rate }) => rate) as readonly bigint[];
  };

  it('are quantile x volatility x root of the time x 1.25, rounded up, between floor and cap', () => {
    // 2.3263479 x 0.8 x sqrt(1 / 365) x 1.25 = 0.1217667...
    expect(rates('0.8')).toEqual([121_767n, 243_534n]);
    expect(rates('0.01')).toEqual([20_000n, 40_000n]);
    expect(rates('5')).toEqual([300_000n, 600_000n]);
  });

  it('are continuous in size', () => {
    const snapshot = buildEngineSnapshot(marketOf('100', [{ symbol: 'F' }], { volatility: '0.01' }), [], recipe);
    near(requirement(snapshot, [10n]), '20', '0');
    near(requirement(snapshot, [11n]), '24', '0');
  });
});

describe('a mark that is not the model’s', () => {
  it('moves with the underlying in proportion, and an option’s keeps its distance', () => {
    const option: MarketOption = {
      kind: 'option',
      strike: number('1'),
      expiry: TIME + DAY,
      isCall: true,
      volatility: number('0.1'),
    };
    // a call so deep in the money is worth spot - 1: it moves by the spot's move whatever its mark
    const market = marketOf('100', [
      { symbol: 'F', mark: '50' },
      { symbol: 'C', mark: '98', option },
    ]);
    const stress: EngineModel = {
      ...base,
      family: 'portfolio',
      grid: { moves: [number('-0.1')], volatilityChanges: [ZERO], weight: rational(1n) },
      extreme: [],
    };
    const snapshot = buildEngineSnapshot(market, [], stress);
    near(requirement(snapshot, [1n, 0n]), '5', '0.000001');
    near(requirement(snapshot, [0n, 1n]), '10', '0.000001');
    near(requirement(snapshot, [2n, 0n]), '10', '0.000001');
  });
});
