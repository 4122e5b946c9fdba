import { seededRandom } from '../book/seededRandom.js';
import type { TestResult } from './coverage.js';

/** What a rule forecast of a day beyond its value at risk; shares of the position's value. */
export interface ShortfallForecast {
  readonly valueAtRisk: number;
  /** above zero */
  readonly expectedShortfall: number;
  /** equally likely losses that the forecast is made of */
  readonly scenarios: number;
  /** those of them that are larger than the value at risk */
  readonly beyond: readonly number[];
}

export interface ShortfallDay {
  /** what came */
  readonly loss: number;
  readonly forecast: ShortfallForecast;
}

const SIMULATIONS = 1000;
const SEED = 'zk-solvency: simulated Z2';

/**
 * The second test of C. Acerbi and B. Szekely, Backtesting Expected Shortfall (MSCI, 2014):
 * Z2 = 1 - sum over days with loss > VaR of loss / (T (1 - confidence) ES). Zero is expected of a right forecast; below
 * zero, losses beyond the value at risk were more or larger than forecast. As there, the p-value is by simulation: the
 * share of 1,000 made-up pasts, each day drawn from its own forecast by a fixed seed, whose Z2 is as low or lower.
 * `tail` is 1 - confidence; days are not empty.
 */
export function shortfallTest(days: readonly ShortfallDay[], tail: number): TestResult {
  const statistic = 1 - sumOf(days, actualRatio) / (days.length * tail);
  const random = seededRandom(SEED);
  const drawnRatio = ({ forecast }: ShortfallDay): number =>
    (forecast.beyond[random.below(forecast.scenarios)] ?? 0) / forecast.expectedShortfall;
  let asLow = 0;
  for (let simulation = 0; simulation < SIMULATIONS; simulation++) {
    if (1 - sumOf(days, drawnRatio) / (days.length * tail) <= statistic) asLow++;
  }
  // the observed past counts as one of them, so that a chance is never zero
  return { statistic, pValue: (asLow + 1) / (SIMULATIONS + 1) };
}

const actualRatio = ({ loss, forecast: { valueAtRisk, expectedShortfall } }: ShortfallDay): number =>
  loss > valueAtRisk ? loss / expectedShortfall : 0;

const sumOf = (days: readonly ShortfallDay[], ratioOf: (day: ShortfallDay) => number): number =>
  days.reduce((sum, day) => sum + ratioOf(day), 0);
