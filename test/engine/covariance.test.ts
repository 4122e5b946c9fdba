import { describe, expect, it } from 'vitest';
import {
  correlationOf,
  ewmaCovariance,
  momentsOf,
  sampleCovariance,
  scaledCholesky,
  volatilitiesOf,
} from '../../src/engine/covariance.js';
import { alignHistories } from '../../src/engine/history.js';
import type { Matrix } from '../../src/engine/numerics/matrix.js';
import { ewmaVariances } from '../../src/engine/volatility.js';
import { historyOf, near, refuses } from './support.js';

const at = (matrix: Matrix, row: number, column: number): number => matrix[row]?.[column] as number;

/** 900 signs, oldest first, whose exponentially weighted mean is the target: each is what brings the rest nearer to it. */
function signsOf(target: number, lambda: number): readonly number[] {
  const signs: number[] = [];
  for (let [rest, weight] = [target, 1 - lambda]; signs.length < 900; weight *= lambda) {
    const sign = rest >= 0 ? 1 : -1;
    signs.unshift(sign);
    rest -= sign * weight;
  }
  return signs;
}

describe('exponentially weighted covariance', () => {
  // J. Hull, Risk Management and Financial Institutions, chapter "Correlations and copulas", example of EWMA: lambda 0.95,
  // volatilities 1% and 2%, correlation 0.6, moves 0.5% and 2.5%
  const signs = signsOf(0.6, 0.95);
  const returns = [
    [...signs.map(() => 0.01), 0.005],
    [...signs.map((sign) => sign * 0.02), 0.025],
  ];

  it('starts from the correlation of 0.6', () => {
    const before = ewmaCovariance(
      returns.map((series) => series.slice(0, -1)),
      0.95,
    );
    near(at(before, 0, 1), 0.00012, 1e-12);
  });

  it('updates as published', () => {
    const covariance = ewmaCovariance(returns, 0.95);
    near(at(covariance, 0, 0), 0.00009625, 1e-12);
    near(at(covariance, 1, 1), 0.00041125, 1e-12);
    near(at(covariance, 0, 1), 0.00012025, 1e-12);
    expect(at(covariance, 1, 0)).toBe(at(covariance, 0, 1));
    expect(Math.abs(at(correlationOf(covariance), 0, 1) - 0.6044)).toBeLessThan(5e-5);
  });

  it('has the variances of the volatility estimator on its diagonal', () => {
    const covariance = ewmaCovariance(returns, 0.95);
    for (const [index, series] of returns.entries()) {
      expect(at(covariance, index, index)).toBe(ewmaVariances(series, 0.95).at(-1));
    }
  });

  it('refuses lambda outside 0 to 1, no returns and series of other lengths', () => {
    refuses(() => ewmaCovariance(returns, 1), 'INVALID_VOLATILITY', /lambda/);
    refuses(() => ewmaCovariance([[]], 0.95), 'INVALID_HISTORY', /at least 1/);
    refuses(() => ewmaCovariance([[1], [1, 2]], 0.95), 'INVALID_HISTORY', /as many of each/);
    refuses(() => ewmaCovariance([[Number.NaN]], 0.95), 'INVALID_HISTORY', /finite/);
  });
});

describe('sample covariance', () => {
  it('is that of (1, 2), (2, 4), (3, 9): 1, 3.5, 13', () => {
    // by hand: means 2 and 5, deviations (-1, 0, 1) and (-3, -1, 4), products over 2
    expect(
      sampleCovariance([
        [1, 2, 3],
        [2, 4, 9],
      ]),
    ).toEqual([
      [1, 3.5],
      [3.5, 13],
    ]);
  });

  it('needs two returns', () => {
    refuses(() => sampleCovariance([[0.1]]), 'INVALID_HISTORY', /at least 2/);
    refuses(() => sampleCovariance([]), 'INVALID_HISTORY', /at least 2/);
  });
});

