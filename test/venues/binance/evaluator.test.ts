import { describe, expect, it } from 'vitest';
import { formatRational, type Rational } from '../../../src/numbers/rational.js';
import type { JsonObject } from '../../../src/vectors/json.js';
import { binanceEvaluator } from '../../../src/venues/binance/evaluator.js';
import { codeOf, twinVerdict } from '../../vectors/twin.js';

const long = { symbol: 'ETHUSDT', side: 'long', qty: '1', entry: '10', leverage: '5', mmr: '0.01', cum: '0.01' };
const inputs = (fields: JsonObject, asked: JsonObject = {}) => ({ id: 'case', model: 'model', fields, asked });
const isolated = (position: JsonObject, wallet = 'amount*open_rate/leverage') =>
  inputs({ collateral: { isolated_wallet: wallet }, positions: [position] });
const figure = (given: ReturnType<typeof inputs>, name: string): string | undefined => {
  const value = binanceEvaluator.evaluate(given).figures.get(name);
  return value === undefined ? undefined : formatRational(value as Rational);
};

describe('an isolated wallet', () => {
  it('may be words, in any order of factors, or a number', () => {
    const price = figure(isolated(long), 'liquidation_price');
    expect(price).toBe('799/99');
    expect(figure(isolated(long, 'open_rate / leverage * qty'), 'liquidation_price')).toBe(price);
    expect(figure(isolated(long, '10*entry/leverage/10'), 'liquidation_price')).toBe(price);
    expect(figure(isolated(long, '2'), 'liquidation_price')).toBe(price);
    expect(figure(isolated({ ...long, qty: '0.6' }), 'liquidation_price')).toBe('2395/297');
  });

  it.each(['amount+open_rate', 'amount*secret', '', 'amount/0', '(amount)', 'toString'])(
    'is refused as "%s"',
    (words) => {
      expect(codeOf(() => binanceEvaluator.evaluate(isolated(long, words)))).toBe('INVALID_INPUT');
    },
  );

  it('belongs to one position', () => {
    const two = inputs({ collateral: { isolated_wallet: '2' }, positions: [long, { ...long, symbol: 'B' }] });
    expect(codeOf(() => binanceEvaluator.evaluate(two))).toBe('INVALID_INPUT');
  });
});

describe('a cross wallet', () => {
  const marked = (symbol: string, mark: string, side = 'long') => ({ ...long, symbol, side, mark });
  const cross = (positions: readonly JsonObject[], asked: JsonObject = {}) =>
    inputs({ collateral: { wallet_balance_USDT: '100' }, positions }, asked);

  it('answers for the position that is asked about', () => {
    const positions = [marked('A', '11'), marked('B', '12', 'short'), marked('C', '13')];
    const prices = ['A', 'B', 'C'].map((of) => figure(cross(positions, { of }), 'liquidation_price'));
    expect(new Set(prices).size).toBe(3);
    expect(figure(cross(positions), 'liquidation_price')).toBeUndefined();
    expect(figure(cross(positions, { of: 'D' }), 'liquidation_price')).toBeUndefined();
  });

  it('tells equity and margins where every mark is known', () => {
    expect(figure(cross([marked('A', '11'), marked('B', '12', 'short')]), 'equity')).toBe('99');
    expect(figure(cross([marked('A', '11'), marked('B', '12', 'short')]), 'maintenance_margin')).toBe('0.21');
    expect(figure(cross([marked('A', '11'), marked('B', '12', 'short')]), 'initial_margin')).toBe('4.6');
    expect(figure(cross([marked('A', '11'), long], { of: 'ETHUSDT' }), 'equity')).toBeUndefined();
    expect(figure(cross([marked('A', '11'), long], { of: 'ETHUSDT' }), 'liquidation_price')).toBeDefined();
  });
});

describe('what is refused', () => {
  it.each<[string, JsonObject]>([
    ['an unknown field of a position', { collateral: { isolated_wallet: '2' }, positions: [{ ...long, fee: '1' }] }],
    ['an unknown collateral', { collateral: { bitcoins: '2' }, positions: [long] }],
    ['two balances', { collateral: { wallet_balance_USDT: '2', wallet_balance_USDC: '2' }, positions: [long] }],
    ['no balance', { positions: [long] }],
    ['a side that is neither', { collateral: { isolated_wallet: '2' }, positions: [{ ...long, side: 'both' }] }],
    ['a quantity that is no number', { collateral: { isolated_wallet: '2' }, positions: [{ ...long, qty: 'one' }] }],
    [
      'a missing rate',
      {
        collateral: { isolated_wallet: '2' },
        positions: [{ symbol: 'A', side: 'long', qty: '1', entry: '1', cum: '0' }],
      },
    ],
    ['prices beside the positions', { collateral: { isolated_wallet: '2' }, positions: [long], prices: { A: '1' } }],
    ['other parameters', { collateral: { isolated_wallet: '2' }, positions: [long], risk_params: { fee: '1' } }],
  ])('%s', (_, fields) => {
    expect(codeOf(() => binanceEvaluator.evaluate(inputs(fields)))).toBe('INVALID_INPUT');
  });
});

describe('statements', () => {
  const short = { ...long, side: 'short' };
  it.each([long, short, { ...long, leverage: '3' }, { ...short, qty: '0.6' }, { ...long, cum: '0' }])(
    'stand on both sides of the liquidation price: %o',
    async (position) => {
      const judged = binanceEvaluator.statements(isolated(position));
      const verdicts = await Promise.all(
        judged.map((each) => ('skipped' in each ? each : twinVerdict(each.statement))),
      );
      expect(new Set(verdicts.map((each) => ('verdict' in each ? each.verdict : undefined)))).toEqual(
        new Set([true, false]),
      );
    },
  );

  it('say what was rounded', () => {
    const [first] = binanceEvaluator.statements(isolated({ ...long, leverage: '3' }));
    expect(first).toMatchObject({ rounded: ['balance'], asStated: false });
  });

  it('need a mark or a liquidation price', () => {
    expect(codeOf(() => binanceEvaluator.statements(isolated({ ...long, leverage: '1' })))).toBe('INVALID_INPUT');
  });

  it('refuse a maintenance amount without a rate', () => {
    expect(codeOf(() => binanceEvaluator.statements(isolated({ ...long, cum: '-1' })))).toBe('NOT_REPRESENTABLE');
  });
});
