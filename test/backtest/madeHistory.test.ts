import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { madeHistories } from '../../src/backtest/madeHistory.js';
import { correlationOf, sampleCovariance, volatilitiesOf } from '../../src/engine/covariance.js';
import { logReturnsOf } from '../../src/engine/history.js';
import { serializeHistory } from '../../src/formats/history.js';
import { recordsOf, TWO } from './markets.js';

const textOf = (market = TWO) => madeHistories(market).map(serializeHistory).join('');

describe('a made-up market', () => {
  it('is the same on every machine', () =>
    expect(createHash('sha256').update(textOf()).digest('hex')).toBe(
      '37596ed551db094a9ba12a67b1db15c278de978b087767c042a6bd437ac03ca1',
    ));

  it('is another with another seed', () => expect(textOf({ ...TWO, seed: 'another' })).not.toBe(textOf()));

  it('says that it is made, and how', () =>
    expect(recordsOf(TWO).map(({ made, source }) => [made, source])).toEqual([
      [true, 'GARCH(1,1), alpha 0.1, beta 0.88, volatility 0.03 a step, seed "backtest tests"'],
      [true, 'GARCH(1,1), alpha 0.1, beta 0.88, volatility 0.04 a step, seed "backtest tests"'],
    ]));

  it('has the volatilities and the correlation that it states', () => {
    const returns = recordsOf({ ...TWO, points: 3000, alpha: 0.05, beta: 0.85 }).map(({ history }) =>
      logReturnsOf(history),
    );
    const covariance = sampleCovariance(returns);
    const [btc, eth] = volatilitiesOf(covariance);
    expect(Math.abs((btc as number) / 0.03 - 1)).toBeLessThan(0.05);
    expect(Math.abs((eth as number) / 0.04 - 1)).toBeLessThan(0.05);
    expect(Math.abs((correlationOf(covariance)[0]?.[1] as number) - 0.8)).toBeLessThan(0.03);
  });

  it('clusters: large moves follow on large moves', () => {
    const [first] = recordsOf({ ...TWO, points: 3000 });
    const squares = logReturnsOf(first?.history as never).map((change) => change * change);
    const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
    const centred = squares.map((square) => square - mean);
    const variance = centred.reduce((sum, value) => sum + value * value, 0);
    const lagged = centred.slice(1).reduce((sum, value, index) => sum + value * (centred[index] as number), 0);
    // without clusters the correlation is below 2 / sqrt(3000) = 0.04 in 19 of 20 cases
    expect(lagged / variance).toBeGreaterThan(0.1);
  });

  it('refuses correlations that cannot be', () =>
    expect(() =>
      madeHistories({
        ...TWO,
        correlation: [
          [1, 1.2],
          [1.2, 1],
        ],
      }),
    ).toThrow(expect.objectContaining({ code: 'INVALID_CORRELATION' })));
});
