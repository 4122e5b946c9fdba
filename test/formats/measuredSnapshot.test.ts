import { describe, expect, it } from 'vitest';
import { parseSnapshot, serializeSnapshot } from '../../src/formats/snapshot.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { CASES, hybridSnapshot } from '../support/measureMarket.js';
import { codeOf } from '../vectors/twin.js';

const text = serializeSnapshot(hybridSnapshot);

/** The file with one place changed; undefined takes the place out. */
function spoil(path: readonly (string | number)[], value: unknown): string {
  const file = JSON.parse(text) as Record<string, unknown>;
  const parent = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>((node, key) => node[key] as Record<string, unknown>, file);
  parent[path.at(-1) as string] = value;
  return JSON.stringify(file);
}

describe.each(CASES)('a snapshot of the model $name as a file', ({ snapshot, table }) => {
  it('reads back as it was, under the same root, in one form', () => {
    const written = serializeSnapshot(snapshot);
    const read = parseSnapshot(written, 'snapshot.json');
    expect(read).toEqual(snapshot);
    expect(buildRiskTable(read).riskRoot).toBe(table.riskRoot);
    expect(serializeSnapshot(read)).toBe(written);
  });
});

describe('a snapshot of a risk measure as a file', () => {
  it('states figures in quote units of whole contracts', () => {
    const { model, underlyings, instruments } = JSON.parse(text);
    expect(model).toMatchObject({
      ...{ family: 'hybrid', blocks: 1, rule: 'maximum', added: '1', stress: ['crash', 'squeeze', 'apart'] },
      factors: {
        cholesky: [['0.082345678'], ['0.071234567', '0.045678901'], ['-0.012345678', '0.007654321', '0.151111111']],
      },
      weights: { charges: '0.1', greeks: '1', parametric: '2.9', tail: '2.1', stress: '0.4' },
    });
    expect(model.tail).toMatchObject({ measure: 'expected shortfall', confidence: '0.93' });
    expect(underlyings[0]).toMatchObject({
      name: 'BTC',
      shocks: [{ move: '-0.2', volatility: '0.150000001' }, {}, {}],
    });
    expect(instruments[1]).toMatchObject({
      ...{ instrument: 'BTC-CALL', mark: '2000' },
      charges: [
        { sizeCap: '0.0001', charge: '0' },
        { sizeCap: null, charge: '0.000777777777' },
      ],
      greeks: { underlying: 'BTC', delta: '31234', gamma: '212345', vega: '9876' },
    });
    expect(instruments[4]).toMatchObject({
      instrument: 'GOLD',
      greeks: null,
      exposures: ['0', '0.000000000001', '100'],
    });
  });

  it.each<[string, readonly (string | number)[], unknown, string]>([
    ['a contract that the registry lacks', ['instruments', 0, 'instrument'], 'XRP-PERP', 'UNKNOWN_INSTRUMENT'],
    ['an underlying that the file lacks', ['instruments', 0, 'greeks', 'underlying'], 'XRP', 'INVALID_SNAPSHOT'],
    ['Greeks left out', ['instruments', 0, 'greeks'], undefined, 'INVALID_INPUT'],
    ['a delta left out', ['instruments', 0, 'greeks', 'delta'], undefined, 'INVALID_INPUT'],
    ['a delta with too many decimals', ['instruments', 0, 'greeks', 'delta'], '0.000000001', 'NOT_REPRESENTABLE'],
    ['a change with too many decimals', ['instruments', 0, 'changes', 3], '0.000000001', 'NOT_REPRESENTABLE'],
    ['an exposure as a number', ['instruments', 0, 'exposures', 0], 5, 'INVALID_INPUT'],
    [
      'a charge too fine for its unit',
      ['instruments', 0, 'charges', 0, 'charge'],
      '0.0000000000001',
      'NOT_REPRESENTABLE',
    ],
    ['a cap between two units', ['instruments', 0, 'charges', 0, 'sizeCap'], '0.00001', 'NOT_REPRESENTABLE'],
    ['a negative mark', ['instruments', 0, 'mark'], '-1', 'INVALID_INPUT'],
    ['a move with too many decimals', ['underlyings', 0, 'shocks', 0, 'move'], '0.0000000001', 'NOT_REPRESENTABLE'],
    ['a change of volatility left out', ['underlyings', 0, 'shocks', 0, 'volatility'], undefined, 'INVALID_INPUT'],
    ['another measure', ['model', 'tail', 'measure'], 'median', 'INVALID_INPUT'],
    ['a confidence with too many decimals', ['model', 'tail', 'confidence'], '0.9999999', 'NOT_REPRESENTABLE'],
    ['a confidence that leaves no whole scenario', ['model', 'tail', 'confidence'], '0.96', 'TOO_FEW_SCENARIOS'],
    ['seven blocks', ['model', 'blocks'], 7, 'INVALID_INPUT'],
    ['another rule', ['model', 'rule'], 'mean', 'INVALID_INPUT'],
    ['a weight with too many decimals', ['model', 'weights', 'tail'], '0.0000001', 'NOT_REPRESENTABLE'],
    ['a negative weight', ['model', 'weights', 'tail'], '-1', 'INVALID_INPUT'],
    ['a weight left out', ['model', 'weights', 'stress'], undefined, 'INVALID_INPUT'],
    ['charges that are added left out', ['model', 'added'], undefined, 'INVALID_INPUT'],
    [
      'an entry of the matrix with too many decimals',
      ['model', 'factors', 'cholesky', 0, 0],
      '0.0000000001',
      'NOT_REPRESENTABLE',
    ],
    ['a matrix of another shape', ['model', 'factors', 'cholesky', 0], ['1', '2'], 'INVALID_SNAPSHOT'],
    ['a field of another family', ['model', 'tiers'], 'marginal', 'INVALID_INPUT'],
    ['the measures of another family', ['model', 'family'], 'greeks', 'INVALID_INPUT'],
  ])('refuses %s', (_, path, value, code) => {
    expect(codeOf(() => parseSnapshot(spoil(path, value), 'snapshot.json'))).toBe(code);
  });

  it('says where a figure stands that it cannot hold', () => {
    const bad = spoil(['model', 'factors', 'cholesky', 1, 0], '0.0000000001');
    expect(() => parseSnapshot(bad, 'market.json')).toThrow(/market\.json: model\.factors\.cholesky\[1\]\[0\]/);
  });
});
