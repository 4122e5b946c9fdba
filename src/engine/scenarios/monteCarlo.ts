import { SolvencyError } from '../../errors.js';
import { scaledCholesky } from '../covariance.js';
import { exp } from '../numerics/elementary.js';
import type { Matrix } from '../numerics/matrix.js';
import { normalDraws } from '../numerics/random.js';
import { type Scenario, UNCHANGED } from './scenario.js';

export interface MonteCarloScenarios {
  /** recorded with the snapshot: whoever has it draws the same scenarios */
  readonly seed: string;
  readonly count: number;
  /** of the underlyings */
  readonly names: readonly string[];
  /** per year, one per name */
  readonly volatilities: readonly number[];
  readonly correlation: Matrix;
  readonly horizonYears: number;
}

/**
 * Correlated lognormal moves over the horizon, exp(sigma sqrt(h) z - sigma^2 h / 2) - 1, whose mean is 0; z are normal
 * draws from the seed, taken underlying by underlying within scenario by scenario and joined by the Cholesky factor of the
 * correlation. Named 'mc 0', 'mc 1' and so on.
 *
 * Throws INVALID_CORRELATION, INVALID_VOLATILITY as `scaledCholesky` does, INVALID_INPUT for an empty seed, no count, or
 * names that are not as many as volatilities or not distinct.
 */
export function monteCarloScenarios(inputs: MonteCarloScenarios): readonly Scenario[] {
  const { seed, count, names, volatilities, correlation, horizonYears } = inputs;
  if (seed === '') throw new SolvencyError('INVALID_INPUT', 'the seed of the scenarios is empty; record one');
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new SolvencyError('INVALID_INPUT', 'the number of scenarios is not a whole number above 0');
  }
  if (names.length !== volatilities.length || new Set(names).size !== names.length) {
    throw new SolvencyError(
      'INVALID_INPUT',
      'scenarios need one volatility for each underlying, and each underlying once',
    );
  }
  const factor = scaledCholesky({ volatilities, correlation, horizonYears, quantile: 1 });
  const draw = normalDraws(seed);
  const scenarios: Scenario[] = [];
  for (let index = 0; index < count; index++) {
    const draws = names.map(draw);
    const moves = names.map((name, row): [string, number] => {
      const deviation = (factor[row] as readonly number[]).reduce(
        (total, entry, column) => total + entry * (draws[column] as number),
        0,
      );
      const volatility = volatilities[row] as number;
      return [name, exp(deviation - (volatility * volatility * horizonYears) / 2) - 1];
    });
    scenarios.push({ name: `mc ${index}`, moves: new Map(moves), volatilityChanges: UNCHANGED });
  }
  return scenarios;
}
