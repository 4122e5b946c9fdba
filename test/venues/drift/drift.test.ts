import { describe, expect, it } from 'vitest';
import { rational } from '../../../src/numbers/rational.js';
import type { Evaluator } from '../../../src/vectors/evaluator.js';
import type { JsonObject } from '../../../src/vectors/json.js';
import { judge } from '../../../src/vectors/judge.js';
import {
  driftAccountEvaluator,
  driftPerpEvaluator,
  driftWeightsEvaluator,
} from '../../../src/venues/drift/evaluator.js';
import {
  assetWeightAt,
  type DriftPerpPosition,
  type DriftSpotPosition,
  integerRoot,
  liabilityWeightAt,
  perpRisk,
  spotRisk,
} from '../../../src/venues/drift/model.js';
import { codeOf } from '../../vectors/twin.js';
import { changedExpectations, withField } from '../derive/changedFigures.js';

const USD = 1_000_000n;
const BASE = 1_000_000_000n;
const rules = { marginPerOpenOrder: 10_000n, unrealizedCap: 100n * USD };
const noOrders = { openBids: 0n, openAsks: 0n, openOrders: 0n };

const run = (evaluator: Evaluator, fields: JsonObject, type = 'Initial') =>
  evaluator.evaluate({ id: 'x', model: 'x', fields, asked: { requirement_type: type } });
const figure = (evaluator: Evaluator, fields: JsonObject, name: string, type?: string) =>
  run(evaluator, fields, type).figures.get(name);
const integer = (value: bigint) => rational(value);
const account = (fields: JsonObject, type = 'Initial') => {
  const { figures } = run(driftAccountEvaluator, fields, type);
  return ['margin_requirement_1e6', 'total_collateral_1e6', 'ok'].map((name) => {
    const value = figures.get(name);
    return typeof value === 'object' && value !== null && 'num' in value ? value.num : value;
  });
};

const SOL_SPOT = {
  initial_asset_weight: '8000',
  maintenance_asset_weight: '9000',
  initial_liability_weight: '12000',
  maintenance_liability_weight: '11000',
};
const SOL_PERP = { margin_ratio_initial_1e4: '1000', margin_ratio_maintenance_1e4: '500' };

describe('weights by size', () => {
  // programs/drift/src/math/margin/tests.rs, spot_market_asset_weight and calculate_user_equity_value_tests
  it.each([
    [1_000n * BASE, 10n, 9_000n, 9_000n],
    [1_000_000_000n * BASE, 10n, 9_000n, 8_357n],
    [1_000n * BASE, 10_000n, 9_000n, 8_357n],
    [1_000n * BASE, 100_000n, 9_000n, 2_642n],
    [100_000n * BASE, 0n, 1_500n, 1_500n],
    [100_000n * BASE, 100_000n, 7_500n, 337n],
    [24_282_786_896_000n, 1_000n, 10_000n, 9_516n],
    [242_827_868_960_000n, 1_000n, 10_000n, 7_368n],
    [24_282_786_896_000_000n, 1_000n, 10_000n, 1_855n],
    [24_282_786_896_000n * 800_000n, 1_000n, 10_000n, 78n],
  ])('discounts an asset of %s at %s', (size, imf, weight, expected) => {
    expect(assetWeightAt(size, imf, weight)).toBe(expected);
  });

  it.each([
    [1_000n * BASE, 0n, 11_000n, 11_000n],
    [1_000n * BASE, 10n, 11_000n, 11_000n],
    [1_000n * BASE, 10_000n, 11_000n, 11_962n],
    [1_000n * BASE, 100_000n, 11_000n, 40_422n],
    // the maintenance weight of a market that states none: the premium alone
    [1_000n * BASE, 100_000n, 0n, 31_622n],
  ])('raises a liability of %s at %s', (size, imf, weight, expected) => {
    expect(liabilityWeightAt(size, imf, weight)).toBe(expected);
  });

  it('takes the floor of roots on both sides of a square', () => {
    for (const root of [1n, 2n, 3n, 1_000_003n, 2n ** 64n - 1n]) {
      expect(integerRoot(root * root - 1n)).toBe(root - 1n);
      expect(integerRoot(root * root)).toBe(root);
      expect(integerRoot(root * root + 1n)).toBe(root);
    }
    expect(integerRoot(0n)).toBe(0n);
  });
});

