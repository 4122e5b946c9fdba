import { warmUp } from '../engine/scenarios/historical.js';
import { expectedShortfall, valueAtRisk } from '../engine/tail.js';
import { dynamicRate, ewmaVariances, rateAt, sampleVolatility } from '../engine/volatility.js';
import type { MarginRule } from './marginRule.js';
import { filteredLosses, type PastLosses, plainLosses } from './pastLosses.js';
import { lossBetween, type Position } from './position.js';
import type { ShortfallForecast } from './shortfallTest.js';
import type { BacktestTerms } from './terms.js';

/** What a rule asks on one day; shares of the position's value, never below zero. */
export interface Requirement {
  readonly requirement: number;
  /** of rules that ask for the expected shortfall, where it is above zero */
  readonly forecast: ShortfallForecast | undefined;
}

/** The requirement at point `at`, of the prices up to it and no later one. */
export type RequirementAt = (at: number) => Requirement;

const PPM = 1_000_000;

/**
 * A rule made ready for all days of a position: each figure that several days need is computed once.
 * Errors: those of the engine's tail and volatility functions, when the returned function is called.
 */
export function requirementsOf(position: Position, rule: MarginRule, terms: BacktestTerms): RequirementAt {
  const confidence = terms.confidencePpm / PPM;
  switch (rule.kind) {
    case 'historical': {
      const losses = historicalLosses(position, rule.lambda, terms);
      if (rule.measure === 'value-at-risk') {
        return (at) => plain(valueAtRisk(losses(at, terms.window), confidence));
      }
      return (at) => shortfallRequirement(losses(at, terms.window), confidence);
    }
    case 'parametric': {
      const volatilityAt = weightedVolatility(position, rule.lambda);
      return (at) => plain(rateAt(stepsAsYears(volatilityAt(at), confidence, terms)));
    }
    case 'dynamic': {
      const volatilityAt = weightedVolatility(position, rule.lambda);
      const moves = movesOf(position);
      return (at) => {
        const long = sampleVolatility(moves.slice(Math.max(0, at - rule.floorSteps), at));
        const floor = rateAt(stepsAsYears(long, confidence, terms));
        const inputs = stepsAsYears(volatilityAt(at), confidence, terms);
        return plain(dynamicRate({ ...inputs, floor, cap: Number.POSITIVE_INFINITY, buffer: rule.buffer }));
      };
    }
    case 'flat':
      return () => plain(rule.rate);
  }
}

/** The first point at which the rule has the prices that it needs. */
export function firstPoint(rule: MarginRule, { window, horizonSteps }: BacktestTerms): number {
  const before = rule.kind === 'historical' && rule.lambda !== undefined ? warmUp(rule.lambda) : 0;
  return before + window + horizonSteps - 1;
}

const historicalLosses = (
  position: Position,
  lambda: number | undefined,
  { horizonSteps }: BacktestTerms,
): PastLosses =>
  lambda === undefined ? plainLosses(position, horizonSteps) : filteredLosses(position, horizonSteps, lambda);

const plain = (requirement: number): Requirement => ({
  requirement: Math.max(0, requirement),
  forecast: undefined,
});

function shortfallRequirement(losses: readonly number[], confidence: number): Requirement {
  const shortfall = expectedShortfall(losses, confidence);
  if (shortfall <= 0) return plain(shortfall);
  const bound = valueAtRisk(losses, confidence);
  const beyond = losses.filter((loss) => loss > bound);
  return {
    requirement: shortfall,
    forecast: { valueAtRisk: bound, expectedShortfall: shortfall, scenarios: losses.length, beyond },
  };
}

/** Gains of the position over each step: entry t is from point t to the next. */
const movesOf = (position: Position): readonly number[] =>
  (position.histories[0]?.points ?? []).slice(1).map((_, index) => -lossBetween(position, index, index + 1));

/** Volatility a step that is known at a point. */
function weightedVolatility(position: Position, lambda: number): (at: number) => number {
  const variances = ewmaVariances(movesOf(position), lambda);
  return (at) => Math.sqrt(variances[at - 1] as number);
}

/** The engine's rates take any unit of time; here it is the step. */
const stepsAsYears = (volatility: number, confidence: number, { horizonSteps }: BacktestTerms) => ({
  volatility,
  horizonYears: horizonSteps,
  confidence,
});
