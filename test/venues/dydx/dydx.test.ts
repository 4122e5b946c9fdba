import { describe, expect, it } from 'vitest';
import { evaluate as evaluateMargin } from '../../../src/margin/evaluate.js';
import { buildRiskTable } from '../../../src/risk/riskTable.js';
import type { JsonObject } from '../../../src/vectors/json.js';
import { representDydx } from '../../../src/venues/dydx/adapter.js';
import { readDydxCase } from '../../../src/venues/dydx/case.js';
import { dydxEvaluator } from '../../../src/venues/dydx/evaluator.js';
import {
  type DydxAccount,
  type DydxMarket,
  initialMarginAt,
  initialPpmOf,
  isInitialCollateralized,
  isLiquidatable,
  isMaintenanceCollateralized,
  maintenanceMarginAt,
  notionalOf,
  riskOf,
  scaledInitialPpm,
  settledUsdc,
} from '../../../src/venues/dydx/model.js';
import { codeOf, twinVerdict } from '../../vectors/twin.js';

const market: DydxMarket = {
  price: 5_000_000_000n,
  exponent: -5n,
  atomicResolution: -8n,
  fundingIndex: 0n,
  openInterest: 0n,
  initialMarginPpm: 200_000n,
  maintenanceFractionPpm: 500_000n,
  openInterestLowerCap: 0n,
  openInterestUpperCap: 0n,
};
const position = (fields: Partial<DydxAccount['positions'][number]> = {}) => ({
  perpetual: 'BTC',
  quantums: 100_000_000n,
  fundingIndex: 0n,
  customImfPpm: 0n,
  market,
  ...fields,
});

describe('rounding', () => {
  it('truncates notionals toward zero', () => {
    const thin = { price: 123_456_789_123n, exponent: -5n, atomicResolution: -16n };
    expect(notionalOf(1_000_000_000_000n, thin)).toBe(123_456_789n);
    expect(notionalOf(-1_000_000_000_000n, thin)).toBe(-123_456_789n);
    expect(notionalOf(-1n, { ...thin, atomicResolution: 4n })).toBe(-12_345_678_912_300_000n);
  });

  it('rounds up twice for maintenance', () => {
    // 0.7 rounds up to 1 before the fraction is taken, and 0.5 of that rounds up again
    expect(initialMarginAt(7n, 100_000n)).toBe(1n);
    expect(maintenanceMarginAt(7n, { initialMarginPpm: 100_000n, maintenanceFractionPpm: 500_000n })).toBe(1n);
    expect(maintenanceMarginAt(-7n, { initialMarginPpm: 300_000n, maintenanceFractionPpm: 500_000n })).toBe(2n);
    expect(initialMarginAt(0n, 100_000n)).toBe(0n);
  });

  it('floors funding once for the account, toward less money', () => {
    const owed = (fundingIndex: bigint, quantums: bigint) => position({ fundingIndex, quantums });
    expect(settledUsdc({ usdc: 10n, positions: [owed(0n, 1n)] })).toBe(10n);
    expect(settledUsdc({ usdc: 10n, positions: [owed(-1n, 1n)] })).toBe(9n);
    expect(settledUsdc({ usdc: 10n, positions: [owed(-1n, 1n), owed(-1n, 1n)] })).toBe(9n);
    expect(settledUsdc({ usdc: 10n, positions: [owed(1n, 1n)] })).toBe(10n);
  });
});

