import { add, multiply, ONE, type Rational, ZERO } from '../../numbers/rational.js';
import { type Approximation, exact } from '../../pricing/approximation.js';
import { type VolatilityFactors, type VolatilityShockParameters, volatilityFactors } from '../derive/shared/shocks.js';
import { contractValue } from './contractValue.js';
import type { ForwardContract, OptionContract, PricedExpiry } from './gridMarket.js';
import { type VolatilityMove, volatilityInScenario } from './volatilityInScenario.js';

/** One scenario of a grid that multiplies prices and volatilities. */
export interface GridScenario {
  /** relative change of the underlying's price, at least -1 */
  readonly move: Rational;
  readonly volatility: VolatilityMove;
  /** the part of a loss that counts */
  readonly weight: Rational;
}

export interface VolatilityRule extends VolatilityShockParameters {
  /** floor of a volatility that is moved up; 0 for none */
  readonly leastUp: Rational;
}

/** What nothing moves needs no factor, and an expiry without options need not say when it ends. */
const STILL: VolatilityFactors = { up: exact(ONE), down: exact(ONE) };

/**
 * Values one contract of an expiry now (`mark`) and in each scenario: forward x (1 + move), and the volatility that the
 * rule makes of it at that time to expiry. Discount and time to expiry stay.
 */
export function movedGrid<Contract extends ForwardContract | OptionContract>(
  expiry: PricedExpiry<Contract>,
  scenarios: readonly GridScenario[],
  rule: VolatilityRule,
): (contract: Contract) => { readonly mark: Approximation; readonly values: readonly Approximation[] } {
  const { forward, secondsToExpiry, discount, contracts } = expiry;
  const hasOptions = contracts.some(({ kind }) => kind === 'option');
  const factors = hasOptions ? volatilityFactors(secondsToExpiry, rule) : STILL;
  return (contract) => {
    const now = contract.kind === 'option' ? contract.volatility : ZERO;
    const at = (price: Rational, volatility: Rational | Approximation): Approximation =>
      contractValue(contract, { forward: price, volatility, secondsToExpiry, discount });
    return {
      mark: at(forward, now),
      values: scenarios.map(({ move, volatility }) =>
        at(multiply(forward, add(ONE, move)), volatilityInScenario(now, volatility, factors, rule.leastUp)),
      ),
    };
  };
}
