/** How several underlyings move together. */
import { SolvencyError } from '../errors.js';
import { type AlignedHistories, logReturns } from './history.js';
import { checkCorrelation, cholesky, type Matrix } from './numerics/matrix.js';
import { annualised, requireLambda, requireVolatility, stepsPerYear } from './volatility.js';

/** Symmetric n x n matrix of entry(row, column), computed once for each pair. */
function symmetric(size: number, entry: (row: number, column: number) => number): Matrix {
  const rows: number[][] = [];
  for (let row = 0; row < size; row++) {
    const entries: number[] = [];
    for (let column = 0; column <= row; column++) entries.push(entry(row, column));
    rows.push(entries);
  }
  return rows.map((entries, row) =>
    rows.map((other, column) => (column <= row ? entries[column] : other[row]) as number),
  );
}

/**
 * Covariance per step with equal weights, means removed, over n - 1; `returns` has one list per underlying, all of one
 * length. Throws INVALID_HISTORY with fewer than 2 returns.
 */
export function sampleCovariance(returns: readonly (readonly number[])[]): Matrix {
  requireSameLength(returns, 2);
  const centred = returns.map((series) => {
    const mean = series.reduce((total, change) => total + change, 0) / series.length;
    return series.map((change) => change - mean);
  });
  return symmetric(returns.length, (row, column) => {
    const [a, b] = [centred[row] as readonly number[], centred[column] as readonly number[]];
    return a.reduce((total, change, index) => total + change * (b[index] as number), 0) / (a.length - 1);
  });
}

/**
 * Covariance per step with weights lambda^age that sum to 1, means counted as zero: the same estimator as
 * `ewmaVariances`, and one weight for all pairs, so that the matrix is positive semidefinite. Throws INVALID_VOLATILITY
 * unless 0 < lambda < 1, INVALID_HISTORY without returns.
 */
export function ewmaCovariance(returns: readonly (readonly number[])[], lambda: number): Matrix {
  requireLambda(lambda);
  requireSameLength(returns, 1);
  return symmetric(returns.length, (row, column) => {
    const [a, b] = [returns[row] as readonly number[], returns[column] as readonly number[]];
    let [products, weights] = [0, 0];
    for (const [index, change] of a.entries()) {
      products = lambda * products + change * (b[index] as number);
      weights = lambda * weights + 1;
    }
    return products / weights;
  });
}

function requireSameLength(returns: readonly (readonly number[])[], least: number): void {
  const length = returns[0]?.length ?? 0;
  if (length < least || returns.some((series) => series.length !== length || !series.every(Number.isFinite))) {
    throw new SolvencyError(
      'INVALID_HISTORY',
      `a covariance needs at least ${least} finite returns of every underlying, as many of each; align the price histories`,
    );
  }
}

/** Roots of the diagonal, per step. */
export const volatilitiesOf = (covariance: Matrix): readonly number[] =>
  covariance.map((row, index) => Math.sqrt(row[index] as number));

/**
 * Covariances divided by both volatilities; the diagonal is 1. Throws INVALID_CORRELATION when an underlying never moves,
 * and names its row (counted from 1).
 */
export function correlationOf(covariance: Matrix): Matrix {
  const volatilities = volatilitiesOf(covariance);
  for (const [index, volatility] of volatilities.entries()) {
    if (!(volatility > 0)) {
      throw new SolvencyError(
        'INVALID_CORRELATION',
        `row ${index + 1} has no correlation: its underlying does not move; leave it out or give the correlation`,
      );
    }
  }
  return symmetric(covariance.length, (row, column) => {
    if (row === column) return 1;
    const product = (volatilities[row] as number) * (volatilities[column] as number);
    // rounding may carry a perfect correlation past 1 by its last bit
    return Math.max(-1, Math.min(1, (covariance[row]?.[column] as number) / product));
  });
}

export interface Moments {
  readonly names: readonly string[];
  /** per year of 365 days, one per name */
  readonly volatilities: readonly number[];
  readonly correlation: Matrix;
}

/**
 * Yearly volatilities and correlation of the logarithmic returns of aligned histories: exponentially weighted with
 * lambda, or equally weighted where lambda is null. Throws as the covariances and `correlationOf` do.
 */
export function momentsOf({ names, stepSeconds, prices }: AlignedHistories, lambda: number | null): Moments {
  const returns = prices.map(logReturns);
  const covariance = lambda === null ? sampleCovariance(returns) : ewmaCovariance(returns, lambda);
  return {
    names,
    volatilities: volatilitiesOf(covariance).map((volatility) => annualised(volatility, stepsPerYear(stepSeconds))),
    correlation: correlationOf(covariance),
  };
}

export interface ScaledCholesky {
  /** per year, one for each row of the correlation */
  readonly volatilities: readonly number[];
  readonly correlation: Matrix;
  readonly horizonYears: number;
  /** of the confidence level, 2.326 for 99%; 1 for the factor of the covariance itself */
  readonly quantile: number;
}

/**
 * quantile x root of the horizon x diag(volatilities) x Cholesky factor of the correlation: parametric value at risk of
 * exposures x is the length of (transposed factor) x. Lower triangular, n x n. Throws INVALID_CORRELATION for what is no
 * correlation matrix or is of another size, INVALID_VOLATILITY for a negative volatility, INVALID_INPUT for a negative
 * quantile or horizon.
 */
export function scaledCholesky({ volatilities, correlation, horizonYears, quantile }: ScaledCholesky): Matrix {
  if (correlation.length !== volatilities.length) {
    throw new SolvencyError(
      'INVALID_CORRELATION',
      `the correlation has ${correlation.length} rows for ${volatilities.length} volatilities`,
    );
  }
  checkCorrelation(correlation);
  for (const [index, volatility] of volatilities.entries()) requireVolatility(volatility, `volatility ${index + 1}`);
  if (!(horizonYears >= 0 && quantile >= 0 && Number.isFinite(horizonYears) && Number.isFinite(quantile))) {
    throw new SolvencyError(
      'INVALID_INPUT',
      'the horizon or the quantile of a value at risk is negative or not finite',
    );
  }
  const time = Math.sqrt(horizonYears);
  return cholesky(correlation).map((row, index) => {
    const scale = quantile * time * (volatilities[index] as number);
    return row.map((entry) => scale * entry);
  });
}
