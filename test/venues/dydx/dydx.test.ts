import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/vectors/json.js';
import { dydxRounding, representDydx } from '../../../src/venues/dydx/adapter.js';
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

  it('settles funding into the balance and takes the chosen rates', () => {
    const positions = [{ perpetual: 'BTC', quantums: '100000000', funding_index: '-1', custom_imf_ppm: '500000' }];
    const { holdings, parameters } = representDydx(account(fields({ positions })));
    expect(holdings.collateral[0]?.amount).toBe(-4_000_000_010_000n);
    expect(parameters.instruments[0]?.tiers[0]).toMatchObject({
      maintenanceRate: { num: 1n, den: 10n },
      initialRate: { num: 1n, den: 2n },
    });
  });

  it('agrees with dYdX on both sides of the threshold', async () => {
    for (const usdc of ['-40000000001', '-40000000000', '-45000000001', '-45000000000']) {
      for (const each of dydxEvaluator.statements(inputs(fields({ collateral: { usdc_quantums: usdc } })))) {
        if ('skipped' in each) throw new Error(each.skipped);
        expect(await twinVerdict(each.statement)).toEqual({ verdict: each.slack.num >= 0n });
      }
    }
  });

  it('states nothing where dYdX rounds: without ceilings a circuit would accept a quantum too much', async () => {
    // 0.1 of 5 quantums rounds up to a whole one; equity is that, less half a quantum in the circuit's eyes
    const odd = fields({
      collateral: { usdc_quantums: '-5' },
      positions: [{ perpetual: 'BTC', quantums: '5' }],
      prices: { BTC: { price: '1', exponent: '0', atomic_resolution: '-6' } },
      risk_params: { BTC: { initial_margin_ppm: '100000', maintenance_fraction_ppm: '1000000' } },
    });
    expect(dydxRounding(account(odd), 'maintenance')).toBe('the initial margin of BTC is rounded up');
    expect(dydxEvaluator.statements(inputs(odd))).toEqual([
      { skipped: expect.stringContaining('no ceilings') },
      { skipped: expect.stringContaining('no ceilings') },
    ]);
  });

  it('names each rounding', () => {
    const rates = (initial: string, fraction: string) => ({
      BTC: { initial_margin_ppm: initial, maintenance_fraction_ppm: fraction },
    });
    const truncated = fields({
      positions: [{ perpetual: 'BTC', quantums: '1' }],
      prices: { BTC: { ...prices.BTC, price: '1' } },
    });
    expect(dydxRounding(account(truncated), 'initial')).toContain('truncated');
    expect(dydxRounding(account(fields({ risk_params: rates('200000', '333333') })), 'maintenance')).toContain(
      'no whole ppm',
    );
    expect(dydxRounding(account(fields({ risk_params: rates('200000', '333333') })), 'initial')).toBeUndefined();
    expect(dydxRounding(account(fields()), 'maintenance')).toBeUndefined();
  });

  it('states nothing of a case without account', () => {
    expect(codeOf(() => dydxEvaluator.statements(inputs({})))).toBe('INVALID_INPUT');
  });
});
