import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatRational, ONE, parseRational, type Rational, rational } from '../../../src/numbers/rational.js';
import { registryHash } from '../../../src/snapshot/registry.js';
import { bracketOf, maintenanceMargin } from '../../../src/venues/binance/model.js';
import {
  amountDecimalsAt,
  binanceBrackets,
  binanceParameters,
  binancePrices,
  readLadder,
} from '../../../src/venues/binance/parameters.js';
import { codeOf } from '../../vectors/twin.js';

const EXAMPLES = join(import.meta.dirname, '../../../examples/binance');
const brackets: unknown = JSON.parse(readFileSync(join(EXAMPLES, 'brackets.json'), 'utf8'));
const haircuts = readFileSync(join(EXAMPLES, 'haircuts.csv'), 'utf8');
const parameters = binanceParameters({ brackets, haircuts });
const entryOf = (symbol: string) => parameters.registry.entries.find((entry) => entry.symbol === symbol);
const number = (text: string): Rational => parseRational(text) as Rational;

describe('the whole Binance files', () => {
  it('give 349 instruments with 2,805 tiers and 483 assets with 856 steps', () => {
    expect(parameters.instruments).toHaveLength(349);
    expect(parameters.instruments.flatMap(({ tiers }) => tiers)).toHaveLength(2805);
    expect(parameters.assets).toHaveLength(483);
    expect(parameters.assets.flatMap(({ ladder }) => ladder)).toHaveLength(856);
    expect(parameters.assets.filter(({ ladder }) => ladder.length === 0)).toHaveLength(14);
  });

  it('have continuous maintenance at every boundary, and the venue reads it off either side', () => {
    for (const [symbol, table] of binanceBrackets(brackets)) {
      for (const [index, bracket] of table.slice(1).entries()) {
        const below = table[index] as (typeof table)[number];
        expect(maintenanceMargin(bracket.floor, bracket), symbol).toEqual(maintenanceMargin(bracket.floor, below));
        expect(bracketOf(bracket.floor, table), symbol).toBe(below);
      }
    }
  });

  it('have other ladders in the other columns', () => {
    const steps = (ladder: 'portfolioMargin' | 'vipLoan'): number =>
      binanceParameters({ brackets, haircuts, ladder }).assets.flatMap((asset) => asset.ladder).length;
    expect(steps('portfolioMargin')).toBe(471);
    expect(steps('vipLoan')).toBe(1167);
  });

  it('always give the same registry, with unique ids below 2^32', () => {
    const again = binanceParameters({ brackets, haircuts, ladder: 'vipLoan' });
    expect(again.registry).toEqual(parameters.registry);
    expect(registryHash(again.registry)).toBe(registryHash(parameters.registry));
    const ids = parameters.registry.entries.map(({ id }) => id);
    expect(new Set(ids).size).toBe(832);
    expect(Math.max(...ids)).toBeLessThan(2 ** 32);
    expect(entryOf('1000CAT')).toEqual({ id: 1, symbol: '1000CAT', kind: 'asset', amountDecimals: 6 });
  });

  it('know futures from perpetuals and what they settle in', () => {
    expect(entryOf('BTC/USDT:USDT')).toMatchObject({
      kind: 'perpetual',
      settleAsset: entryOf('USDT')?.id,
      amountDecimals: 8,
    });
    expect(entryOf('BTC/USDT:USDT-241227')).toMatchObject({ kind: 'future', settleAsset: entryOf('USDT')?.id });
    expect(entryOf('BTC/USDC:USDC')).toMatchObject({ kind: 'perpetual', settleAsset: entryOf('USDC')?.id });
    expect(entryOf('ETH/BTC:BTC')).toMatchObject({ settleAsset: entryOf('BTC')?.id });
  });

  it('leave cheap tokens room for large amounts', () => {
    expect(entryOf('PEPE')?.amountDecimals).toBe(4);
    expect(entryOf('BTTC')?.amountDecimals).toBe(2);
    // a contract on a thousand tokens is a thousand times the price
    expect(entryOf('1000PEPE/USDT:USDT')?.amountDecimals).toBe(8);
  });
});

describe('amountDecimalsAt', () => {
  it.each([
    ['115770', 8],
    ['0.01', 8],
    ['0.0099', 6],
    ['0.0001', 6],
    ['0.000099', 4],
    ['0.000001', 4],
    ['0.00000069', 2],
  ])('%s gives %i', (price, decimals) => {
    expect(amountDecimalsAt(number(price))).toBe(decimals);
  });
});

