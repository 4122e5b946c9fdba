import { exp } from '../engine/numerics/elementary.js';
import { checkCorrelation, cholesky, type Matrix } from '../engine/numerics/matrix.js';
import { normalDraws } from '../engine/numerics/random.js';
import type { HistoryFields } from '../formats/history.js';
import { decimal } from './report/figures.js';

/** A market that never was, for trying rules on; every number of it is recorded in the files that are made. */
export interface MadeMarket {
  readonly seed: string;
  readonly names: readonly string[];
  readonly unit: string;
  readonly startPrices: readonly number[];
  /** long-run volatility of a step, one a name */
  readonly volatilities: readonly number[];
  readonly correlation: Matrix;
  /** weight of the last squared return in the next variance */
  readonly alpha: number;
  /** weight of the last variance in the next one; alpha + beta below 1 */
  readonly beta: number;
  readonly points: number;
  readonly stepSeconds: number;
  readonly firstTime: number;
}

const PRICE_DECIMALS = 4;

/**
 * Histories of a market whose volatility clusters: GARCH(1,1) with correlated normal draws, one underlying a name. The
 * logarithmic return is r = s z, and the next variance is v (1 - alpha - beta) + alpha r^2 + beta s^2 with v the long-run
 * variance. T. Bollerslev, Generalized autoregressive conditional heteroskedasticity, Journal of Econometrics 31 (1986).
 * Errors: INVALID_CORRELATION.
 */
export function madeHistories(market: MadeMarket): readonly HistoryFields[] {
  const { names, volatilities, correlation, alpha, beta, points } = market;
  checkCorrelation(correlation);
  const factor = cholesky(correlation);
  const draw = normalDraws(market.seed);
  const prices = market.startPrices.map((price) => [price]);
  let variances = volatilities.map((volatility) => volatility * volatility);
  for (let point = 1; point < points; point++) {
    const independent = names.map(() => draw());
    const returns = factor.map(
      (row, name) =>
        Math.sqrt(variances[name] as number) *
        row.reduce((sum, entry, column) => sum + entry * (independent[column] as number), 0),
    );
    for (const [name, change] of returns.entries()) {
      const series = prices[name] as number[];
      series.push((series.at(-1) as number) * exp(change));
    }
    variances = variances.map((variance, name) => {
      const [change, long] = [returns[name] as number, volatilities[name] as number];
      return long * long * (1 - alpha - beta) + alpha * change * change + beta * variance;
    });
  }
  return names.map((name, index) => ({
    name,
    unit: market.unit,
    stepSeconds: market.stepSeconds,
    made: true,
    source: `GARCH(1,1), alpha ${alpha}, beta ${beta}, volatility ${volatilities[index]} a step, seed "${market.seed}"`,
    points: (prices[index] as number[]).map((price, point) => ({
      time: market.firstTime + point * market.stepSeconds,
      price: decimal(price, PRICE_DECIMALS),
    })),
  }));
}
