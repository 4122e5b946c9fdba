import { type Rational, rational } from '../../numbers/rational.js';
import { type Approximation, exact } from '../../pricing/approximation.js';
import { black76 } from '../../pricing/black76.js';
import type { ForwardContract, OptionContract } from './gridMarket.js';

/** Where a contract is valued. */
export interface MarketPoint {
  readonly forward: Rational;
  /** per square root of a year */
  readonly volatility: Rational | Approximation;
  readonly secondsToExpiry: bigint;
  readonly discount: Rational;
}

/** A future is worth its forward, an option its Black-76 price. Throws INVALID_INPUT as black76 does. */
export const contractValue = (contract: ForwardContract | OptionContract, point: MarketPoint): Approximation =>
  contract.kind === 'forward'
    ? exact(point.forward)
    : black76({
        ...point,
        strike: contract.strike,
        isCall: contract.isCall,
        secondsToExpiry: rational(point.secondsToExpiry),
      });
