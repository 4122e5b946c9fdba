import { describe, expect, it } from 'vitest';
import { parseRational, type Rational, rational } from '../../../src/numbers/rational.js';
import type { Evaluator } from '../../../src/vectors/evaluator.js';
import type { JsonObject } from '../../../src/vectors/json.js';
import { judge } from '../../../src/vectors/judge.js';
import { vegaIsolatedEvaluator, vegaSlippageEvaluator } from '../../../src/venues/vega/evaluator.js';
import {
  isolatedOrderMargin,
  isolatedPositionMargin,
  maintenanceMargin,
  scaledLevel,
  scaleOrders,
  type VegaMarket,
  type VegaOrder,
} from '../../../src/venues/vega/model.js';
import { codeOf } from '../../vectors/twin.js';
import { changedExpectations, withField } from '../derive/changedFigures.js';

const number = (text: string): Rational => parseRational(text) as Rational;
const order = (size: number, price: string): VegaOrder => ({ size: rational(BigInt(size)), price: number(price) });
const run = (evaluator: Evaluator, fields: JsonObject) =>
  evaluator.evaluate({ id: 'x', model: 'x', fields, asked: {} });

const market: VegaMarket = {
  mark: number('100'),
  linearSlippage: number('0.25'),
  quadraticSlippage: number('0'),
  riskFactorLong: number('0.1'),
  riskFactorShort: number('0.2'),
  fundingPerUnit: number('0'),
};
const margin = (
  volume: string,
  buys: readonly VegaOrder[],
  sells: readonly VegaOrder[],
  changed: Partial<VegaMarket> = {},
) => maintenanceMargin({ openVolume: number(volume), buys, sells }, { ...market, ...changed });

describe('maintenance margin', () => {
  it('takes slippage on the open volume only, and the worse side', () => {
    expect(margin('10', [], [])).toEqual(number('350'));
    expect(margin('-10', [], [])).toEqual(number('450'));
    expect(margin('0', [order(10, '1')], [])).toEqual(number('100'));
    expect(margin('10', [order(10, '1')], [order(30, '1')])).toEqual(number('600'));
    expect(margin('10', [order(40, '1')], [order(30, '1')])).toEqual(number('750'));
    expect(margin('0', [], [])).toEqual(number('0'));
  });

  it('leaves out a side that its orders cannot reach', () => {
    // an order of 1 would count 900, which it does as soon as it could turn the position
    expect(margin('-1', [order(1, '1')], [], { riskFactorLong: number('9') })).toEqual(number('45'));
    expect(margin('-1', [order(2, '1')], [], { riskFactorLong: number('9') })).toEqual(number('1800'));
    expect(margin('1', [], [order(1, '1')], { riskFactorShort: number('9') })).toEqual(number('35'));
    expect(margin('1', [], [order(2, '1')], { riskFactorShort: number('9') })).toEqual(number('1800'));
  });

  it('takes the square of the volume for quadratic slippage', () => {
    expect(margin('-10', [], [], { quadraticSlippage: number('0.1') })).toEqual(number('1450'));
  });

  it('adds funding that is due, and nothing for funding that is to be received', () => {
    expect(margin('10', [], [], { fundingPerUnit: number('3') })).toEqual(number('380'));
    expect(margin('-10', [], [], { fundingPerUnit: number('3') })).toEqual(number('450'));
    expect(margin('-10', [], [], { fundingPerUnit: number('-3') })).toEqual(number('480'));
  });

  it('counts orders of an auction at their prices, a side at no less than the auction price', () => {
    const orders = [order(10, '90'), order(10, '120')];
    expect(margin('0', orders, [], { auction: { price: number('0') } })).toEqual(number('210'));
    expect(margin('0', orders, [], { auction: { price: number('110') } })).toEqual(number('220'));
    expect(margin('0', orders, [])).toEqual(number('200'));
  });
});

describe('levels', () => {
  it('cuts a factor to five decimals and rounds down', () => {
    expect(scaledLevel(5_565n, number('1.1'))).toBe(6_121n);
    expect(scaledLevel(1_000_000n, number('1.1'))).toBe(1_100_000n);
    expect(scaledLevel(1_000_000n, number('1.100019'))).toBe(1_100_010n);
  });
});

