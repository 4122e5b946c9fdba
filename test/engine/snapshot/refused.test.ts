import { describe, expect, it } from 'vitest';
import type { PriceHistory } from '../../../src/engine/history.js';
import { buildEngineSnapshot } from '../../../src/engine/snapshot/buildEngineSnapshot.js';
import type {
  EngineModel,
  HybridRecipe,
  ParametricRecipe,
  TailRecipe,
} from '../../../src/engine/snapshot/engineModel.js';
import type { Market, MarketInstrument } from '../../../src/engine/snapshot/market.js';
import { rational, ZERO } from '../../../src/numbers/rational.js';
import { refuses } from '../support.js';
import { number, TIME } from './markets.js';

const DAY = 86_400;
const one = rational(1n);

const future: MarketInstrument = {
  instrumentId: 10,
  underlying: 0,
  mark: null,
  contract: { kind: 'linear' },
  averageDailyVolume: null,
  depth: null,
  halfSpread: null,
};
const option: MarketInstrument = {
  ...future,
  instrumentId: 11,
  contract: { kind: 'option', strike: number('90'), expiry: TIME + DAY, isCall: true, volatility: number('0.5') },
};
const market: Market = {
  registry: {
    venue: 'Test Exchange',
    version: 1,
    quote: 'USD',
    entries: [
      { id: 1, symbol: 'USD', kind: 'asset', amountDecimals: 4 },
      { id: 10, symbol: 'X-F', kind: 'future', settleAsset: 1, amountDecimals: 4 },
      { id: 11, symbol: 'X-C', kind: 'option', settleAsset: 1, amountDecimals: 4 },
    ],
  },
  time: TIME,
  discountRate: ZERO,
  assets: [{ assetId: 1, price: one, ladder: [] }],
  underlyings: [{ name: 'X', spot: number('100'), volatility: number('0.5'), history: 'X', volatilityHistory: null }],
  instruments: [future, option],
};
const history: PriceHistory = {
  name: 'X',
  stepSeconds: DAY,
  points: Array.from({ length: 40 }, (_, index) => ({ time: TIME - (39 - index) * DAY, price: 100 + (index % 7) })),
};

const base = { claim: 'maintenance', haircuts: 'marginal', addOns: null } as const;
const tail: TailRecipe = {
  ...base,
  family: 'tail',
  measure: 'expected shortfall',
  confidence: number('0.9'),
  horizonDays: one,
  scenarios: [{ kind: 'historical', count: 20, filtered: null }],
  blocks: null,
};
const parametric: ParametricRecipe = {
  ...base,
  family: 'parametric',
  confidence: number('0.99'),
  horizonDays: one,
  factors: [{ underlying: 'X', of: 'price' }],
  covariance: { kind: 'given', volatilities: [number('0.5')], correlation: [[one]] },
};
const greeks = {
  horizonDays: one,
  volatility: { kind: 'market' },
  multiples: [number('-3'), number('3')],
  volatilityChanges: [ZERO],
} as const;
const hybrid: HybridRecipe = {
  ...base,
  family: 'hybrid',
  greeks,
  parametric,
  tail,
  stress: [],
  blocks: null,
  rule: 'maximum',
  weights: { charges: ZERO, greeks: one, parametric: one, tail: one, stress: ZERO },
  added: one,
};

const build = (changed: Partial<Market>, model: EngineModel = tail, histories: readonly PriceHistory[] = [history]) =>
  buildEngineSnapshot({ ...market, ...changed }, histories, model);
const withUnderlying = (changed: Partial<Market['underlyings'][number]>): Partial<Market> => ({
  underlyings: [{ ...(market.underlyings[0] as Market['underlyings'][number]), ...changed }],
});
const withOption = (changed: object, more: Partial<MarketInstrument> = {}): Partial<Market> => ({
  instruments: [
    future,
    { ...option, ...more, contract: { ...option.contract, ...changed } as MarketInstrument['contract'] },
  ],
});

it('nothing of this is refused as it stands', () => {
  for (const model of [tail, parametric, hybrid, { ...base, family: 'greeks', ...greeks } as const]) build({}, model);
});

