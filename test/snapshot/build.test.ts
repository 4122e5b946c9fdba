import { describe, expect, it } from 'vitest';
import { buildSnapshot } from '../../src/snapshot/build.js';
import type { Parameters, Prices } from '../../src/snapshot/parameters.js';
import { parameters, prices, q } from './example.js';

const [btc, ethBtc] = parameters.instruments as [Parameters['instruments'][number], Parameters['instruments'][number]];
const withPrice = (kind: 'assets' | 'instruments', id: number, price: ReturnType<typeof q>): Prices => ({
  ...prices,
  [kind]: new Map([...prices[kind], [id, price]]),
});

describe('buildSnapshot', () => {
  const maintenance = buildSnapshot(parameters, prices, 'maintenance');
  const initial = buildSnapshot(parameters, prices, 'initial');

  it('puts assets and instruments in registry order', () => {
    expect(maintenance.assets.map(({ assetId }) => assetId)).toEqual([1, 7, 9]);
    expect(maintenance.instruments.map(({ instrumentId }) => instrumentId)).toEqual([5, 4]);
  });

  it('keeps exact figures exact', () => {
    expect(maintenance.model).toEqual({
      family: 'tiered',
      version: 1,
      claim: 'maintenance',
      tiers: 'marginal',
      haircuts: 'marginal',
    });
    expect(maintenance.instruments[0]).toEqual({
      instrumentId: 5,
      price: 260_105n * 10n ** 7n,
      tiers: [
        { notionalCap: 50_000n * 10n ** 16n, rate: 4_000n, deduction: 0n },
        { notionalCap: 250_000n * 10n ** 16n, rate: 5_000n, deduction: 50n * 10n ** 22n },
        { notionalCap: null, rate: 10_000n, deduction: 1_300n * 10n ** 22n },
      ],
    });
  });

  it('turns caps and marks in another settle asset into quote', () => {
    // 10 BTC at 26000.50, and 0.060001 BTC
    expect(maintenance.instruments[1]).toMatchObject({
      price: 15_600_560_005n * 10n ** 3n,
      tiers: [{ notionalCap: 260_005n * 10n ** 16n }, { notionalCap: 2_600_050n * 10n ** 16n }],
    });
  });

  it('rounds rates up and factors down, recomputes deductions to fit, and records each rounding', () => {
    // 1/150 -> 0.006667; the deduction follows: 260,005 x (0.01 - 0.006667)
    expect(maintenance.instruments[1]?.tiers).toMatchObject([
      { rate: 6_667n, deduction: 0n },
      { rate: 10_000n, deduction: 260_005n * 10n ** 16n * 3_333n },
    ]);
    expect(maintenance.assets[1]?.ladder[1]?.factor).toBe(666_666n);
    expect(maintenance.roundings).toEqual([
      { where: 'BTC tier 1 factor', exact: '2/3', used: '0.666666' },
      { where: 'ETH/BTC:BTC tier 0 rate', exact: '1/150', used: '0.006667' },
    ]);
    expect(initial.roundings).toContainEqual({ where: 'BTC/USDT:USDT tier 1 rate', exact: '1/75', used: '0.013334' });
  });

  it('rounds caps down', () => {
    const cap = {
      ...parameters,
      instruments: [
        {
          ...btc,
          tiers: [
            {
              notionalCap: q(100_000n, 3n),
              maintenanceRate: q(1n, 10n),
              maintenanceDeduction: q(0n),
              initialRate: q(1n, 5n),
            },
          ],
        },
      ],
    };
    const built = buildSnapshot(cap, prices, 'maintenance');
    expect(built.instruments[0]?.tiers[0]?.notionalCap).toBe(333_333_333_333_333_333_333n);
    expect(built.roundings).toContainEqual({
      where: 'BTC/USDT:USDT tier 0 cap',
      exact: '100000/3',
      used: '33333.3333333333333333',
    });
  });

  it('uses the initial rates without deductions under the whole rule, with them under the marginal one', () => {
    expect(initial.model).toMatchObject({ claim: 'initial', tiers: 'whole' });
    expect(initial.instruments[0]?.tiers.map(({ rate, deduction }) => [rate, deduction])).toEqual([
      [8_000n, 0n],
      [13_334n, 0n],
      [20_000n, 0n],
    ]);
    const marginal = buildSnapshot({ ...parameters, initialRule: 'marginal' }, prices, 'initial');
    expect(marginal.instruments[0]?.tiers[1]?.deduction).toBe(50_000n * 10n ** 16n * 5_334n);
  });

  it.each([
    [q(1n, 2n), 0n],
    [q(3n, 2n), 2n],
    [q(5n, 2n), 2n],
    [q(7n, 3n), 2n],
    [q(8n, 3n), 3n],
  ])('rounds a converted mark of %o units to nearest, ties to even', (settlePrice, units) => {
    // ETH/BTC:BTC prices have 10 decimals, so a mark of 1e-10 BTC times the price of BTC is that price in units
    const converted: Prices = {
      ...prices,
      assets: new Map([...prices.assets, [7, settlePrice]]),
      instruments: new Map([...prices.instruments, [4, q(1n, 10n ** 10n)]]),
    };
    const withoutBtc = { ...parameters, assets: [], instruments: [ethBtc] };
    if (units === 0n) {
      expect(() => buildSnapshot(withoutBtc, converted, 'maintenance')).toThrow(
        expect.objectContaining({ code: 'INVALID_SNAPSHOT' }),
      );
      return;
    }
    const built = buildSnapshot(withoutBtc, converted, 'maintenance');
    expect(built.instruments[0]?.price).toBe(units);
    expect(built.roundings).toContainEqual(
      expect.objectContaining({ where: 'ETH/BTC:BTC mark', used: `0.000000000${units}` }),
    );
  });
});

