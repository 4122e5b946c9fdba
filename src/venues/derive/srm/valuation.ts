/**
 * From volatilities to mark prices: Black-76 at the forward, undiscounted, with a certain error bound. Formula:
 * derivexyz/v2-core (commit 7736900d), src/risk-managers/StandardManager.sol.
 */
import { ONE, type Rational, rational } from '../../../numbers/rational.js';
import type { Approximation } from '../../../pricing/approximation.js';
import { black76 } from '../../../pricing/black76.js';
import type { HeldOption } from '../shared/scenario.js';

export interface SrmExpiryInputs {
  /** 0 once expired: the options are then worth their intrinsic value */
  readonly seconds: bigint;
  readonly forward: Rational;
  readonly options: readonly HeldOption[];
}

/** Mark price per unit of each option of an expiry, in order. Throws INVALID_INPUT when an input is negative. */
export const srmMarks = ({ seconds, forward, options }: SrmExpiryInputs): readonly Approximation[] =>
  options.map(({ strike, isCall, volatility }) =>
    black76({ forward, strike, volatility, secondsToExpiry: rational(seconds), discount: ONE, isCall }),
  );