describe('perp position', () => {
  const btc: DriftPerpPosition = {
    market: {
      price: 22_050n * USD,
      marginRatio: { initial: 1_000n, maintenance: 500n },
      imfFactor: 1_000n,
      unrealizedAssetWeight: { initial: 10_000n, maintenance: 10_000n },
      unrealizedImfFactor: 1_000n,
      isPrediction: false,
    },
    base: -6_147_540_983n,
    quoteEntry: 153_688_524_588n,
    customMarginRatio: 0n,
    ...noOrders,
  };
  const par = { current: USD };
  const at = (price: bigint): DriftPerpPosition => ({ ...btc, market: { ...btc.market, price } });

  it('agrees with calculate_user_equity_value_tests of the source', () => {
    expect(perpRisk(btc, 'initial', par, rules)).toMatchObject({
      requirement: 13_555_327_867n,
      weightedUnrealized: 100_000_000n,
    });
    expect(perpRisk(at(21_050n * USD), 'initial', par, rules)).toMatchObject({
      requirement: 12_940_573_769n,
      unrealized: 24_282_786_896n,
    });
  });

  it('caps profit for the initial requirement only, and never a loss', () => {
    expect(perpRisk(btc, 'maintenance', par, rules).weightedUnrealized).toBe(18_135_245_913n);
    // root 13,466,717, so 1.1e10 / 1,134,667 = 9,694
    expect(perpRisk(btc, 'fill', par, rules).weightedUnrealized).toBe((18_135_245_913n * 9_694n) / 10_000n);
    expect(perpRisk(at(30_000n * USD), 'initial', par, rules).weightedUnrealized).toBe(-30_737_704_902n);
  });

  it('prices a profit at the lower and a loss at the higher quote price, the requirement always at the higher', () => {
    const strict = { current: 1_010_000n, average: 950_000n };
    const small: DriftPerpPosition = {
      ...btc,
      market: { ...btc.market, price: 100n * USD, imfFactor: 0n, unrealizedImfFactor: 0n },
      base: BASE,
      quoteEntry: -90n * USD,
    };
    expect(perpRisk(small, 'initial', strict, rules)).toMatchObject({
      requirement: 10_100_000n,
      weightedUnrealized: 9_500_000n,
    });
    expect(perpRisk({ ...small, quoteEntry: -110n * USD }, 'initial', strict, rules).weightedUnrealized).toBe(
      -10_100_000n,
    );
  });

  it('requires margin for the side that would be larger, and for each order', () => {
    const orders = { openBids: 3n * BASE, openAsks: -4n * BASE, openOrders: 2n };
    const flat = { ...btc, market: { ...btc.market, imfFactor: 0n, price: 100n * USD }, base: 0n, quoteEntry: 0n };
    expect(perpRisk({ ...flat, ...orders }, 'maintenance', par, rules).requirement).toBe(20n * USD + 20_000n);
    expect(perpRisk({ ...flat, ...orders, base: BASE }, 'maintenance', par, rules).requirement).toBe(
      20n * USD + 20_000n,
    );
    expect(perpRisk({ ...flat, ...orders, base: 2n * BASE }, 'maintenance', par, rules).requirement).toBe(
      25n * USD + 20_000n,
    );
  });

  it('bounds what a short of a prediction market can lose, as the tests of the source do', () => {
    const market = {
      ...btc.market,
      imfFactor: 0n,
      marginRatio: { initial: 10_000n, maintenance: 9_999n },
      unrealizedAssetWeight: { initial: 0n, maintenance: 10_000n },
      isPrediction: true,
    };
    const short = { ...btc, market: { ...market, price: USD / 4n }, base: -BASE, quoteEntry: (USD * 3n) / 4n };
    const long = { ...btc, market: { ...market, price: (USD * 3n) / 4n }, base: BASE, quoteEntry: -USD / 4n };
    for (const position of [short, long]) {
      expect(perpRisk(position, 'initial', par, rules)).toMatchObject({
        requirement: 750_000n,
        weightedUnrealized: 0n,
      });
      expect(perpRisk(position, 'maintenance', par, rules)).toMatchObject({
        requirement: 749_925n,
        weightedUnrealized: 500_000n,
      });
    }
  });
});