describe('readLadder', () => {
  it('reads finite and endless steps, spaces, and nothing', () => {
    expect(readLadder('[0-500:100, 500-1000:85]', 'X')).toEqual([
      { valueCap: rational(500n), factor: ONE },
      { valueCap: rational(1000n), factor: number('0.85') },
    ]);
    expect(readLadder('[0-18446744073709551615:95]', 'X')).toEqual([{ valueCap: null, factor: number('0.95') }]);
    expect(readLadder('[]', 'X')).toEqual([]);
    expect(readLadder('', 'X')).toEqual([]);
  });

  it.each([
    '[1-500:100]',
    '[0-500:100,600-700:50]',
    '[0-500:100,400-700:50]',
    '[0-0:100]',
    '[0-18446744073709551615:95,18446744073709551615-2:1]',
    '[0-500:101]',
    '[0-500:-1]',
    '[0-500]',
    '[0-500:100,]',
    '0-500:100',
  ])('refuses %s', (text) => {
    expect(codeOf(() => readLadder(text, 'X'))).toBe('INVALID_INPUT');
  });
});

describe('binanceParameters', () => {
  const header =
    'token,asset_usdt_price,collateral_vip_loan_ratio_tiers,collateral_margin_ratio_tiers,collateral_portfolio_margin_ratio_tiers';
  const row = (token: string, price = '1') => `"${token}","${price}","[]","[0-10:50]","[]"`;
  const csv = [header, row('usdt')].join('\n');
  const first = ['0', '100', '0.01', '0', '20'];
  const second = ['100', '1000', '0.02', '1', '10'];
  const build = (rows: readonly unknown[], text = csv, symbol = 'BTC/USDT:USDT') =>
    binanceParameters({ brackets: { symbols: { [symbol]: rows } }, haircuts: text });

  it('carries caps, rates, amounts and 1 / leverage over exactly', () => {
    expect(
      build([first, second]).instruments[0]?.tiers.map((tier) =>
        Object.values(tier).map((value) => value && formatRational(value)),
      ),
    ).toEqual([
      ['100', '0.01', '0', '0.05'],
      ['1000', '0.02', '1', '0.1'],
    ]);
  });

  it.each<[string, readonly unknown[]]>([
    ['a gap', [first, ['101', '1000', '0.02', '1.01', '10']]],
    ['a table that does not start at zero', [['1', '100', '0.01', '0.01', '20']]],
    ['an empty bracket', [['0', '0', '0.01', '0', '20']]],
    ['a falling rate', [first, ['100', '1000', '0.005', '-0.5', '10']]],
    ['a rate above 1', [['0', '100', '1.01', '0', '1']]],
    ['a jump of the margin', [first, ['100', '1000', '0.02', '0.99', '10']]],
    ['a rising leverage', [first, ['100', '1000', '0.02', '1', '25']]],
    ['a leverage below 1', [['0', '100', '0.01', '0', '0.5']]],
    ['a number that is none', [['0', 'x', '0.01', '0', '20']]],
    ['bare numbers', [[0, 100, 0.01, 0, 20]]],
    ['no bracket', []],
  ])('refuses %s', (_, rows) => {
    expect(codeOf(() => build(rows))).toBe('INVALID_INPUT');
  });

  it('refuses a token listed twice, whatever its case', () => {
    expect(codeOf(() => build([first], [header, row('usdt'), row('USDT')].join('\n')))).toBe('DUPLICATE');
  });

  it('refuses an unknown settle asset, a strange symbol, missing columns and no CSV', () => {
    expect(codeOf(() => build([first], csv, 'BTC/USDC:USDC'))).toBe('UNKNOWN_ASSET');
    expect(codeOf(() => build([first], csv, 'BTCUSDT'))).toBe('INVALID_INPUT');
    expect(codeOf(() => build([first], 'token\nusdt'))).toBe('INVALID_INPUT');
    expect(codeOf(() => build([first], '"'))).toBe('INVALID_INPUT');
    expect(codeOf(() => binanceParameters({ brackets: [], haircuts: csv }))).toBe('INVALID_INPUT');
  });
});

describe('binancePrices', () => {
  const prices = (entries: readonly (readonly [string, string])[]) =>
    binancePrices(parameters.registry, new Map(entries), 5);

  it('sorts prices into assets and instruments, with the quote at 1', () => {
    const { time, assets, instruments } = prices([
      ['BTC', '100000.5'],
      ['BTC/USDT:USDT', '100001'],
    ]);
    expect(time).toBe(5);
    expect(assets.get(entryOf('BTC')?.id ?? 0)).toEqual(number('100000.5'));
    expect(assets.get(entryOf('USDT')?.id ?? 0)).toEqual(ONE);
    expect(instruments).toEqual(new Map([[entryOf('BTC/USDT:USDT')?.id, number('100001')]]));
  });

  it('refuses an unknown symbol and a price that is none or not positive', () => {
    expect(codeOf(() => prices([['NOPE', '1']]))).toBe('UNKNOWN_INSTRUMENT');
    expect(codeOf(() => prices([['BTC', 'x']]))).toBe('INVALID_INPUT');
    expect(codeOf(() => prices([['BTC', '0']]))).toBe('INVALID_INPUT');
    expect(codeOf(() => prices([['BTC', '-1']]))).toBe('INVALID_INPUT');
  });
});
