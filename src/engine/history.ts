/** Prices at equal steps of time, and the returns of them. */
import { SolvencyError } from '../errors.js';
import { LAST_TIME } from '../numbers/isoTime.js';
import { ln } from './numerics/elementary.js';

export interface PriceHistory {
  /** of the underlying */
  readonly name: string;
  /** between two points */
  readonly stepSeconds: number;
  /** oldest first; time in seconds since 1970, price in quote */
  readonly points: readonly { readonly time: number; readonly price: number }[];
}

/** Several histories over the same times. */
export interface AlignedHistories {
  readonly names: readonly string[];
  readonly stepSeconds: number;
  /** seconds since 1970, of every point */
  readonly times: readonly number[];
  /** per name, as many as times */
  readonly prices: readonly (readonly number[])[];
}

export const pricesOf = ({ points }: PriceHistory): readonly number[] => points.map(({ price }) => price);

const refuse = (name: string, message: string): never => {
  throw new SolvencyError('INVALID_HISTORY', `the price history of ${name} ${message}`);
};

/**
 * Refuses a history with fewer than 2 points, a price that is not positive and finite, times that do not increase or a gap.
 * Throws INVALID_HISTORY, which names the history and the time.
 */
export function checkHistory(history: PriceHistory): void {
  const { name, stepSeconds, points } = history;
  if (!Number.isSafeInteger(stepSeconds) || stepSeconds < 1)
    refuse(name, 'has a step that is not whole seconds above 0');
  if (points.length < 2) refuse(name, `has ${points.length} points; a return needs 2`);
  let previous: number | undefined;
  for (const { time, price } of points) {
    if (!Number.isSafeInteger(time) || Math.abs(time) > LAST_TIME) refuse(name, 'has a time that is not whole seconds');
    if (!Number.isFinite(price)) refuse(name, `has a price that is not a finite number at time ${time}`);
    if (price === 0) refuse(name, `has a price of zero at time ${time}`);
    if (price < 0) refuse(name, `has a negative price at time ${time}`);
    if (previous !== undefined && time <= previous)
      refuse(name, `has time ${time} after time ${previous}; sort it by time`);
    if (previous !== undefined && time - previous !== stepSeconds) {
      refuse(name, `has a gap after time ${previous}: the next point is at ${time}, not ${stepSeconds} seconds later`);
    }
    previous = time;
  }
}

/**
 * Checked histories side by side. Throws INVALID_HISTORY when one is invalid, when two have the same name, or when they do
 * not all have the same times: points are never dropped or filled in silently.
 */
export function alignHistories(histories: readonly PriceHistory[]): AlignedHistories {
  const [first] = histories;
  if (first === undefined) throw new SolvencyError('INVALID_HISTORY', 'there is no price history; give at least one');
  const names = new Set<string>();
  for (const history of histories) {
    checkHistory(history);
    if (names.has(history.name)) refuse(history.name, 'is given twice');
    names.add(history.name);
    if (history.stepSeconds !== first.stepSeconds || history.points.length !== first.points.length) {
      refuse(history.name, `has other times than that of ${first.name}; cut both to their common times`);
    }
    for (const [index, { time }] of history.points.entries()) {
      if (time !== first.points[index]?.time) {
        refuse(history.name, `has time ${time} where that of ${first.name} has ${first.points[index]?.time}`);
      }
    }
  }
  return {
    names: [...names],
    stepSeconds: first.stepSeconds,
    times: first.points.map(({ time }) => time),
    prices: histories.map(pricesOf),
  };
}

/** Throws INVALID_INPUT unless steps is a whole number above 0. */
export function requireHorizon(steps: number): void {
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new SolvencyError('INVALID_INPUT', 'the horizon is not a whole number of steps above 0');
  }
}

/** price[t + h] / price[t] - 1 of all t, oldest first, h fewer than prices; with h > 1 they overlap. */
export const relativeMoves = (prices: readonly number[], horizonSteps: number): readonly number[] =>
  prices.slice(horizonSteps).map((price, start) => price / (prices[start] as number) - 1);

/**
 * `relativeMoves` of a history. Throws INVALID_HISTORY when the history is invalid or has no h + 1 points, INVALID_INPUT
 * unless h is a whole number above 0.
 */
export function returnsOf(history: PriceHistory, horizonSteps: number): readonly number[] {
  checkHistory(history);
  requireHorizon(horizonSteps);
  const { name, points } = history;
  if (points.length <= horizonSteps) {
    refuse(name, `has ${points.length} points, none of them ${horizonSteps} steps apart`);
  }
  return relativeMoves(pricesOf(history), horizonSteps);
}

/** ln of each price over the one before it, one fewer than prices. */
export const logReturns = (prices: readonly number[]): readonly number[] =>
  prices.slice(1).map((price, index) => ln(price / (prices[index] as number)));

/** Logarithmic returns over one step, oldest first. Throws INVALID_HISTORY when the history is invalid. */
export function logReturnsOf(history: PriceHistory): readonly number[] {
  checkHistory(history);
  return logReturns(pricesOf(history));
}