describe('market data', () => {
  it('negative volatilities', () => {
    refuses(() => build(withUnderlying({ volatility: number('-0.1') })), 'INVALID_VOLATILITY', /of X is negative/);
    refuses(() => build(withOption({ volatility: number('-0.1') })), 'INVALID_VOLATILITY', /of X-C is negative/);
  });

  it('an option that expires now or has', () => {
    refuses(
      () => build(withOption({ expiry: TIME })),
      'EXPIRED_OPTION',
      /^X-C expired at 1767225600 .* of 1767225600 /,
    );
    refuses(() => build(withOption({ expiry: TIME - 1 })), 'EXPIRED_OPTION', /2025-12-31T23:59:59Z/);
  });

  it('prices, strikes, volumes out of range', () => {
    refuses(() => build(withUnderlying({ spot: ZERO })), 'INVALID_INPUT', /spot price of X/);
    refuses(() => build(withOption({ strike: ZERO })), 'INVALID_INPUT', /strike of X-C/);
    refuses(() => build(withOption({}, { mark: ZERO })), 'INVALID_INPUT', /mark of X-C/);
    refuses(() => build(withOption({}, { averageDailyVolume: ZERO })), 'INVALID_INPUT', /volume of X-C/);
    refuses(() => build(withOption({}, { depth: rational(-1n) })), 'INVALID_INPUT', /depth of X-C/);
    refuses(() => build(withOption({}, { halfSpread: one })), 'INVALID_INPUT', /half spread of X-C/);
    refuses(() => build({ discountRate: rational(-1n) }), 'INVALID_INPUT', /discount rate/);
    refuses(() => build({ assets: [{ assetId: 1, price: ZERO, ladder: [] }] }), 'INVALID_INPUT', /price of USD/);
    refuses(() => build({ instruments: [] }), 'INVALID_INPUT', /no instruments/);
  });

  it('what is listed twice, unknown, or another kind of thing in the registry', () => {
    refuses(() => build({ instruments: [future, future] }), 'DUPLICATE', /X-F twice/);
    refuses(
      () => build({ underlyings: [...market.underlyings, ...market.underlyings] }),
      'DUPLICATE',
      /X is listed twice/,
    );
    refuses(() => build({ instruments: [{ ...future, instrumentId: 12 }] }), 'UNKNOWN_INSTRUMENT', /12/);
    refuses(() => build({ instruments: [{ ...future, instrumentId: 1 }] }), 'UNKNOWN_INSTRUMENT', /1, which is not/);
    refuses(() => build({ assets: [{ assetId: 9, price: one, ladder: [] }] }), 'UNKNOWN_ASSET', /9/);
    refuses(() => build({ instruments: [{ ...future, underlying: 1 }] }), 'INVALID_INPUT', /underlying of X-F/);
    refuses(() => build({ instruments: [{ ...future, instrumentId: 11 }] }), 'INVALID_INPUT', /X-C is an option/);
  });

  it('a price or a stated mark with more decimals than a snapshot has', () => {
    refuses(
      () => build({ instruments: [{ ...future, mark: number('1/3') }] }),
      'NOT_REPRESENTABLE',
      /mark of X-F.* 12/,
    );
    refuses(() => build(withUnderlying({ spot: number('100/3') })), 'NOT_REPRESENTABLE', /mark of X-F/);
    const assets = [{ assetId: 1, price: number('1/3'), ladder: [] }];
    refuses(() => build({ assets }), 'NOT_REPRESENTABLE', /price of USD/);
  });
});

