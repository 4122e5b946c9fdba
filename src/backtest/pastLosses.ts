import { logReturns, pricesOf, relativeMoves } from '../engine/history.js';
import { exp } from '../engine/numerics/elementary.js';
import { ewmaVariances } from '../engine/volatility.js';
import { SolvencyError } from '../errors.js';
import type { Position } from './position.js';

/** What a position would have lost in each of the last `count` moves known at point `at`; shares of its value. */
export type PastLosses = (at: number, count: number) => readonly number[];

/**
 * Losses of the moves as they were, over `horizonSteps`; they overlap. The scenarios are those of
 * src/engine/scenarios/historical.ts for the prices up to `at`.
 */
export function plainLosses({ histories, weights }: Position, horizonSteps: number): PastLosses {
  const moves = histories.map((history) => relativeMoves(pricesOf(history), horizonSteps));
  return (at, count) =>
    startsOf(at, count, horizonSteps).map((start) => lossOf(moves, weights, (series) => series[start] as number));
}

/**
 * Losses of the moves rescaled to the volatility of `at`: filtered historical simulation, the scenarios of
 * src/engine/scenarios/historical.ts for the prices up to `at`. Logarithms and variances do not depend on what comes
 * after them, so they are computed once for all days.
 * Throws INVALID_VOLATILITY where prices stood still before a move.
 */
export function filteredLosses({ histories, weights }: Position, horizonSteps: number, lambda: number): PastLosses {
  const series = histories.map((history) => {
    const steps = logReturns(pricesOf(history));
    // entry t is the logarithmic return from point t over the horizon, added up as the engine does
    const logs = steps.map((_, start) => steps.slice(start, start + horizonSteps).reduce((sum, log) => sum + log, 0));
    return { name: history.name, logs, variances: ewmaVariances(steps, lambda) };
  });
  return (at, count) =>
    startsOf(at, count, horizonSteps).map((start) =>
      lossOf(series, weights, ({ name, logs, variances }) => {
        const [today, then] = [variances[at - 1] as number, variances[start - 1] as number];
        if (!(then > 0)) {
          throw new SolvencyError(
            'INVALID_VOLATILITY',
            `The price of ${name} does not move before point ${start + 1} of its history; its moves cannot be filtered.`,
            { details: { where: name, point: start + 1 } },
          );
        }
        return exp(Math.sqrt(today / then) * (logs[start] as number)) - 1;
      }),
    );
}

/** The last `count` moves that end at `at` or before. */
const startsOf = (at: number, count: number, horizonSteps: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => at - horizonSteps - count + 1 + index);

const lossOf = <Series>(
  series: readonly Series[],
  weights: readonly number[],
  moveOf: (one: Series) => number,
): number => -series.reduce((gain, one, index) => gain + (weights[index] as number) * moveOf(one), 0);
