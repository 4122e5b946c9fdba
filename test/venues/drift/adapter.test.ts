import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/margin/evaluate.js';
import { type Rational, rational } from '../../../src/numbers/rational.js';
import { buildRiskTable } from '../../../src/risk/riskTable.js';
import { representDrift } from '../../../src/venues/drift/adapter.js';
import { driftAccountEvaluator, driftPerpEvaluator } from '../../../src/venues/drift/evaluator.js';
import type {
  DriftAccount,
  DriftPerpPosition,
  DriftSpotPosition,
  StrictPrice,
} from '../../../src/venues/drift/model.js';
import { riskOf } from '../../../src/venues/drift/model.js';
import { codeOf, twinVerdict } from '../../vectors/twin.js';

const USD = 1_000_000n;
const usdc = (amount: bigint, price: StrictPrice = { current: USD }) => ({ price, decimals: 6, amount: amount * USD });
const NO_ORDERS = { openBids: 0n, openAsks: 0n, openOrders: 0n };

const account = (change: Partial<DriftAccount> = {}): DriftAccount => ({
  rules: { marginPerOpenOrder: 10_000n, unrealizedCap: 100n * USD },
  quote: usdc(10_000n),
  spots: [],
  perps: [],
  customMarginRatio: 0n,
  ...change,
});
const perp = (
  change: Partial<DriftPerpPosition> = {},
  market: Partial<DriftPerpPosition['market']> = {},
): DriftPerpPosition => ({
  base: 10n ** 9n,
  quoteEntry: -100n * USD,
  customMarginRatio: 0n,
  ...NO_ORDERS,
  ...change,
  market: {
    price: 100n * USD,
    marginRatio: { initial: 1_000n, maintenance: 500n },
    imfFactor: 0n,
    unrealizedAssetWeight: { initial: 0n, maintenance: 10_000n },
    unrealizedImfFactor: 0n,
    isPrediction: false,
    ...market,
  },
});
const spot = (
  change: Partial<DriftSpotPosition> = {},
  market: Partial<DriftSpotPosition['market']> = {},
): DriftSpotPosition => ({
  amount: 0n,
  ...NO_ORDERS,
  ...change,
  market: {
    price: { current: 100n * USD },
    decimals: 9,
    assetWeight: { initial: 8_000n, maintenance: 9_000n },
    liabilityWeight: { initial: 12_000n, maintenance: 11_000n },
    imfFactor: 0n,
    ...market,
  },
});

/** Equity and requirement of the twin in 1e-6 of the unit of account. */
function figures(held: DriftAccount, claim: 'maintenance' | 'initial' = 'initial') {
  const { snapshot, holdings } = representDrift(held, claim);
  const { weightedEquity, requirement } = evaluate(holdings, buildRiskTable(snapshot));
  const units = (value: bigint): Rational => rational(value, 10n ** 28n);
  return { collateral: units(weightedEquity), requirement: units(requirement), snapshot, holdings };
}
const exactly = (held: DriftAccount, claim: 'maintenance' | 'initial' = 'initial') => {
  const { collateral, requirement } = figures(held, claim);
  const risk = riskOf(held, claim);
  expect({ collateral, requirement }).toEqual({
    collateral: rational(risk.collateral),
    requirement: rational(risk.requirement),
  });
};

describe('an account of whole figures is exact in equity and requirement', () => {
  it.each<[string, DriftAccount]>([
    ['a balance', account()],
    ['a debt of the quote token', account({ quote: usdc(-5n) })],
    ['a long at its cost', account({ perps: [perp()] })],
    ['a loss', account({ perps: [perp({ quoteEntry: -150n * USD })] })],
    [
      'a profit',
      account({
        perps: [perp({ quoteEntry: -50n * USD }, { unrealizedAssetWeight: { initial: 9_000n, maintenance: 10_000n } })],
      }),
    ],
    [
      'a profit above the cap',
      account({
        perps: [
          perp({ quoteEntry: 500n * USD }, { unrealizedAssetWeight: { initial: 10_000n, maintenance: 10_000n } }),
        ],
      }),
    ],
    [
      'a short whose ratio grows with its size',
      account({ perps: [perp({ base: -(10n ** 12n), quoteEntry: 100_000n * USD }, { imfFactor: 1_000n })] }),
    ],
    ["the account's own ratio", account({ customMarginRatio: 2_000n, perps: [perp({ customMarginRatio: 3_000n })] })],
    [
      'more bids than the position',
      account({ perps: [perp({ openBids: 4n * 10n ** 9n, openAsks: -(10n ** 9n), openOrders: 2n })] }),
    ],
    ['asks that turn the position', account({ perps: [perp({ openAsks: -5n * 10n ** 9n, openOrders: 1n })] })],
    [
      'a profit without base',
      account({
        perps: [
          perp(
            { base: 0n, quoteEntry: 7n * USD },
            { unrealizedAssetWeight: { initial: 5_000n, maintenance: 10_000n } },
          ),
        ],
      }),
    ],
    ['a loss without base', account({ perps: [perp({ base: 0n, quoteEntry: -7n * USD })] })],
    [
      'a short of a prediction',
      account({ perps: [perp({ base: -(10n ** 9n), quoteEntry: 300_000n }, { price: 300_000n, isPrediction: true })] }),
    ],
    ['a deposit', account({ spots: [spot({ amount: 3n * 10n ** 9n })] })],
    [
      'a borrow whose weight grows with its size',
      account({ spots: [spot({ amount: -(10n ** 12n) }, { imfFactor: 10_000n })] }),
    ],
    [
      'a deposit of a borrower with a ratio of their own',
      account({ customMarginRatio: 5_000n, spots: [spot({ amount: 10n ** 9n }), spot({ amount: -(10n ** 9n) })] }),
    ],
  ])('%s', (_, held) => {
    exactly(held, 'initial');
    exactly(held, 'maintenance');
  });
});

