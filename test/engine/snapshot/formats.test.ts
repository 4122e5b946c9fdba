import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEngineModel } from '../../../src/formats/engineModel.js';
import { parseMarket } from '../../../src/formats/market.js';
import { refuses } from '../support.js';
import { number } from './markets.js';

const EXAMPLE = resolve(import.meta.dirname, '../../../examples/engine');
const textOf = (name: string): Promise<string> => readFile(`${EXAMPLE}/${name}`, 'utf8');

/** The file with other fields at the top. */
const changed = async (name: string, fields: object): Promise<string> =>
  JSON.stringify({ ...JSON.parse(await textOf(name)), ...fields });

describe('a market file', () => {
  it('is read exactly, figures that nobody states are null', async () => {
    const market = parseMarket(await textOf('market.json'), 'market');
    expect(market).toMatchObject({ time: 1_780_272_000, discountRate: number('0.04') });
    expect(market.underlyings[1]).toEqual({
      name: 'ETH',
      spot: market.instruments[1]?.mark,
      volatility: number('0.7'),
      history: 'ETH',
      volatilityHistory: 'ETH volatility',
    });
    expect(market.instruments[2]).toEqual({
      instrumentId: 102,
      underlying: 0,
      mark: null,
      contract: {
        kind: 'option',
        strike: number('95000'),
        expiry: 1_782_460_800,
        isCall: true,
        volatility: number('0.58'),
      },
      averageDailyVolume: number('250'),
      depth: number('5'),
      halfSpread: number('0.02'),
    });
    const bare = parseMarket(
      await changed('market.json', {
        discountRate: undefined,
        instruments: [{ instrument: 'BTC-PERP', underlying: 'BTC', contract: 'linear' }],
      }),
      'market',
    );
    expect(bare.discountRate).toEqual(number('0'));
    expect(bare.instruments).toEqual([
      {
        instrumentId: 100,
        underlying: 0,
        mark: null,
        contract: { kind: 'linear' },
        averageDailyVolume: null,
        depth: null,
        halfSpread: null,
      },
    ]);
  });

  it('says what a contract has to be, and which symbol is unknown', async () => {
    const instruments = (contract: unknown, instrument = 'BTC-PERP') =>
      changed('market.json', { instruments: [{ instrument, underlying: 'BTC', contract }] });
    const read = (text: string) => () => parseMarket(text, 'the market');
    refuses(
      read(await instruments('inverse')),
      'INVALID_INPUT',
      /instruments\[0\].contract: must be "linear", or an option/,
    );
    refuses(read(await instruments({ strike: '1' })), 'INVALID_INPUT', /must be "linear", or an option/);
    refuses(read(await instruments('linear', 'DOGE-PERP')), 'UNKNOWN_INSTRUMENT', /instruments\[0\].instrument/);
    refuses(read(await changed('market.json', { rate: '1' })), 'INVALID_INPUT', /unknown field "rate"/);
  });
});

describe('a model file', () => {
  it.each(['tiered', 'portfolio', 'greeks', 'parametric', 'tail', 'hybrid'])(
    'of the family %s is read',
    async (family) => {
      const model = parseEngineModel(await textOf(`model-${family}.json`), 'model');
      expect(model).toMatchObject({ family, claim: 'maintenance', haircuts: 'marginal' });
    },
  );

  it('is read exactly, in all its parts', async () => {
    expect(parseEngineModel(await textOf('model-hybrid.json'), 'model')).toMatchObject({
      greeks: { horizonDays: number('1'), multiples: ['-4', '-3', '-2', '2', '3', '4'].map(number) },
      parametric: { confidence: number('0.99'), covariance: { kind: 'ewma', lambda: number('0.97') } },
      tail: {
        confidence: number('0.975'),
        scenarios: [
          { kind: 'historical', count: 60, filtered: { lambda: number('0.97') } },
          { kind: 'monteCarlo', count: 190, seed: 'example' },
        ],
      },
      stress: [
        { kind: 'named', name: 'rout', moves: { BTC: number('-0.3') }, volatilityChanges: { ETH: number('0.5') } },
        { kind: 'grid', moves: ['-0.2', '0.2'].map(number), volatilityChange: number('0.1') },
        { kind: 'breaking', move: number('0.1') },
      ],
      weights: { greeks: number('0.5'), stress: number('0.6') },
      added: number('1'),
      blocks: null,
    });
  });

  it('says which families there are, and what a source has to be', async () => {
    const read = (text: string) => () => parseEngineModel(text, 'the model');
    refuses(
      read(await changed('model-tail.json', { family: 'span' })),
      'INVALID_INPUT',
      /must be one of tiered, portfolio/,
    );
    refuses(
      read(await changed('model-tail.json', { scenarios: [{}] })),
      'INVALID_INPUT',
      /scenarios\[0\]: must be \{"hist/,
    );
    refuses(read(await changed('model-greeks.json', { volatility: 'mine' })), 'INVALID_INPUT', /must be "market", or/);
    refuses(
      read(await changed('model-tail.json', { confidence: 0.9 })),
      'INVALID_INPUT',
      /confidence: must be a string/,
    );
  });
});