describe('buildSnapshot refuses', () => {
  const refuses = (wrong: Parameters, at: Prices, expected: object) =>
    expect(() => buildSnapshot(wrong, at, 'maintenance')).toThrow(expect.objectContaining(expected));

  it('missing prices, naming all of them, settle assets included', () => {
    const none: Prices = { time: 0, assets: new Map([[9, q(1n)]]), instruments: new Map([[5, q(1n)]]) };
    refuses(parameters, none, { code: 'MISSING_PRICE', details: { missing: ['USDT', 'BTC', 'ETH/BTC:BTC'] } });
    const btcAlone = { ...parameters, assets: [], instruments: [ethBtc] };
    refuses(
      btcAlone,
      { ...none, instruments: prices.instruments },
      { code: 'MISSING_PRICE', details: { missing: ['BTC'] } },
    );
  });

  it('a price with more decimals than it can have', () => {
    refuses(parameters, withPrice('assets', 7, q(1n, 10n ** 9n)), {
      code: 'NOT_REPRESENTABLE',
      details: { where: 'BTC', decimals: 8 },
    });
    refuses(parameters, withPrice('instruments', 5, q(1n, 3n)), {
      code: 'NOT_REPRESENTABLE',
      details: { where: 'BTC/USDT:USDT', decimals: 8 },
    });
    refuses(parameters, withPrice('instruments', 4, q(1n, 10n ** 11n)), {
      code: 'NOT_REPRESENTABLE',
      details: { where: 'ETH/BTC:BTC', decimals: 10 },
    });
  });

  it.each([
    ['assets', 1, 0n],
    ['instruments', 5, -1n],
  ] as const)('a price that is not above zero (%s %i)', (kind, id, price) => {
    refuses(parameters, withPrice(kind, id, q(price)), { code: 'INVALID_SNAPSHOT' });
  });

  it('a venue deduction that does not continue the requirement, naming instrument and tier', () => {
    const [first, second, third] = btc.tiers as [
      (typeof btc.tiers)[number],
      (typeof btc.tiers)[number],
      (typeof btc.tiers)[number],
    ];
    const wrong = (tiers: typeof btc.tiers): Parameters => ({ ...parameters, instruments: [{ ...btc, tiers }] });
    const at = (tier: number) => ({
      code: 'INVALID_SNAPSHOT',
      details: expect.objectContaining({ where: `instrument BTC/USDT:USDT tier ${tier}` }),
    });
    refuses(wrong([first, { ...second, maintenanceDeduction: q(500_001n, 10_000n) }, third]), prices, at(1));
    refuses(wrong([{ ...first, maintenanceDeduction: q(1n) }, second, third]), prices, at(0));
    refuses({ ...wrong([first, second, third]), maintenanceRule: 'whole' }, prices, at(1));
  });

  it('ids outside the registry, and an asset among the instruments', () => {
    refuses({ ...parameters, assets: [{ assetId: 99, ladder: [] }] }, prices, { code: 'UNKNOWN_ASSET' });
    refuses({ ...parameters, instruments: [{ ...btc, instrumentId: 99 }] }, prices, { code: 'UNKNOWN_INSTRUMENT' });
    refuses({ ...parameters, instruments: [{ ...btc, instrumentId: 7 }] }, prices, { code: 'INVALID_SNAPSHOT' });
  });

  it('what the validator refuses: a thing listed twice, caps that hold no single unit', () => {
    refuses({ ...parameters, instruments: [btc, btc] }, prices, { code: 'INVALID_SNAPSHOT' });
    const [tier] = btc.tiers as [(typeof btc.tiers)[number]];
    refuses({ ...parameters, instruments: [{ ...btc, tiers: [{ ...tier, notionalCap: q(1n, 10n ** 5n) }] }] }, prices, {
      code: 'INVALID_SNAPSHOT',
      message: expect.stringContaining('smallest size'),
    });
  });
});