describe('what is held beside', () => {
  it('fills that pay in are a balance, and those that cost are reserved', () => {
    exactly(account({ spots: [spot({ openAsks: -500n * 10n ** 9n, openOrders: 1n })] }));
    exactly(account({ quote: usdc(60_000n), spots: [spot({ openBids: 500n * 10n ** 9n, openOrders: 1n })] }));
    const { holdings, snapshot } = figures(account({ spots: [spot({ openAsks: -(10n ** 9n), openOrders: 3n })] }));
    expect(snapshot.registry.entries.map(({ symbol }) => symbol)).toEqual([
      'USDC',
      'SPOT-0-PROCEEDS',
      'SPOT-0-DEBT',
      'RESERVED',
    ]);
    // three orders at a cent, in 1e-8
    expect(holdings.positions.at(-1)?.size).toBe(3_000_000n);
  });

  it('money counts in the quote token at its dearer price', () => {
    const strict = (amount: bigint) =>
      account({ quote: usdc(amount, { current: 1_010_000n, average: 950_000n }), perps: [perp()] });
    // 100 x 10% in the token itself; a balance at 0.95 / 1.01
    expect(figures(strict(11n)).requirement).toEqual(rational(10n * USD));
    expect(figures(strict(11n)).snapshot.roundings).toEqual([
      { where: 'price of USDC', exact: '95/101', used: '0.9405940594' },
    ]);
    expect(figures(account({ quote: usdc(-1n, { current: USD, average: 1_020_000n }) })).requirement).toEqual(
      rational(USD),
    );
  });

  it('a quantum is reserved for each cut of the venue, and none where it cuts nothing', () => {
    const odd = perp({ base: 1n, quoteEntry: -1n }, { price: 1_500_000n });
    expect(figures(account({ perps: [odd] })).holdings.positions.at(-1)?.size).toBe(100n);
    expect(figures(account({ perps: [perp()] })).holdings.positions).toHaveLength(1);
  });

  it('is refused where a figure has no place', () => {
    const refusal = (change: Partial<DriftAccount>) => codeOf(() => representDrift(account(change), 'initial'));
    expect(refusal({ quote: { ...usdc(1n), amount: 1n << 64n } })).toBe('NOT_REPRESENTABLE');
    expect(refusal({ perps: [perp({ base: 1n << 64n })] })).toBe('NOT_REPRESENTABLE');
    expect(refusal({ perps: [perp({}, { price: 1n << 60n })] })).toBe('NOT_REPRESENTABLE');
    expect(refusal({ perps: [perp({}, { imfFactor: 1n << 24n })] })).toBe('NOT_REPRESENTABLE');
    expect(refusal({ spots: [spot({ amount: -(1n << 64n) })] })).toBe('NOT_REPRESENTABLE');
    // a discount down to nothing
    expect(refusal({ spots: [spot({ amount: 10n ** 18n }, { imfFactor: 1_000_000n })] })).toBe('NOT_REPRESENTABLE');
    const immense = perp(
      { quoteEntry: 10n ** 17n },
      { unrealizedImfFactor: 1_000_000n, unrealizedAssetWeight: { initial: 10_000n, maintenance: 0n } },
    );
    expect(refusal({ perps: [immense] })).toBe('NOT_REPRESENTABLE');
  });
});

describe('statements', () => {
  const inputs = (fields: object) => ({ id: 'x', model: 'x', fields: fields as never, asked: {} });

  it('agree with the model on both sides of the requirement', async () => {
    const fields = (amount: string) => ({
      collateral: { USDC: amount },
      positions: [{ perp: 'SOL', base: '1' }],
      prices: { SOL: '100' },
      risk_params: { margin_ratio_initial_1e4: '1000', margin_ratio_maintenance_1e4: '500' },
    });
    for (const [amount, initial] of [
      ['10', true],
      ['9.999999', false],
    ] as const) {
      const judged = driftAccountEvaluator.statements(inputs(fields(amount)));
      expect(judged).toHaveLength(2);
      for (const each of judged) {
        if ('skipped' in each) throw new Error(each.skipped);
        expect(each.slack.num >= 0n).toBe(each.statement.claim === 'maintenance' || initial);
        expect(await twinVerdict(each.statement)).toEqual({ verdict: each.slack.num >= 0n });
      }
    }
  });

  it('are left out for a claim whose parameters the case lacks', () => {
    const judged = driftPerpEvaluator.statements(
      inputs({
        positions: [{ base_1e9: '1', quote_1e6: '5' }],
        prices: { oracle_1e6: '21050000000' },
        risk_params: { margin_ratio_initial_1e4: '1000' },
      }),
    );
    expect(judged.map((each) => 'skipped' in each)).toEqual([true, false]);
  });
});