describe('open interest', () => {
  const tier = { initialMarginPpm: 200_000n, openInterestLowerCap: 1_000n, openInterestUpperCap: 2_000n };

  it('scales between the caps and rounds the fraction down', () => {
    expect(
      [0n, 1_000n, 1_001n, 1_500n, 1_999n, 2_000n, 9_000n].map((interest) => scaledInitialPpm(tier, interest)),
    ).toEqual([200_000n, 200_000n, 200_800n, 600_000n, 999_200n, 1_000_000n, 1_000_000n]);
    expect(scaledInitialPpm({ ...tier, openInterestUpperCap: 1_000_001_000n }, 1_001n)).toBe(200_000n);
  });

  it('does not scale without both caps', () => {
    expect(scaledInitialPpm({ ...tier, openInterestLowerCap: 0n }, 9_000n)).toBe(200_000n);
    expect(scaledInitialPpm({ ...tier, openInterestUpperCap: 0n }, 9_000n)).toBe(200_000n);
  });

  it("gives way to a higher fraction of the account's own, and never touches maintenance", () => {
    expect(initialPpmOf(position({ customImfPpm: 300_000n }))).toBe(300_000n);
    expect(initialPpmOf(position({ customImfPpm: 100_000n }))).toBe(200_000n);
    const crowded = { ...market, openInterest: 10n ** 15n, openInterestLowerCap: 1n, openInterestUpperCap: 2n };
    expect(riskOf({ usdc: 0n, positions: [position({ market: crowded })] })).toEqual({
      equity: 50_000_000_000n,
      initialMargin: 50_000_000_000n,
      maintenanceMargin: 5_000_000_000n,
    });
  });
});

describe('comparisons', () => {
  it('count equality as collateralised, and a deficit without margin as neither', () => {
    expect(isInitialCollateralized({ equity: 1n, initialMargin: 1n })).toBe(true);
    expect(isMaintenanceCollateralized({ equity: 0n, maintenanceMargin: 1n })).toBe(false);
    const deficit = { equity: -1n, maintenanceMargin: 0n };
    expect([isMaintenanceCollateralized(deficit), isLiquidatable(deficit)]).toEqual([false, false]);
    expect(isLiquidatable({ equity: 1n, maintenanceMargin: 1n })).toBe(false);
    expect(isLiquidatable({ equity: 0n, maintenanceMargin: 1n })).toBe(true);
  });
});

const prices = { BTC: { price: '5000000000', exponent: '-5', atomic_resolution: '-8' } };
const tiers = { BTC: { initial_margin_ppm: '200000', maintenance_fraction_ppm: '500000' } };
const fields = (rest: JsonObject = {}): JsonObject => ({
  collateral: { usdc_quantums: '-40000000000' },
  positions: [{ perpetual: 'BTC', quantums: '100000000' }],
  prices,
  risk_params: tiers,
  ...rest,
});
const inputs = (given: JsonObject, asked: JsonObject = {}) => ({ id: 'case', model: 'model', fields: given, asked });
const figures = (given: JsonObject, asked: JsonObject = {}) => dydxEvaluator.evaluate(inputs(given, asked)).figures;

describe('a case', () => {
  it('may leave out funding, open interest and caps', () => {
    expect(figures(fields()).get('initial_ok')).toBe(true);
    expect(figures(fields({ collateral: { usdc_quantums: '-40000000001' } })).get('initial_ok')).toBe(false);
  });

  it('without account compares what it is asked about', () => {
    expect(dydxEvaluator.asks({})).toEqual(['equity', 'maintenance_margin', 'initial_margin']);
    expect(dydxEvaluator.asks(fields())).toEqual([]);
    expect([...figures({}, { equity: '5', maintenance_margin: '5' })]).toEqual([
      ['maintenance_ok', true],
      ['liquidatable', false],
    ]);
    expect([...figures({}, { equity: '5', initial_margin: '6' })]).toEqual([['initial_ok', false]]);
    expect(codeOf(() => figures({}, { maintenance_margin: '5' }))).toBe('INVALID_INPUT');
  });

  it.each<[string, JsonObject]>([
    ['an unknown field', fields({ vault: '1' })],
    ['another collateral', fields({ collateral: { usdc_quantums: '1', eth: '1' } })],
    ['a position without market', fields({ prices: {} })],
    ['a position without rates', fields({ risk_params: {} })],
    ['an unknown rate', fields({ risk_params: { BTC: { ...tiers.BTC, impact_notional: '1' } } })],
    ['an unknown position field', fields({ positions: [{ perpetual: 'BTC', quantums: '1', leverage: '2' }] })],
    ['a fraction of a quantum', fields({ collateral: { usdc_quantums: '1.5' } })],
    ['a negative price', fields({ prices: { BTC: { ...prices.BTC, price: '-1' } } })],
    [
      'a notional beside a balance',
      { collateral: { usdc_quantums: '1' }, positions: [{ notional_quote_quantums: '1' }] },
    ],
  ])('is refused with %s', (_, given) => {
    expect(codeOf(() => readDydxCase(given))).toBe('INVALID_INPUT');
  });
});

