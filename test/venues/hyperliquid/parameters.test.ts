import { describe, expect, it } from 'vitest';
import { formatRational, rational } from '../../../src/numbers/rational.js';
import { buildSnapshot } from '../../../src/snapshot/build.js';
import { hyperliquidParameters } from '../../../src/venues/hyperliquid/parameters.js';
import { codeOf } from '../../vectors/twin.js';

const BTC = { name: 'BTC', szDecimals: 5, maxLeverage: 40, marginTableId: 56 };
const TABLE = [
  56,
  {
    description: 'tiered 40x',
    marginTiers: [
      { lowerBound: '0.0', maxLeverage: 40 },
      { lowerBound: '150000000.0', maxLeverage: 20 },
    ],
  },
];
const meta = {
  universe: [
    BTC,
    { name: 'OLD', szDecimals: 1, maxLeverage: 3, marginTableId: 3, isDelisted: true },
    { name: 'HYPE', szDecimals: '2', maxLeverage: '10', marginTableId: '10', onlyIsolated: false },
    { name: 'NEW', szDecimals: 0, maxLeverage: 3 },
  ],
  marginTables: [TABLE],
};

describe('hyperliquidParameters', () => {
  const parameters = hyperliquidParameters(meta);

  it('gives ids in the order of the universe, delisted coins included', () => {
    expect(parameters.registry.entries.map(({ id, symbol, amountDecimals }) => [id, symbol, amountDecimals])).toEqual([
      [1, 'USDC', 8],
      [2, 'BTC', 9],
      [3, 'OLD', 5],
      [4, 'HYPE', 6],
      [5, 'NEW', 4],
    ]);
    expect(parameters.instruments.map(({ instrumentId }) => instrumentId)).toEqual([2, 4, 5]);
  });

  it('takes half the initial margin at the highest leverage, by table, by table id or flat', () => {
    const tiers = parameters.instruments.map((instrument) =>
      instrument.tiers.map((tier) => Object.values(tier).map((value) => value && formatRational(value))),
    );
    expect(tiers).toEqual([
      [
        ['150000000', '0.0125', '0', '0.025'],
        [null, '0.025', '1875000', '0.05'],
      ],
      [[null, '0.05', '0', '0.1']],
      [[null, '1/6', '0', '1/3']],
    ]);
  });

  it('makes a valid snapshot of each claim', () => {
    const prices = {
      time: 1,
      assets: new Map([[1, rational(1n)]]),
      instruments: new Map([2, 4, 5].map((id) => [id, rational(123n, 100n)])),
    };
    expect(buildSnapshot(parameters, prices, 'maintenance').instruments[2]?.tiers[0]?.rate).toBe(166_667n);
    expect(buildSnapshot(parameters, prices, 'initial').instruments).toHaveLength(3);
  });

  const withTiers = (marginTiers: unknown) => ({ universe: [BTC], marginTables: [[56, { marginTiers }]] });
  it.each<[string, unknown]>([
    ['no universe', {}],
    ['a table that is not listed', { universe: [BTC], marginTables: [] }],
    ['too many size decimals', { universe: [{ ...BTC, szDecimals: 7 }], marginTables: [TABLE] }],
    ['a leverage of zero', { universe: [{ ...BTC, maxLeverage: 0 }], marginTables: [TABLE] }],
    ['tiers that do not start at 0', withTiers([{ lowerBound: '1', maxLeverage: 40 }])],
    ['a bound that is no number', withTiers([{ lowerBound: 'x', maxLeverage: 40 }])],
    [
      'bounds that do not rise',
      withTiers([
        { lowerBound: '0', maxLeverage: 40 },
        { lowerBound: '0', maxLeverage: 20 },
      ]),
    ],
    [
      'a leverage that rises',
      withTiers([
        { lowerBound: '0', maxLeverage: 20 },
        { lowerBound: '5', maxLeverage: 40 },
      ]),
    ],
    ['no tiers', withTiers([])],
  ])('refuses %s', (_, given) => {
    expect(codeOf(() => hyperliquidParameters(given))).toBe('INVALID_INPUT');
  });

  it('refuses a coin that is listed twice', () => {
    expect(codeOf(() => hyperliquidParameters({ universe: [BTC, BTC], marginTables: [TABLE] }))).toBe('DUPLICATE');
  });
});