describe('isolated margin', () => {
  // core/risk/isolated_margin_test.go, continuous trading, position factor 10
  const factor = number('0.5');
  const ten = number('10');
  const orderMargin = (position: string, buys: readonly VegaOrder[], sells: readonly VegaOrder[], auction = '0') =>
    isolatedOrderMargin(
      { openVolume: number(position), buys: scaleOrders(buys, ten), sells: scaleOrders(sells, ten) },
      factor,
      number(auction),
    );
  const buys = [order(30, '20'), order(10, '50'), order(20, '40')];
  const sells = [order(30, '50'), order(10, '20'), order(20, '40')];

  it.each([
    ['0', 95n],
    ['2', 95n],
    ['-0.4', 85n],
    ['-2', 50n],
    ['-6', 0n],
  ])('offsets a position of %s by the highest bids', (position, expected) => {
    expect(orderMargin(position, buys, [])).toBe(expected);
  });

  it.each([
    ['0', 125n],
    ['-2', 125n],
    ['0.4', 121n],
  ])('offsets a position of %s by the lowest asks', (position, expected) => {
    expect(orderMargin(position, [], sells)).toBe(expected);
  });

  it('takes the worse side, each order at no less than the auction price', () => {
    expect(orderMargin('0', buys, sells)).toBe(125n);
    expect(orderMargin('0', buys, [], '45')).toBe(137n);
  });

  it('takes the notional at entry without its sign, rounded down', () => {
    expect(isolatedPositionMargin(number('-15900'), number('0.9'))).toBe(14_310n);
    expect(isolatedPositionMargin(number('-15901'), number('0.9'))).toBe(14_310n);
  });
});

const LEVELS = 'exact integer; MM=ceil, other levels floor(MM*factor)';
const SLIPPAGE: JsonObject = {
  positions: [{ open_volume: '0', open_buy_orders: '40', open_sell_orders: '0' }],
  prices: { mark: '10' },
  risk_params: {
    linear_slippage: '1',
    quadratic_slippage: '0',
    risk_factor_long: '0.801225765',
    risk_factor_short: '3.55690359157934',
    scaling: { search: '1.5', initial: '2', release: '3' },
  },
};
const LISTED: JsonObject = {
  positions: [
    {
      position_size: '0',
      position_factor: '100',
      buy_orders: [
        { size: '10000', price: '111.4', market: false },
        { size: '30000', price: '111', market: false },
        { size: '20000', price: '0', market: true },
      ],
      sell_orders: [
        { size: '10000', price: '133.9', market: false },
        { size: '20000', price: '133.0', market: false },
        { size: '30000', price: '0', market: true },
      ],
    },
  ],
  prices: { mark: '123.4' },
  risk_params: {
    linear_slippage: '0.5',
    quadratic_slippage: '0.1',
    risk_factor_long: '0.1',
    risk_factor_short: '0.2',
    margin_funding_factor: '0.5',
    funding_payment_to_date: '75',
  },
};
const ISOLATED: JsonObject = {
  positions: [{ position: '-1', entry: '15900', sell_order: { price: '15912', size: '10' } }],
  risk_params: { margin_factor: '0.9' },
};

const CASES: readonly (readonly [string, Evaluator, JsonObject, JsonObject, string])[] = [
  [
    'levels',
    vegaSlippageEvaluator,
    SLIPPAGE,
    { maintenance: '321', search: '481', initial: '642', release: '963' },
    LEVELS,
  ],
  ['listed orders', vegaSlippageEvaluator, LISTED, { maintenance_decimal: '139442.00' }, 'relative 1e-6 in source'],
  [
    'an isolated market',
    vegaIsolatedEvaluator,
    ISOLATED,
    { position_margin: '14310', order_margin: '143208' },
    'exact',
  ],
];