describe('the adapter', () => {
  const account = (given: JsonObject): DydxAccount => {
    const read = readDydxCase(given);
    if (read.kind !== 'account') throw new Error(read.kind);
    return read.account;
  };

  const btc = (rest: JsonObject) => [{ perpetual: 'BTC', quantums: '100000000', ...rest }];
  const represented = (given: JsonObject, claim: 'maintenance' | 'initial' = 'maintenance') =>
    representDydx(account(fields(given)), claim);

  it('takes the rates of the claim: base and fraction, or the fraction that the account chose', () => {
    const positions = btc({ custom_imf_ppm: '500000' });
    const rates = (claim: 'maintenance' | 'initial') => represented({ positions }, claim).snapshot.instruments[0];
    expect(rates('maintenance')).toMatchObject({ baseRate: 200_000n, fraction: 500_000n });
    expect(rates('initial')).toMatchObject({ baseRate: 500_000n, fraction: 1_000_000n });
  });

  it('leaves funding open, in the index of the table and the cost of the leaf', () => {
    const market = { BTC: { ...prices.BTC, funding_index: '-300' } };
    const { snapshot, holdings } = represented({ positions: btc({ funding_index: '62500' }), prices: market });
    const [held, listed] = [holdings.positions[0], snapshot.instruments[0]];
    // 62500 times one coin of 10^8 base quantums, in 1e-12 USDC
    expect(held?.cost).toBe(-(62_500n * 10n ** 8n) / 10n ** 4n);
    const decimals = snapshot.registry.entries[1]?.amountDecimals as number;
    expect(listed?.fundingIndex).toBe(-3n * 10n ** BigInt(16 - decimals - 2));
    expect(holdings.collateral).toEqual([{ assetId: 1, amount: -40_000_000_000n }]);
    expect(evaluateMargin(holdings, buildRiskTable(snapshot)).weightedEquity).toBe(
      riskOf(account(fields({ positions: btc({ funding_index: '62500' }), prices: market }))).equity * 10n ** 16n,
    );
  });

  it('counts an index from a base where the cost would not be whole', () => {
    for (const entry of [1n, -1n, 12_345n, -98_765n]) {
      const given = {
        positions: [{ perpetual: 'BTC', quantums: '-7', funding_index: `${entry}` }],
        prices: { BTC: { ...prices.BTC, funding_index: '1000000' } },
      };
      const { snapshot, holdings } = represented(given);
      expect(snapshot.roundings).toEqual([]);
      expect(holdings.positions[0]?.cost).toBe(((entry - (entry % 10_000n)) * 7n) / 10_000n);
      expect(evaluateMargin(holdings, buildRiskTable(snapshot)).weightedEquity).toBe(
        riskOf(account(fields(given))).equity * 10n ** 16n,
      );
    }
  });

  it('rounds what has too many decimals against the prover, and says what', () => {
    const thin = { BTC: { price: '123456789123', exponent: '-5', atomic_resolution: '-14', funding_index: '155' } };
    const given = (quantums: string) =>
      represented({ positions: [{ perpetual: 'BTC', quantums, funding_index: '0' }], prices: thin });
    const marks = ['10000001', '-10000001'].map((quantums) => given(quantums).snapshot.instruments[0]?.price);
    expect(marks).toEqual([123_456_789n, 123_456_790n]);
    expect(given('10000001').snapshot.roundings).toEqual([
      { where: 'mark of BTC', exact: '1234567.89123', used: '1234567.89' },
    ]);
    const [statement] = dydxEvaluator.statements(
      inputs(fields({ positions: [{ perpetual: 'BTC', quantums: '10000001' }], prices: thin })),
    );
    expect(statement).toMatchObject({ rounded: ['mark of BTC'] });
    // a mark of a million leaves ten decimals, and the index has twelve
    const indices = ['101', '-101'].map((quantums) =>
      represented({
        positions: [{ perpetual: 'BTC', quantums, funding_index: '0' }],
        prices: { BTC: { price: '1000000', exponent: '0', atomic_resolution: '0', funding_index: '155' } },
      }),
    );
    expect(indices.map(({ snapshot }) => snapshot.instruments[0]?.fundingIndex)).toEqual([2n, 1n]);
    expect(indices[0]?.snapshot.roundings).toMatchObject([{ where: 'funding index of BTC' }]);
  });

  it('leaves out a position of size zero, and lists a perpetual all the same', () => {
    for (const positions of [[], [{ perpetual: 'BTC', quantums: '0' }]]) {
      const { snapshot, holdings } = represented({ positions });
      expect(holdings.positions).toEqual([]);
      expect(evaluateMargin(holdings, buildRiskTable(snapshot)).requirement).toBe(0n);
    }
  });

  it.each<[string, JsonObject]>([
    ['two positions in one perpetual', { positions: [...btc({}), ...btc({})] }],
    ['a balance above 64 bits', { collateral: { usdc_quantums: `${2n ** 64n}` } }],
    ['a size above 64 bits', { positions: [{ perpetual: 'BTC', quantums: `${2n ** 80n}` }] }],
    ['a mark above 56 bits', { prices: { BTC: { ...prices.BTC, price: `${10n ** 25n}` } } }],
    ['an index above 64 bits', { prices: { BTC: { ...prices.BTC, funding_index: `${10n ** 40n}` } } }],
    ['a rate above 1', { risk_params: { BTC: { ...tiers.BTC, initial_margin_ppm: '1000001' } } }],
    ['a fraction above 1', { risk_params: { BTC: { ...tiers.BTC, maintenance_fraction_ppm: '1000001' } } }],
  ])('refuses %s', (_, given) => {
    expect(codeOf(() => represented(given))).toBe('NOT_REPRESENTABLE');
  });

  it('agrees with dYdX on both sides of the threshold', async () => {
    for (const usdc of ['-40000000001', '-40000000000', '-45000000001', '-45000000000']) {
      for (const each of dydxEvaluator.statements(inputs(fields({ collateral: { usdc_quantums: usdc } })))) {
        if ('skipped' in each) throw new Error(each.skipped);
        expect(await twinVerdict(each.statement)).toEqual({ verdict: each.slack.num >= 0n });
      }
    }
  });

  it('asks for every quantum that dYdX rounds up', async () => {
    // 0.1 of 5 quantums rounds up to a whole one, which the equity has to hold
    const odd = (usdc: string) =>
      fields({
        collateral: { usdc_quantums: usdc },
        positions: [{ perpetual: 'BTC', quantums: '5' }],
        prices: { BTC: { price: '1', exponent: '0', atomic_resolution: '-6' } },
        risk_params: { BTC: { initial_margin_ppm: '100000', maintenance_fraction_ppm: '1000000' } },
      });
    for (const [usdc, verdict] of [
      ['-5', false],
      ['-4', true],
    ] as const) {
      const judged = dydxEvaluator.statements(inputs(odd(usdc)));
      expect(judged).toHaveLength(2);
      for (const each of judged) {
        if ('skipped' in each) throw new Error(each.skipped);
        expect(await twinVerdict(each.statement)).toEqual({ verdict });
      }
    }
  });

  it('states nothing of a case without account', () => {
    expect(codeOf(() => dydxEvaluator.statements(inputs({})))).toBe('INVALID_INPUT');
  });
});
