import { describe, expect, it } from 'vitest';
import {
  compare,
  formatFixed,
  formatRational,
  multiply,
  parseRational,
  type Rational,
  sum,
  ZERO,
} from '../../../src/numbers/rational.js';
import type { JsonObject } from '../../../src/vectors/json.js';
import { representHyperliquid } from '../../../src/venues/hyperliquid/adapter.js';
import { readHyperliquidCase } from '../../../src/venues/hyperliquid/case.js';
import { hyperliquidCrossEvaluator, hyperliquidIsolatedEvaluator } from '../../../src/venues/hyperliquid/evaluator.js';
import {
  type HyperliquidPosition,
  liquidationPrice,
  maintenanceMargin,
  maintenanceTiers,
  summarize,
} from '../../../src/venues/hyperliquid/model.js';
import { codeOf, twinVerdict } from '../../vectors/twin.js';

const number = (text: string): Rational => parseRational(text) as Rational;
// BTC as the venue's documents tell it: 40x up to 150 million, then 20x
const BTC = [
  { lowerBound: ZERO, maxLeverage: number('40') },
  { lowerBound: number('150000000'), maxLeverage: number('20') },
];
const position = (fields: Partial<HyperliquidPosition>): HyperliquidPosition => ({
  coin: 'BTC',
  size: number('1'),
  notional: number('100'),
  leverage: number('10'),
  tiers: BTC,
  ...fields,
});

describe('maintenance tiers', () => {
  it('take half of the initial margin at the highest leverage, continuous at the boundary', () => {
    expect(
      maintenanceTiers(BTC).map(({ rate, deduction }) => [formatRational(rate), formatRational(deduction)]),
    ).toEqual([
      ['0.0125', '0'],
      ['0.025', '1875000'],
    ]);
    expect(maintenanceMargin(position({ notional: number('150000000') }))).toEqual(number('1875000'));
    expect(maintenanceMargin(position({ notional: number('150000001') }))).toEqual(number('1875000.025'));
  });

  it('keep a rate that is no whole ppm exact', () => {
    const tiers = [{ lowerBound: ZERO, maxLeverage: number('3') }];
    expect(maintenanceMargin(position({ tiers }))).toEqual(number('50/3'));
  });
});

describe('liquidationPrice', () => {
  const at = (held: HyperliquidPosition, raw: string): Rational | null =>
    liquidationPrice(held, summarize(number(raw), [held]));

  it('uses the tier of the notional at that price', () => {
    // 1,000 short from 140 million of notional: only the upper tier holds where it ends
    const held = position({ size: number('-1000'), notional: number('140000000') });
    const price = at(held, '170000000') as Rational;
    const there = { ...held, notional: multiply(number('1000'), price) };
    const { accountValue, maintenanceMargin: margin } = summarize(number('170000000'), [there]);
    expect(compare(there.notional, number('150000000'))).toBe(1);
    expect(accountValue).toEqual(margin);
  });

  it('is null for a long that no positive price liquidates, and for no position', () => {
    expect(at(position({}), '5')).toBeNull();
    expect(at(position({ size: ZERO, notional: ZERO }), '5')).toBeNull();
  });

  it('counts equality as solvent on both sides', () => {
    for (const size of ['1', '-1']) {
      const held = position({ size: number(size) });
      const raw = size === '1' ? '-90' : '110';
      const price = at(held, raw) as Rational;
      const there = { ...held, notional: price };
      expect(summarize(number(raw), [there]).accountValue).toEqual(summarize(number(raw), [there]).maintenanceMargin);
    }
  });
});

describe('summarize', () => {
  it('withdraws nothing below zero', () => {
    expect(summarize(number('-95'), [position({})]).withdrawable).toEqual(ZERO);
    expect(summarize(number('-80'), [position({})]).withdrawable).toEqual(number('10'));
  });
});

const recorded = {
  coin: 'SOL',
  szi: '-0.5',
  positionValue: '68.98',
  entryPx: '138.76',
  leverage: '20',
  maxLeverage: '50',
};
const fields = (positions: readonly JsonObject[], rest: JsonObject = {}): JsonObject => ({
  collateral: { raw_usd: '100' },
  positions,
  prices: { note: 'mark price = positionValue / |szi|' },
  risk_params: { maintenance_rate: '1/(2*maxLeverage) per asset (single tier)', initial: '1/leverage' },
  ...rest,
});
const inputs = (given: JsonObject) => ({ id: 'case', model: 'model', fields: given, asked: {} });

