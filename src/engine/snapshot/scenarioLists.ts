import { SolvencyError } from '../../errors.js';
import { divide, type Rational, rational } from '../../numbers/rational.js';
import { shortText } from '../../snapshot/rounding.js';
import { nearestDouble } from '../numerics/doubles.js';
import { historicalScenarios } from '../scenarios/historical.js';
import { monteCarloScenarios } from '../scenarios/monteCarlo.js';
import type { Scenario } from '../scenarios/scenario.js';
import { breakingStress, gridStress, namedStress } from '../scenarios/stress.js';
import type { ScenarioSource, StressSource, TailTerms } from './engineModel.js';
import { type Histories, historyOf, listOf, momentsFrom, type Sourced } from './estimates.js';
import { fineOf } from './figures.js';
import type { Market } from './market.js';
import type { FineMove } from './valuation.js';

const SECONDS_PER_DAY = 86_400n;
const DAYS_PER_YEAR = rational(365n);

/** Days as a part of a year of 365 days, the nearest double. */
export const yearsOfDays = (days: Rational): number => nearestDouble(divide(days, DAYS_PER_YEAR));

/** Scenarios with the moves of each underlying in 1e-9: rounded once, and exact from then on. */
export interface FineScenarios {
  readonly names: readonly string[];
  /** by the place of the underlying, one a scenario */
  readonly moves: readonly (readonly FineMove[])[];
}

/** A move in 1e-9. Throws INVALID_INPUT for one of more than the whole price. */
function fineMove({ name, moves, volatilityChanges }: Scenario, underlying: string): FineMove {
  const move = fineOf(moves.get(underlying) ?? 0);
  if (move < -(10n ** 9n)) {
    throw new SolvencyError('INVALID_INPUT', `Scenario ${name} moves ${underlying} below a price of zero.`);
  }
  return { move, volatility: fineOf(volatilityChanges.get(underlying) ?? 0) };
}

export const fineScenarios = ({ underlyings }: Market, scenarios: readonly Scenario[]): FineScenarios => ({
  names: scenarios.map(({ name }) => name),
  moves: underlyings.map(({ name }) => scenarios.map((scenario) => fineMove(scenario, name))),
});

/** A horizon of days in steps of a history. */
function stepsOf(days: Rational, stepSeconds: number, name: string): number {
  const steps = divide({ num: days.num * SECONDS_PER_DAY, den: days.den }, rational(BigInt(stepSeconds)));
  if (steps.den === 1n && steps.num > 0n) return Number(steps.num);
  throw new SolvencyError(
    'INVALID_INPUT',
    `A horizon of ${shortText(days)} days is not a whole number of steps of ${stepSeconds} seconds of the history ${name}.`,
  );
}

/**
 * The scenarios of the distribution by their sources, each scenario as likely as the others, with what they came from. Throws
 * TOO_FEW_SCENARIOS where a history is too short, and as historicalScenarios and monteCarloScenarios do.
 */
export function tailScenarios(
  market: Market,
  { scenarios, horizonDays }: TailTerms,
  histories: Histories,
): readonly Sourced<readonly Scenario[]>[] {
  return scenarios.map((source) => scenariosOf(market, source, horizonDays, histories));
}

function scenariosOf(
  market: Market,
  source: ScenarioSource,
  horizonDays: Rational,
  histories: Histories,
): Sourced<readonly Scenario[]> {
  const { underlyings } = market;
  if (source.kind === 'monteCarlo') {
    const series = underlyings.map((underlying) => ({
      name: underlying.name,
      underlying,
      of: 'price' as const,
    }));
    const moments = momentsFrom(series, source.covariance, histories);
    const { count, seed } = source;
    return {
      value: monteCarloScenarios({ ...moments.value, count, seed, horizonYears: yearsOfDays(horizonDays) }),
      from: `${count} Monte Carlo draws, seed ${seed}, ${moments.from}`,
      histories: moments.histories,
    };
  }
  const listed = underlyings.map((underlying) => historyOf(underlying, 'price', histories));
  const [first] = listed;
  if (first === undefined) throw new SolvencyError('INVALID_INPUT', 'The market has no underlyings.');
  const { count, filtered } = source;
  const made = historicalScenarios({
    // the engine calls a move by its history, a scenario by its underlying
    histories: listed.map((history, place) => ({ ...history, name: underlyings[place]?.name as string })),
    count,
    horizonSteps: stepsOf(horizonDays, first.stepSeconds, first.name),
    ...(filtered === null ? {} : { filtered: { lambda: nearestDouble(filtered.lambda) } }),
  });
  const how = filtered === null ? '' : `, filtered by lambda ${shortText(filtered.lambda)}`;
  return {
    // plain and filtered returns of one day are two scenarios
    value: filtered === null ? made : made.map((scenario) => ({ ...scenario, name: `filtered ${scenario.name}` })),
    from: `the last ${count} returns${how}, histories ${listOf(listed)}`,
    histories: listed,
  };
}

/** The scenarios of stress in the order of their sources. Throws as namedStress, gridStress and breakingStress do. */
export function stressScenarios({ underlyings }: Market, sources: readonly StressSource[]): readonly Scenario[] {
  const names = underlyings.map(({ name }) => name);
  const doubles = (figures: Readonly<Record<string, Rational>>): Record<string, number> =>
    Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, nearestDouble(figure)]));
  return sources.flatMap((source) => {
    switch (source.kind) {
      case 'named':
        return namedStress(
          [
            {
              name: source.name,
              moves: doubles(source.moves),
              volatilityChanges: doubles(source.volatilityChanges),
            },
          ],
          names,
        );
      case 'grid':
        return gridStress({
          underlyings: names,
          moves: source.moves.map(nearestDouble),
          volatilityChange: nearestDouble(source.volatilityChange),
        });
      case 'breaking':
        return breakingStress(names, nearestDouble(source.move));
      default:
        return source satisfies never;
    }
  });
}
