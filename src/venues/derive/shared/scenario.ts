import type { Rational } from '../../../numbers/rational.js';

/** How a scenario moves volatility; a skew scenario turns the surface instead of lifting it. */
export type VolatilityShock = 'up' | 'down' | 'none' | 'linearSkew' | 'absoluteSkew';

/** What one unit of an option is worth now, under the two basis shocks, and in each scenario. */
export interface OptionValues<Value> {
  readonly mark: Value;
  readonly basisUp: Value;
  readonly basisDown: Value;
  readonly scenarios: readonly Value[];
}

export const mapValues = <From, To>(values: OptionValues<From>, map: (value: From) => To): OptionValues<To> => ({
  mark: map(values.mark),
  basisUp: map(values.basisUp),
  basisDown: map(values.basisDown),
  scenarios: values.scenarios.map(map),
});

/** One option of an account. */
export interface HeldOption {
  readonly strike: Rational;
  readonly isCall: boolean;
  /** signed, in units of the underlying */
  readonly amount: Rational;
  /** per square root of a year */
  readonly volatility: Rational;
}

/**
 * A forward whose fixed portion, the part of a settlement average that has already been seen, is not shocked. The two add
 * up to the forward.
 */
export interface Forward {
  readonly variable: Rational;
  readonly fixed: Rational;
}