describe('histories', () => {
  const points = [...history.points];
  it('a gap, a zero, one given twice, one that knows the future', () => {
    const gap = { ...history, points: points.filter((_, index) => index !== 9) };
    refuses(() => build({}, tail, [gap]), 'INVALID_HISTORY', /history of X has a gap after time/);
    const zero = { ...history, points: points.map((point, index) => (index === 9 ? { ...point, price: 0 } : point)) };
    refuses(() => build({}, tail, [zero]), 'INVALID_HISTORY', /a price of zero/);
    refuses(() => build({}, tail, [history, history]), 'INVALID_HISTORY', /X is given twice/);
    refuses(() => build({ time: TIME - 1 }), 'INVALID_HISTORY', /after the market's time/);
    // also where the model would not use it
    refuses(() => build({}, parametric, [gap]), 'INVALID_HISTORY', /gap/);
  });

  it('one that nobody names, or that is not given', () => {
    refuses(
      () => build(withUnderlying({ history: null })),
      'INVALID_INPUT',
      /no history of the price of the underlying X/,
    );
    refuses(() => build({}, tail, []), 'INVALID_INPUT', /history X of the price/);
  });

  it('too short a one, or too few scenarios', () => {
    const scenarios = [{ kind: 'historical', count: 40, filtered: null }] as const;
    refuses(() => build({}, { ...tail, scenarios }), 'TOO_FEW_SCENARIOS', /need 41 prices, the histories have 40/);
    refuses(() => build({}, { ...tail, confidence: number('0.96') }), 'TOO_FEW_SCENARIOS', /at least 25 scenarios/);
  });
});

describe('models', () => {
  const covariance = (entry: string) =>
    ({
      kind: 'given',
      volatilities: [number('0.5'), number('0.5')],
      correlation: [
        [one, number(entry)],
        [number(entry), one],
      ],
    }) as const;
  const two: Partial<Market> = {
    underlyings: ['X', 'Y'].map((name) => ({ ...(market.underlyings[0] as Market['underlyings'][number]), name })),
  };
  const factors = [
    { underlying: 'X', of: 'price' },
    { underlying: 'Y', of: 'price' },
  ] as const;

  it('a correlation that is none', () => {
    const model = (entry: string): EngineModel => ({ ...parametric, factors, covariance: covariance(entry) });
    build(two, model('-1'));
    refuses(() => build(two, model('1.01')), 'INVALID_CORRELATION', /between -1 and 1/);
    const third = { ...(market.underlyings[0] as Market['underlyings'][number]), name: 'Z' };
    const contradicting: EngineModel = {
      ...parametric,
      factors: [...factors, { underlying: 'Z', of: 'price' }],
      covariance: {
        kind: 'given',
        volatilities: [one, one, one],
        correlation: [
          [one, number('0.9'), number('0.9')],
          [number('0.9'), one, number('-0.9')],
          [number('0.9'), number('-0.9'), one],
        ],
      },
    };
    const three = { underlyings: [...(two.underlyings ?? []), third] };
    refuses(() => build(three, contradicting), 'INVALID_CORRELATION', /not positive semidefinite: row 3/);
    const short = { ...parametric, covariance: { ...covariance('0'), volatilities: [one] } };
    refuses(() => build({}, short), 'INVALID_CORRELATION', /2 rows for 1 series/);
  });

  it('factors that leave a contract out, are twice, unknown or too many', () => {
    const model = (list: ParametricRecipe['factors']): EngineModel => ({ ...parametric, factors: list });
    refuses(() => build(two, model([{ underlying: 'Y', of: 'price' }])), 'INVALID_INPUT', /price of X, which X-F/);
    refuses(() => build({}, model([{ underlying: 'X', of: 'volatility' }])), 'INVALID_INPUT', /price of X, which X-F/);
    refuses(() => build({}, model([factors[0], factors[0]])), 'DUPLICATE', /factor twice/);
    refuses(() => build({}, model([factors[1]])), 'INVALID_INPUT', /Y, which is no underlying/);
    const many = Array.from({ length: 9 }, (_, index) => ({ underlying: `U${index}`, of: 'price' as const }));
    const underlyings = many.map(({ underlying: name }) => ({
      ...(market.underlyings[0] as Market['underlyings'][number]),
      name,
    }));
    refuses(() => build({ underlyings }, model(many)), 'INVALID_INPUT', /9 factors, and at most 8/);
  });

  it('a hybrid whose roundings nothing pays for', () => {
    refuses(() => build({}, { ...hybrid, added: ZERO }), 'INVALID_INPUT', /`added` of the charges is 0/);
  });

  it('options under rates, and options without volatility under Greeks', () => {
    const tiered: EngineModel = {
      claim: 'maintenance',
      haircuts: 'marginal',
      family: 'tiered',
      confidence: number('0.99'),
      horizonDays: one,
      volatility: { kind: 'market' },
      floor: ZERO,
      cap: one,
      buffer: ZERO,
      tiers: [{ notionalCap: null, multiple: one }],
    };
    refuses(() => build({}, tiered), 'INVALID_INPUT', /^X-C is an option/);
    build({ instruments: [future] }, tiered);
    refuses(() => build(withOption({ volatility: ZERO }), parametric), 'INVALID_VOLATILITY', /X-C is 0/);
  });

  it('a volatility or a volume that the market does not state', () => {
    const model: EngineModel = { ...base, family: 'greeks', ...greeks };
    refuses(
      () => build(withUnderlying({ volatility: null }), model),
      'INVALID_INPUT',
      /no volatility of the underlying X/,
    );
    const addOns = {
      participation: number('0.1'),
      impactCoefficient: one,
      confidence: number('0.99'),
      multiples: [one],
      volatility: { kind: 'market' },
    } as const;
    refuses(() => build({}, { ...parametric, addOns }), 'INVALID_INPUT', /no average daily volume of X-F/);
  });

  it('shocks and scenarios that do not fit', () => {
    const model = (changed: object): EngineModel => ({ ...base, family: 'greeks', ...greeks, ...changed });
    refuses(() => build({}, model({ multiples: [ZERO] })), 'INVALID_INPUT', /X in 0 ways/);
    const many = Array.from({ length: 25 }, (_, index) => rational(BigInt(index + 1), 10n));
    refuses(() => build({}, model({ multiples: many })), 'INVALID_INPUT', /X in 25 ways/);
    refuses(() => build({}, model({ multiples: [number('-40')] })), 'INVALID_INPUT', /below zero/);
    refuses(() => build({}, { ...tail, horizonDays: number('0.5') }), 'INVALID_INPUT', /not a whole number of steps/);
    const scenarios = [{ kind: 'monteCarlo', count: 46, seed: 's', covariance: parametric.covariance }] as const;
    refuses(
      () => build({}, { ...tail, scenarios, blocks: 1 }),
      'INVALID_INPUT',
      /46 scenarios, and there is room for 45/,
    );
    build({}, { ...tail, scenarios });
    const twice = [...tail.scenarios, ...tail.scenarios];
    refuses(() => build({}, { ...tail, scenarios: twice }), 'INVALID_SNAPSHOT', /must not be listed twice/);
  });
});

describe('order', () => {
  it('of what a market lists makes no difference', () => {
    const straight = build({});
    expect(build({ instruments: [option, future] })).toEqual(straight);
  });
});