describe('spot position', () => {
  const sol: DriftSpotPosition = {
    market: {
      price: { current: 100n * USD },
      decimals: 9,
      assetWeight: { initial: 8_000n, maintenance: 9_000n },
      liabilityWeight: { initial: 12_000n, maintenance: 11_000n },
      imfFactor: 0n,
    },
    amount: 0n,
    ...noOrders,
  };

  it('rounds an asset down and a debt up', () => {
    const dust = (amount: bigint) => spotRisk({ ...sol, amount }, 'maintenance', rules);
    expect(dust(9n)).toEqual({ requirement: 0n, collateral: 0n });
    // one unit of 1e-9 at 100 is 0.1 millionth, floored to a whole one of debt, then weighted and truncated
    expect(dust(-1n)).toEqual({ requirement: 1n, collateral: 0n });
    expect(dust(-10n)).toEqual({ requirement: 1n, collateral: 0n });
    expect(dust(-11n)).toEqual({ requirement: 2n, collateral: 0n });
  });

  it('ignores a slot without balance and counted orders', () => {
    expect(spotRisk({ ...sol, openBids: BASE }, 'initial', rules)).toEqual({ requirement: 0n, collateral: 0n });
    expect(spotRisk({ ...sol, openBids: BASE, openOrders: 1n }, 'initial', rules)).toEqual({
      requirement: 100n * USD + 10_000n,
      collateral: 80n * USD,
    });
  });

  it('takes bids or asks, whichever leaves less, and the asks when both leave the same', () => {
    const both = { ...sol, openBids: BASE, openAsks: -BASE, openOrders: 2n };
    // 80 - 100 for bids, -120 + 100 for asks
    expect(spotRisk(both, 'initial', rules)).toEqual({ requirement: 120n * USD + 20_000n, collateral: 100n * USD });
    expect(spotRisk({ ...both, openBids: 2n * BASE }, 'initial', rules)).toEqual({
      requirement: 200n * USD + 20_000n,
      collateral: 160n * USD,
    });
  });

  it('weighs by the size that the fills would leave', () => {
    const market = { ...sol.market, imfFactor: 10_000n };
    const position = { ...sol, market, amount: 1_000n * BASE };
    expect(spotRisk(position, 'maintenance', rules).collateral).toBe(83_570_000_000n);
    const filled = spotRisk({ ...position, openBids: 9_000n * BASE, openOrders: 1n }, 'maintenance', rules);
    // at 10,000 the root is 316,227: 1.1e10 / (1e6 + 31,622 * 1) floored
    expect(filled.collateral).toBe((1_000_000n * USD * assetWeightAt(10_000n * BASE, 10_000n, 9_000n)) / 10_000n);
    expect(filled.collateral).toBeLessThan(1_000_000n * USD);
  });
});

