import { requireHorizon } from '../engine/history.js';
import { requireEnoughScenarios } from '../engine/tail.js';
import { SolvencyError } from '../errors.js';
import type { MarginRule } from './marginRule.js';
import { lossBetween, type Position } from './position.js';
import { firstPoint, type Requirement, requirementsOf } from './requirement.js';
import type { BacktestTerms } from './terms.js';

/** One day of a backtest; shares of the position's value on that day. */
export interface MarginDay extends Requirement {
  /** the point at whose price the requirement was made */
  readonly at: number;
  /** what the position lost in the `horizonSteps` after; a gain is negative */
  readonly loss: number;
}

/** Points at which requirements are made, both included. */
export interface BacktestSpan {
  readonly first: number;
  readonly last: number;
}

/**
 * The days over which all of the rules can be compared: each has the prices that it needs, and the loss is known.
 * Errors: INVALID_HISTORY when there are not two such days, TOO_FEW_SCENARIOS when the window is too short for the
 * confidence, INVALID_INPUT for a horizon or confidence out of range.
 */
export function spanOf(position: Position, rules: readonly MarginRule[], terms: BacktestTerms): BacktestSpan {
  const { window, horizonSteps, confidencePpm } = terms;
  requireHorizon(horizonSteps);
  requireEnoughScenarios(window, confidencePpm);
  const points = position.histories[0]?.points.length ?? 0;
  const first = rules.reduce((latest, rule) => Math.max(latest, firstPoint(rule, terms)), 0);
  const last = points - 1 - horizonSteps;
  if (last - first < horizonSteps) {
    const needed = first + 1 + 2 * horizonSteps;
    throw new SolvencyError(
      'INVALID_HISTORY',
      `The history has ${points} points, and a window of ${window} moves with a horizon of ${horizonSteps} needs ${needed}. Give a longer history or a shorter window.`,
      { details: { points, needed, window, horizonSteps } },
    );
  }
  return { first, last };
}

/**
 * For every day of the span the requirement that the rule makes of the prices up to that day, and the loss that came
 * after. Errors: those of `requirementsOf`.
 */
export function rollingBacktest(
  position: Position,
  rule: MarginRule,
  terms: BacktestTerms,
  { first, last }: BacktestSpan,
): readonly MarginDay[] {
  const requirementAt = requirementsOf(position, rule, terms);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const at = first + index;
    return { at, ...requirementAt(at), loss: lossBetween(position, at, at + terms.horizonSteps) };
  });
}

export const isBreach = ({ loss, requirement }: MarginDay): boolean => loss > requirement;

/**
 * Days whose losses share no step: every `horizonSteps`-th. Overlapping losses breach in runs however good the
 * requirement is, and the tests assume that they do not.
 */
export const separateDays = (days: readonly MarginDay[], horizonSteps: number): readonly MarginDay[] =>
  days.filter((_, index) => index % horizonSteps === 0);
