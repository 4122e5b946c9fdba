import { SolvencyError } from '../../errors.js';
import { alignHistories, logReturns, type PriceHistory, relativeMoves, requireHorizon } from '../history.js';
import { exp } from '../numerics/elementary.js';
import { ewmaVariances, requireLambda } from '../volatility.js';
import { type Scenario, UNCHANGED } from './scenario.js';

export interface HistoricalScenarios {
  /** one per underlying, all with the same times */
  readonly histories: readonly PriceHistory[];
  readonly count: number;
  /** length of a return; returns overlap when it is above 1 */
  readonly horizonSteps: number;
  /** scales every return to today's volatility */
  readonly filtered?: { readonly lambda: number };
}

interface Filter {
  readonly lambda: number;
  readonly horizonSteps: number;
  readonly first: number;
}

const SECONDS_PER_DAY = 86_400;

/** The day, and the second where steps are not whole days. */
function nameOf(time: number, stepSeconds: number): string {
  const text = new Date(time * 1000).toISOString();
  return stepSeconds % SECONDS_PER_DAY === 0 ? text.slice(0, -'T00:00:00.000Z'.length) : text.replace('.000Z', 'Z');
}

/** Returns before the first scenario, so that its volatility rests on the effective window 1 / (1 - lambda) of the weights. */
export const warmUp = (lambda: number): number => -Math.floor(-1 / (1 - lambda));

/**
 * Logarithmic returns over the horizon from each point on, times today's volatility over the one known at that point; of
 * points from `first` on. Throws INVALID_VOLATILITY where prices stood still until then.
 */
function filteredReturns(name: string, prices: readonly number[], inputs: Filter): readonly number[] {
  const { lambda, horizonSteps, first } = inputs;
  const logs = logReturns(prices);
  // entry t - 1 is known at point t
  const variances = ewmaVariances(logs, lambda);
  const today = variances.at(-1) as number;
  return prices.slice(first, -horizonSteps).map((_price, index) => {
    const start = first + index;
    const then = variances[start - 1] as number;
    if (!(then > 0)) {
      throw new SolvencyError(
        'INVALID_VOLATILITY',
        `the price of ${name} does not move before point ${start + 1} of its history; returns cannot be filtered`,
      );
    }
    const change = logs.slice(start, start + horizonSteps).reduce((total, log) => total + log, 0);
    return Math.sqrt(today / then) * change;
  });
}

/**
 * The last `count` returns of all underlyings over the same times, oldest first, each as likely as the others. A scenario
 * is named after the day on which its return ends.
 *
 * `filtered`: filtered historical simulation. The logarithmic return is divided by the volatility known at its beginning
 * and multiplied by today's, both exponentially weighted: J. Hull, A. White, "Incorporating volatility updating into the
 * historical simulation method for value at risk" (Journal of Risk, 1998); G. Barone-Adesi, K. Giannopoulos, L. Vosper,
 * "VaR without correlations for portfolios of derivative securities" (Journal of Futures Markets, 1999). Logarithms keep
 * a scaled fall from taking more than the price.
 *
 * Throws TOO_FEW_SCENARIOS when the histories are shorter than this takes, INVALID_HISTORY, INVALID_VOLATILITY and
 * INVALID_INPUT for inputs that are not valid.
 */
export function historicalScenarios(inputs: HistoricalScenarios): readonly Scenario[] {
  const { histories, count, horizonSteps, filtered } = inputs;
  const { names, stepSeconds, times, prices } = alignHistories(histories);
  requireHorizon(horizonSteps);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new SolvencyError('INVALID_INPUT', 'the number of scenarios is not a whole number above 0');
  }
  if (filtered !== undefined) requireLambda(filtered.lambda);
  const first = times.length - horizonSteps - count;
  const needed = filtered === undefined ? 0 : warmUp(filtered.lambda);
  if (first < needed) {
    throw new SolvencyError(
      'TOO_FEW_SCENARIOS',
      `${count} scenarios over ${horizonSteps} steps need ${count + horizonSteps + needed} prices, ` +
        `the histories have ${times.length}; give longer ones or ask for fewer scenarios`,
    );
  }
  const moves = prices.map((series, underlying): readonly number[] => {
    if (filtered !== undefined) {
      const filter = { lambda: filtered.lambda, horizonSteps, first };
      return filteredReturns(names[underlying] as string, series, filter).map((change) => exp(change) - 1);
    }
    return relativeMoves(series, horizonSteps).slice(first);
  });
  return times.slice(first + horizonSteps).map((time, index) => ({
    name: nameOf(time, stepSeconds),
    moves: new Map(names.map((name, underlying) => [name, moves[underlying]?.[index] as number])),
    volatilityChanges: UNCHANGED,
  }));
}