describe('account', () => {
  const withPerp = (fields: JsonObject = {}): JsonObject => ({
    collateral: { USDC: '100', SOL: '-100' },
    positions: [{ perp: 'BTC', base: '100' }],
    prices: { SOL: '100', BTC: '100' },
    risk_params: { SOL: SOL_SPOT, BTC: SOL_PERP, ...fields },
  });

  it('agrees with the asks and bids of the source', () => {
    const orders = (position: JsonObject, collateral: JsonObject) =>
      account({
        collateral,
        positions: [{ spot: 'SOL', open_orders: '1', ...position }],
        prices: { SOL: '100' },
        risk_params: { SOL: SOL_SPOT },
      });
    expect(orders({ open_bids: '500' }, { USDC: '10000' })).toEqual([50_000_010_000n, 50_000_000_000n, false]);
    expect(orders({ open_asks: '-500' }, { USDC: '10000' })).toEqual([60_000_010_000n, 60_000_000_000n, false]);
    expect(orders({ open_asks: '-3000' }, { SOL: '500' })).toEqual([300_000_010_000n, 300_000_000_000n, false]);
    expect(orders({ open_asks: '-3000', amount: '500' }, {})).toEqual([300_000_010_000n, 300_000_000_000n, false]);
  });

  it('reads strict prices as the source does', () => {
    const strict = {
      collateral: { USDC: '10000', SOL: '-100' },
      prices: { USDC: '1', USDC_twap5: '0.9', SOL: '100', SOL_twap5: '110' },
      risk_params: { SOL: SOL_SPOT },
    };
    expect(account(strict, 'Maintenance')).toEqual([12_100_000_000n, 9_000_000_000n, false]);
    const loose = { ...strict, risk_params: { ...strict.risk_params, strict: false } };
    expect(account(loose, 'Maintenance')).toEqual([11_000_000_000n, 10_000_000_000n, false]);
    const borrow = (average: string) =>
      account({ collateral: { USDC: '-1' }, prices: { USDC: '1.01', USDC_twap5: average } });
    expect(['1.00', '1.02', '1.01'].map((average) => borrow(average)[0])).toEqual([1_010_000n, 1_020_000n, 1_010_000n]);
  });

  it("applies an account's own margin ratio to the initial requirement only, as the source does", () => {
    const required = (ratio: string, type = 'Initial') => account(withPerp({ max_margin_ratio: ratio }), type)[0];
    expect(required('20000')).toBe(50_000_000_000n);
    expect(required('10000')).toBe(30_000_000_000n);
    expect(required('5000')).toBe(20_000_000_000n);
    expect(required('100000', 'Maintenance')).toBe(11_500_000_000n);
    const asset = { collateral: { SOL: '100' }, prices: { SOL: '100' } };
    expect(account({ ...asset, risk_params: { SOL: SOL_SPOT, max_margin_ratio: '5000' } })[1]).toBe(5_000_000_000n);
  });

  it("takes the higher of the account's and the position's own ratio, as the source does", () => {
    const required = (own: string, position: string, type = 'Initial') =>
      account(
        {
          collateral: { USDC: '100' },
          positions: [{ perp: 'SOL', base: '100', max_margin_ratio: position }],
          prices: { SOL: '100' },
          risk_params: { ...SOL_PERP, max_margin_ratio: own },
        },
        type,
      )[0];
    expect(required('0', '20000')).toBe(20_000_000_000n);
    expect(required('40000', '20000')).toBe(40_000_000_000n);
    expect(required('5000', '40000')).toBe(40_000_000_000n);
    expect(required('5000', '40000', 'Maintenance')).toBe(500_000_000n);
  });

  it('adds up several markets, profit of one against loss of another', () => {
    expect(
      account({
        collateral: { USDC: '1000', SOL: '10' },
        positions: [
          { perp: 'BTC', base: '-0.5', quote_entry: '30' },
          { perp: 'ETH', base: '2', quote_entry: '-90' },
        ],
        prices: { SOL: '100', BTC: '100', ETH: '50' },
        risk_params: { SOL: SOL_SPOT, ...SOL_PERP, unrealized_pnl_initial_asset_weight: '5000' },
      }),
      // 5 + 10; 1000 + 800 - 20 + 10 / 2
    ).toEqual([15n * USD, 1_785n * USD, true]);
  });

  it('is healthy at equality', () => {
    const sized = (usdc: string) =>
      account({
        collateral: { USDC: usdc },
        positions: [{ perp: 'SOL', base: '1' }],
        prices: { SOL: '100' },
        risk_params: SOL_PERP,
      })[2];
    expect([sized('9.999999'), sized('10'), sized('10.000001')]).toEqual([false, true, true]);
  });
});