describe('a case', () => {
  it("takes the venue's margin tiers in place of a highest leverage", () => {
    const marginTiers = [
      { lowerBound: '0.0', maxLeverage: '50' },
      { lowerBound: '60', maxLeverage: '5' },
    ];
    const { maxLeverage: _, ...bare } = recorded;
    const { figures } = hyperliquidCrossEvaluator.evaluate(inputs(fields([{ ...bare, marginTiers }])));
    expect(figures.get('crossMaintenanceMarginUsed')).toEqual(number('1.498'));
  });

  it('never reads what the interface reports as results', () => {
    const tampered = { ...recorded, liquidationPx: '1', marginUsed: '1', unrealizedPnl: '1' };
    expect(hyperliquidCrossEvaluator.evaluate(inputs(fields([tampered]))).figures).toEqual(
      hyperliquidCrossEvaluator.evaluate(inputs(fields([recorded]))).figures,
    );
  });

  it.each<[string, JsonObject]>([
    ['an unknown field', fields([{ ...recorded, borrowed: '1' }])],
    ['another formula in words', fields([recorded], { risk_params: { maintenance_rate: '1/maxLeverage' } })],
    ['other parameters', fields([recorded], { risk_params: { fee: '1' } })],
    ['an unknown collateral', fields([recorded], { collateral: { raw_usd: '1', spot: '2' } })],
    ['no raw balance', fields([recorded], { collateral: {} })],
    ['a leverage of zero', fields([{ ...recorded, leverage: '0' }])],
    ['a highest leverage of zero', fields([{ ...recorded, maxLeverage: '0' }])],
    ['a negative value', fields([{ ...recorded, positionValue: '-1' }])],
    [
      'tiers that do not start at zero',
      fields([{ ...recorded, marginTiers: [{ lowerBound: '1', maxLeverage: '5' }] }]),
    ],
    ['open orders', fields([recorded], { orders: [] })],
  ])('is refused with %s', (_, given) => {
    expect(codeOf(() => hyperliquidCrossEvaluator.evaluate(inputs(given)))).toBe('INVALID_INPUT');
  });

  it('of isolated margin has one position', () => {
    const two = inputs(fields([recorded, { ...recorded, coin: 'ETH' }]));
    expect(codeOf(() => hyperliquidIsolatedEvaluator.evaluate(two))).toBe('INVALID_INPUT');
  });

  it('reproduces the liquidation price of an isolated short', () => {
    const held = { coin: 'HYPE', szi: '-4.0', positionValue: '192.58', leverage: '10', maxLeverage: '10' };
    const { figures } = hyperliquidIsolatedEvaluator.evaluate(
      inputs(fields([held], { collateral: { raw_usd: '211.144417' } })),
    );
    expect(formatFixed(figures.get('liquidationPx') as Rational, 10)).toBe('50.2724802380');
    expect(figures.get('isolated_equity')).toEqual(number('18.564417'));
  });
});

describe('the adapter', () => {
  it('puts cost into position and balance so that equity is the account value', () => {
    const hyperliquidCase = readHyperliquidCase(
      fields([recorded, { ...recorded, coin: 'ETH', szi: '1.6', positionValue: '3819.2' }]),
    );
    const { holdings, prices, rounded } = representHyperliquid(hyperliquidCase);
    expect(rounded).toEqual([]);
    expect(holdings.positions.map(({ size, cost }) => [size, cost])).toEqual([
      [-50_000_000n, -6_938_000_000n],
      [160_000_000n, 22_201_600_000n],
    ]);
    const value = holdings.positions.map(({ instrumentId, size, cost }): Rational => {
      const mark = prices.instruments.get(instrumentId) as Rational;
      return { num: size * mark.num - cost * mark.den, den: mark.den };
    });
    const units = sum([{ num: holdings.collateral[0]?.amount ?? 0n, den: 1n }, ...value]);
    const { accountValue } = summarize(hyperliquidCase.rawUsd, hyperliquidCase.positions);
    expect(units).toEqual({ num: accountValue.num * (100_000_000n / accountValue.den), den: 1n });
  });

  it('leaves out a position of size zero', () => {
    const closed = readHyperliquidCase(fields([{ ...recorded, szi: '0', positionValue: '0' }]));
    expect(representHyperliquid(closed).holdings.positions).toEqual([]);
  });

  it('states both claims, and the twin agrees with the model on each side of the threshold', async () => {
    for (const raw of ['69.6', '69.7', '72.4', '72.5']) {
      const judged = hyperliquidCrossEvaluator.statements(inputs(fields([recorded], { collateral: { raw_usd: raw } })));
      for (const each of judged) {
        if ('skipped' in each) throw new Error(each.skipped);
        expect(await twinVerdict(each.statement)).toEqual({ verdict: each.slack.num >= 0n });
      }
    }
  });
});
