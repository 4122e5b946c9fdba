import { compare, multiply, type Rational } from '../../numbers/rational.js';
import { type Approximation, exact } from '../../pricing/approximation.js';
import type { VolatilityFactors } from '../derive/shared/shocks.js';

/** How a scenario of a grid moves all volatilities. */
export type VolatilityMove = 'up' | 'same' | 'down';

/** A volatility in a scenario; one that is moved up is not below `leastUp`. */
export function volatilityInScenario(
  volatility: Rational,
  move: VolatilityMove,
  factors: VolatilityFactors,
  leastUp: Rational,
): Approximation {
  if (move === 'same') return exact(volatility);
  const factor = factors[move];
  const value = multiply(volatility, factor.value);
  const error = multiply(volatility, factor.error);
  // what lies within the error of the floor stays within it: the larger of two is no further off than they are
  return { value: move === 'up' && compare(value, leastUp) < 0 ? leastUp : value, error };
}
