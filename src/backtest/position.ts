import { alignHistories, type PriceHistory } from '../engine/history.js';
import { SolvencyError } from '../errors.js';

/** What is held: for each history a share of the position's value, negative for a short. Kept at these shares. */
export interface Position {
  readonly histories: readonly PriceHistory[];
  readonly weights: readonly number[];
}

/** Errors: INVALID_HISTORY for histories at different times, INVALID_INPUT for weights that fit no history or are zero. */
export function positionOf(histories: readonly PriceHistory[], weights: readonly number[]): Position {
  alignHistories(histories);
  if (weights.length !== histories.length) {
    throw new SolvencyError(
      'INVALID_INPUT',
      `There are ${weights.length} weights for ${histories.length} histories. Give one weight to each, in their order.`,
      { details: { weights: weights.length, histories: histories.length } },
    );
  }
  if (weights.every((weight) => weight === 0) || !weights.every(Number.isFinite)) {
    throw new SolvencyError('INVALID_INPUT', 'Weights must be numbers, and one of them not zero.');
  }
  return { histories, weights };
}

/** What the position loses from one point to another, a share of its value at the first; a gain is negative. */
export function lossBetween({ histories, weights }: Position, from: number, to: number): number {
  const gain = histories.reduce((sum, { points }, index) => {
    const [before, after] = [points[from], points[to]];
    if (before === undefined || after === undefined) throw new RangeError('a point outside the history');
    return sum + (weights[index] as number) * (after.price / before.price - 1);
  }, 0);
  return -gain;
}
