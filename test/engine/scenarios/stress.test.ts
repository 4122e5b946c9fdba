import { describe, expect, it } from 'vitest';
import { breakingStress, gridStress, namedStress } from '../../../src/engine/scenarios/stress.js';
import { refuses } from '../support.js';

const UNDERLYINGS = ['BTC', 'ETH', 'SOL'];

describe('named stress', () => {
  it('has a figure for every underlying', () => {
    const [crash] = namedStress(
      [{ name: 'crash', moves: { BTC: -0.5 }, volatilityChanges: { BTC: 0.4, ETH: 0.5 } }],
      UNDERLYINGS,
    );
    expect(crash?.moves).toEqual(
      new Map([
        ['BTC', -0.5],
        ['ETH', 0],
        ['SOL', 0],
      ]),
    );
    expect(crash?.volatilityChanges).toEqual(
      new Map([
        ['BTC', 0.4],
        ['ETH', 0.5],
        ['SOL', 0],
      ]),
    );
  });

  it('does not take a figure from an object’s own machinery', () => {
    const [calm] = namedStress([{ name: 'calm', moves: {} }], ['constructor']);
    expect(calm?.moves).toEqual(new Map([['constructor', 0]]));
  });

  it('refuses by name', () => {
    const refused = (moves: Record<string, number>, code: string, message: RegExp): void =>
      refuses(() => namedStress([{ name: 'crash', moves }], UNDERLYINGS), code, message);
    refused({ DOGE: -0.5 }, 'INVALID_INPUT', /crash moves DOGE/);
    refused({ BTC: -1 }, 'INVALID_INPUT', /crash moves a price to zero/);
    refused({ BTC: Number.NaN }, 'INVALID_INPUT', /crash/);
    refuses(
      () => namedStress([{ name: 'crash', moves: {}, volatilityChanges: { BTC: Number.NaN } }], UNDERLYINGS),
      'INVALID_INPUT',
      /volatility/,
    );
    refuses(
      () => namedStress([{ name: 'crash', moves: {}, volatilityChanges: { DOGE: 1 } }], UNDERLYINGS),
      'INVALID_INPUT',
      /DOGE/,
    );
    const twice = { name: 'crash', moves: {} };
    refuses(() => namedStress([twice, twice], UNDERLYINGS), 'DUPLICATE', /crash is given twice/);
  });
});

describe('grid', () => {
  it('moves all together, with volatility up, the same and down', () => {
    const scenarios = gridStress({ underlyings: UNDERLYINGS, moves: [-0.1, 0.2], volatilityChange: 0.25 });
    expect(scenarios.map(({ name }) => name)).toEqual([
      'all -0.1, volatility +0.25',
      'all -0.1, volatility 0',
      'all -0.1, volatility -0.25',
      'all +0.2, volatility +0.25',
      'all +0.2, volatility 0',
      'all +0.2, volatility -0.25',
    ]);
    expect([...(scenarios[0]?.moves.values() ?? [])]).toEqual([-0.1, -0.1, -0.1]);
    expect([...(scenarios[5]?.volatilityChanges.values() ?? [])]).toEqual([-0.25, -0.25, -0.25]);
  });

  it('gives the scan of an S&P 500 future: L. G. McMillan, Options as a Strategic Investment, ch. 34', () => {
    // a future worth 204,000 with a scan range of 10,000; published to the next ten, extremes are twice the range at 35%
    const range = 10_000 / 204_000;
    const thirds = [0, 1 / 3, -1 / 3, 2 / 3, -2 / 3, 1, -1].map((share) => share * range);
    const scan = gridStress({ underlyings: ['SP'], moves: thirds, volatilityChange: 0.05 });
    const gains = scan.map(({ moves }) => Math.round((204_000 * (moves.get('SP') as number)) / 10) * 10);
    const published = [0, 3_330, -3_330, 6_670, -6_670, 10_000, -10_000];
    expect(gains.map((gain) => gain + 0)).toEqual(published.flatMap((gain) => [gain, gain, gain]));
    const [up, down] = namedStress(
      [
        { name: 'extreme up', moves: { SP: 2 * range } },
        { name: 'extreme down', moves: { SP: -2 * range } },
      ],
      ['SP'],
    ).map(({ moves }) => 0.35 * 204_000 * (moves.get('SP') as number));
    expect(up).toBeCloseTo(7_000, 8);
    expect(down).toBeCloseTo(-7_000, 8);
    expect(Math.max(...gains.map((gain) => -gain), -(down as number))).toBe(10_000);
  });

  it('refuses a move of -1, one twice, a change of volatility that is none', () => {
    const refused = (moves: number[], volatilityChange: number, code: string, message: RegExp): void =>
      refuses(() => gridStress({ underlyings: UNDERLYINGS, moves, volatilityChange }), code, message);
    refused([-1], 0.1, 'INVALID_INPUT', /zero or below/);
    refused([0.1, 0.1], 0.1, 'DUPLICATE', /same move twice/);
    refused([0.1], 0, 'INVALID_INPUT', /not above 0/);
    refused([0.1], Number.NaN, 'INVALID_INPUT', /not above 0/);
  });
});

describe('broken correlations', () => {
  it('sets each underlying against all others, both ways', () => {
    const scenarios = breakingStress(UNDERLYINGS, 0.2);
    expect(scenarios.map(({ name }) => name)).toEqual([
      'BTC +0.2, others -0.2',
      'BTC -0.2, others +0.2',
      'ETH +0.2, others -0.2',
      'ETH -0.2, others +0.2',
      'SOL +0.2, others -0.2',
      'SOL -0.2, others +0.2',
    ]);
    expect(scenarios[3]?.moves).toEqual(
      new Map([
        ['BTC', 0.2],
        ['ETH', -0.2],
        ['SOL', 0.2],
      ]),
    );
  });

  it('catches a book that no common move hurts', () => {
    const book = new Map([
      ['BTC', 100],
      ['ETH', -100],
      ['SOL', 0],
    ]);
    const worst = (scenarios: readonly { moves: ReadonlyMap<string, number> }[]): number =>
      Math.max(
        ...scenarios.map(({ moves }) =>
          [...book].reduce((loss, [name, value]) => loss - value * (moves.get(name) as number), 0),
        ),
      );
    expect(worst(gridStress({ underlyings: UNDERLYINGS, moves: [-0.5, 0.5], volatilityChange: 0.1 }))).toBe(0);
    expect(worst(breakingStress(UNDERLYINGS, 0.2))).toBe(40);
  });

  it('refuses one underlying and a move beyond 0 to 1', () => {
    refuses(() => breakingStress(['BTC'], 0.2), 'INVALID_INPUT', /two underlyings/);
    for (const move of [0, 1, -0.2])
      refuses(() => breakingStress(UNDERLYINGS, move), 'INVALID_INPUT', /between 0 and 1/);
  });
});