describe.each(CASES)('judging %s', (_, evaluator, fields, expected, tolerance) => {
  it('matches, and fails on any changed figure', () => {
    const evaluation = run(evaluator, fields);
    expect(judge(expected, evaluation, tolerance)).toEqual([]);
    for (const changed of changedExpectations(expected, () => number('1'))) {
      expect(judge(changed.expected, evaluation, tolerance), changed.field).toHaveLength(1);
    }
  });

  it('asks nothing and leaves both claims to the reader', () => {
    expect(evaluator.asks(fields)).toEqual([]);
    const claims = evaluator.statements({ id: 'x', model: 'x', fields, asked: {} });
    expect(claims.map((claim) => ('skipped' in claim ? claim.skipped.split(':')[0] : ''))).toEqual([
      'maintenance',
      'initial',
    ]);
  });

  it('refuses what it does not read', () => {
    for (const path of [['fees'], ['positions', '0', 'leverage'], ['prices', 'index'], ['risk_params', 'leverage']]) {
      expect(
        codeOf(() => run(evaluator, withField(fields, path, '1'))),
        path.join('.'),
      ).toBe('INVALID_INPUT');
    }
    expect(codeOf(() => run(evaluator, withField(fields, ['positions'], [])))).toBe('INVALID_INPUT');
    expect(codeOf(() => run(evaluator, withField(fields, ['positions'], [{}, {}])))).toBe('INVALID_INPUT');
  });
});

describe('reading', () => {
  const refusal = (fields: JsonObject, path: readonly string[], value: JsonObject[string] | undefined) =>
    codeOf(() =>
      run(fields === ISOLATED ? vegaIsolatedEvaluator : vegaSlippageEvaluator, withField(fields, path, value)),
    );

  it.each<[string, JsonObject, readonly string[], JsonObject[string] | undefined]>([
    ['a missing mark', SLIPPAGE, ['prices', 'mark'], undefined],
    ['a negative mark', SLIPPAGE, ['prices', 'mark'], '-1'],
    ['a missing factor', SLIPPAGE, ['risk_params', 'risk_factor_long'], undefined],
    ['a negative factor', SLIPPAGE, ['risk_params', 'linear_slippage'], '-1'],
    ['a missing level', SLIPPAGE, ['risk_params', 'scaling', 'initial'], undefined],
    ['a negative volume of orders', SLIPPAGE, ['positions', '0', 'open_buy_orders'], '-1'],
    ['a volume stated twice', SLIPPAGE, ['positions', '0', 'position_size'], '0'],
    ['orders stated twice', SLIPPAGE, ['positions', '0', 'buy_orders'], []],
    ['an auction without prices of orders', SLIPPAGE, ['risk_params', 'auction'], true],
    ['an auction in words', SLIPPAGE, ['risk_params', 'auction'], 'no'],
    ['an auction price without auction', SLIPPAGE, ['prices', 'auction'], '1'],
    ['a position factor of zero', LISTED, ['positions', '0', 'position_factor'], '0'],
    ['an order without a price', LISTED, ['positions', '0', 'buy_orders', '0', 'price'], undefined],
    ['a negative price', LISTED, ['positions', '0', 'buy_orders', '0', 'price'], '-1'],
    ['a negative size', LISTED, ['positions', '0', 'buy_orders', '0', 'size'], '-1'],
    ['an order of unknown kind', LISTED, ['positions', '0', 'buy_orders', '0', 'market'], 'no'],
    ['an unknown field of an order', LISTED, ['positions', '0', 'buy_orders', '0', 'peg'], '1'],
    ['market orders without a mark', ISOLATED, ['positions', '0', 'sell_order'], { size: '1', market: true }],
    ['orders of one side stated twice', ISOLATED, ['positions', '0', 'sell_orders'], []],
    ['an order that is none', ISOLATED, ['positions', '0', 'sell_order'], '1'],
  ])('refuses %s', (_, fields, path, value) => {
    expect(refusal(fields, path, value)).toBe('INVALID_INPUT');
  });

  it('fills market orders of an isolated position at the mark', () => {
    const fields: JsonObject = {
      positions: [{ position: '1', entry: '100', buy_orders: [{ size: '2', market: true }] }],
      prices: { mark: '130' },
      risk_params: { margin_factor: '0.5' },
    };
    expect(run(vegaIsolatedEvaluator, fields).figures.get('position_margin')).toEqual(number('180'));
  });

  it('reads an auction with listed orders', () => {
    const auction = withField(LISTED, ['risk_params', 'auction'], true);
    // 139442 in continuous trading, where the orders of 300 require 300 * 123.4 / 5; here (100 * 133.9 + 200 * 133) / 5
    expect(run(vegaSlippageEvaluator, auction).figures.get('maintenance')).toEqual(number('140036'));
  });
});