const CASES: readonly (readonly [string, Evaluator, JsonObject, JsonObject])[] = [
  [
    'weights',
    driftWeightsEvaluator,
    {
      positions: [{ kind: 'asset', size_1e9: '1000000000000' }],
      risk_params: { imf_factor_1e6: '10000', base_weight_1e4: '9000' },
    },
    { asset_weight_1e4: '8357' },
  ],
  [
    'a perp',
    driftPerpEvaluator,
    {
      positions: [{ base_1e9: '-6147540983', quote_entry_1e6: '153688524588' }],
      prices: { oracle_1e6: '21050000000' },
      risk_params: {
        margin_ratio_initial_1e4: '1000',
        imf_factor_1e6: '1000',
        unrealized_pnl_imf_factor_1e6: '1000',
        unrealized_pnl_initial_asset_weight_1e4: '10000',
        max_positive_upnl_for_initial_margin_1e6: '100000000',
      },
    },
    { initial_margin_1e6: '12940573769', weighted_upnl_1e6: '100000000', raw_upnl_1e6: '24282786896' },
  ],
  [
    'an account',
    driftAccountEvaluator,
    {
      collateral: { USDC: '10000' },
      positions: [{ spot: 'SOL', open_asks: '-500', open_orders: '1' }],
      prices: { SOL: '100' },
      risk_params: { SOL: SOL_SPOT, open_order_margin_1e6: '10000' },
    },
    { margin_requirement_1e6: '60000010000', total_collateral_1e6: '60000000000', ok: false },
  ],
];

describe.each(CASES)('judging %s', (_, evaluator, fields, expected) => {
  it('matches, and fails on any changed figure', () => {
    const evaluation = run(evaluator, fields);
    expect(judge(expected, evaluation, 'exact integer (1e-6 USD)')).toEqual([]);
    for (const changed of changedExpectations(expected, () => integer(1n))) {
      expect(judge(changed.expected, evaluation, 'exact integer'), changed.field).toHaveLength(1);
    }
  });

  it('refuses what it does not read', () => {
    const refusal = (changed: JsonObject) => codeOf(() => run(evaluator, changed));
    expect(refusal(withField(fields, ['fees'], '1'))).toBe('INVALID_INPUT');
    expect(refusal(withField(fields, ['positions', '0', 'leverage'], '1'))).toBe('INVALID_INPUT');
    expect(refusal(withField(fields, ['risk_params', 'leverage'], '1'))).toBe('INVALID_INPUT');
  });

  it('states each claim or says why not', () => {
    const claims = evaluator.statements({ id: 'x', model: 'x', fields, asked: {} });
    const named = claims.map((each) => ('skipped' in each ? each.skipped.split(':')[0] : each.statement.claim));
    expect(named).toEqual(['maintenance', 'initial']);
  });
});

describe('requirement type', () => {
  const [, , fields] = CASES[2] as (typeof CASES)[number];
  const expected = { margin_requirement_1e6: '0', total_collateral_1e6: '990000', ok: true };
  const unweighted = { collateral: { USDC: '1' }, prices: { USDC: '0.99' } };

  it('is part of the question, and initial where none is named', () => {
    expect(driftAccountEvaluator.asks(fields)).toEqual(['requirement_type']);
    expect(driftAccountEvaluator.evaluate({ id: 'x', model: 'x', fields, asked: {} })).toEqual(
      run(driftAccountEvaluator, fields),
    );
    expect(account(fields, 'Maintenance')[0]).toBe(55_000_010_000n);
    expect(account(fields, 'Fill')[0]).toBe(57_500_010_000n);
  });

  it.each(['Liquidation', 'initial', '', 'constructor', 'Maintenance'])('fails the case when it is "%s"', (type) => {
    expect(judge(expected, run(driftAccountEvaluator, unweighted), 'exact integer')).toEqual([]);
    expect(judge(expected, run(driftAccountEvaluator, unweighted, type), 'exact integer')).toHaveLength(3);
  });
});