describe('correlation', () => {
  it('keeps a perfect one at 1 and -1', () => {
    const series = [0.013, -0.027, 0.0311, 0.007];
    const matrix = correlationOf(
      ewmaCovariance([series, series.map((change) => change * 3), series.map((change) => -change * 7)], 0.94),
    );
    for (const row of matrix) for (const entry of row) expect(Math.abs(entry)).toBeLessThanOrEqual(1);
    near(at(matrix, 0, 1), 1);
    near(at(matrix, 1, 2), -1);
    // and can be factored
    scaledCholesky({ volatilities: [1, 1, 1], correlation: matrix, horizonYears: 1, quantile: 1 });
  });

  it('names an underlying that does not move', () => {
    refuses(
      () =>
        correlationOf([
          [1, 0],
          [0, 0],
        ]),
      'INVALID_CORRELATION',
      /row 2 has no correlation/,
    );
  });
});

describe('moments of histories', () => {
  const histories = alignHistories([historyOf([100, 200, 100, 200]), historyOf([10, 40, 10, 40], { name: 'ETH' })]);

  it('annualises logarithmic returns', () => {
    const { names, volatilities, correlation } = momentsOf(histories, 0.94);
    expect(names).toEqual(['BTC', 'ETH']);
    near(volatilities[0], Math.LN2 * Math.sqrt(365));
    near(volatilities[1], 2 * Math.LN2 * Math.sqrt(365));
    near(at(correlation, 0, 1), 1);
  });

  it('weighs equally without lambda: ln 2 x sqrt(4 / 3) a day', () => {
    near(momentsOf(histories, null).volatilities[0], Math.LN2 * Math.sqrt(4 / 3) * Math.sqrt(365));
  });
});

describe('scaled Cholesky factor', () => {
  /** |transposed factor x exposures| */
  const valueAtRisk = (factor: Matrix, exposures: readonly number[]): number => {
    const components = exposures.map((_exposure, column) =>
      factor.reduce((total, row, index) => total + (row[column] as number) * (exposures[index] as number), 0),
    );
    return Math.sqrt(components.reduce((total, component) => total + component * component, 0));
  };
  const inputs = {
    volatilities: [0.02, 0.01],
    correlation: [
      [1, 0.3],
      [0.3, 1],
    ],
    horizonYears: 10,
    quantile: 2.33,
  };

  // J. Hull, Risk Management and Financial Institutions (3rd ed. 2012), ch. 15: 10 million in Microsoft at 2% a day,
  // 5 million in AT&T at 1%, correlation 0.3, 10 days, 2.33 standard deviations; the time unit here is a day
  it.each([
    [[10_000_000, 0], 1_473_621],
    [[0, 5_000_000], 368_405],
    [[10_000_000, 5_000_000], 1_622_657],
  ])('gives the published value at risk of %s: %s', (exposures, published) => {
    expect(Math.abs(valueAtRisk(scaledCholesky(inputs), exposures) - published)).toBeLessThan(1);
  });

  it('is lower triangular and has the volatilities as the lengths of its rows', () => {
    const factor = scaledCholesky({ ...inputs, horizonYears: 1, quantile: 1 });
    expect(at(factor, 0, 1)).toBe(0);
    expect(volatilitiesOf([[at(factor, 1, 0) ** 2 + at(factor, 1, 1) ** 2]])[0]).toBeCloseTo(0.01, 15);
  });

  it('refuses by name', () => {
    refuses(
      () => scaledCholesky({ ...inputs, volatilities: [0.1] }),
      'INVALID_CORRELATION',
      /2 rows for 1 volatilities/,
    );
    refuses(
      () => scaledCholesky({ ...inputs, volatilities: [0.1, -0.1] }),
      'INVALID_VOLATILITY',
      /volatility 2 is negative/,
    );
    refuses(() => scaledCholesky({ ...inputs, horizonYears: -1 }), 'INVALID_INPUT', /horizon/);
    refuses(() => scaledCholesky({ ...inputs, quantile: Number.NaN }), 'INVALID_INPUT', /quantile/);
    const beyond = [
      [1, 2],
      [2, 1],
    ];
    refuses(() => scaledCholesky({ ...inputs, correlation: beyond }), 'INVALID_CORRELATION', /between -1 and 1/);
  });
});