describe('refusals of an account', () => {
  const base: JsonObject = {
    collateral: { USDC: '1' },
    positions: [
      { spot: 'SOL', open_asks: '-5', open_orders: '1' },
      { perp: 'BTC', base: '1' },
    ],
    prices: { SOL: '100', BTC: '100' },
    risk_params: { SOL: SOL_SPOT, BTC: SOL_PERP },
  };
  const refusal = (path: readonly string[], value: JsonObject[string] | undefined) =>
    codeOf(() => run(driftAccountEvaluator, withField(base, path, value)));

  it('takes the case as it stands', () => {
    expect(figure(driftAccountEvaluator, base, 'free_collateral_1e6')).toEqual(integer(0n));
  });

  it.each<[string, readonly string[], JsonObject[string] | undefined]>([
    ['a missing price', ['prices', 'SOL'], undefined],
    ['a price of zero', ['prices', 'BTC'], '0'],
    ['a price of too many decimals', ['prices', 'BTC'], '100.0000001'],
    ['a price of a market not held', ['prices', 'DOGE'], '1'],
    ['a missing weight', ['risk_params', 'SOL', 'initial_asset_weight'], undefined],
    ['a missing ratio', ['risk_params', 'BTC', 'margin_ratio_initial_1e4'], undefined],
    ['a negative weight', ['risk_params', 'SOL', 'initial_asset_weight'], '-1'],
    ['positive asks', ['positions', '0', 'open_asks'], '5'],
    ['negative bids', ['positions', '0', 'open_bids'], '-5'],
    ['negative orders', ['positions', '0', 'open_orders'], '-1'],
    ['more decimals than the token has', ['positions', '0', 'open_asks'], '-0.0000000001'],
    ['decimals out of range', ['risk_params', 'SOL', 'decimals'], '19'],
    ['a figure in two units', ['positions', '1', 'base_1e9'], '1'],
    ['two quote entries', ['positions', '1'], { perp: 'BTC', base: '1', quote: '1', quote_entry: '1' }],
    ['a market held twice', ['positions', '1'], { spot: 'SOL' }],
    ['a position of no market', ['positions', '1'], { base: '1' }],
    ['orders of the quote token', ['positions', '0'], { spot: 'USDC', open_orders: '1' }],
    ['an unknown contract', ['risk_params', 'BTC', 'contract_type'], 'future'],
    ['no number', ['collateral', 'USDC'], 'much'],
  ])('refuses %s', (_, path, value) => {
    expect(refusal(path, value)).toBe('INVALID_INPUT');
  });

  it('refuses weights of no kind, of two of a kind, and perps in the plural', () => {
    const weights = (...kinds: readonly string[]) =>
      codeOf(() =>
        run(driftWeightsEvaluator, {
          positions: kinds.map((kind) => ({ kind, size_1e9: '1' })),
          risk_params: { base_weight_1e4: '1' },
        }),
      );
    expect([weights(), weights('asset', 'asset'), weights('debt')]).toEqual(Array(3).fill('INVALID_INPUT'));
    const [, , perp] = CASES[1] as (typeof CASES)[number];
    expect(codeOf(() => run(driftPerpEvaluator, withField(perp, ['positions'], [{}, {}])))).toBe('INVALID_INPUT');
    expect(codeOf(() => run(driftPerpEvaluator, withField(perp, ['positions'], [])))).toBe('INVALID_INPUT');
  });
});
