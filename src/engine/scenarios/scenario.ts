/** One state of the market that may come about. */
export interface Scenario {
  readonly name: string;
  /** relative move of each underlying, -1 or above */
  readonly moves: ReadonlyMap<string, number>;
  /** absolute change of each underlying's volatility, 0.1 is ten points; 0 where there is none */
  readonly volatilityChanges: ReadonlyMap<string, number>;
}

/** Of underlyings that keep their volatility. */
export const UNCHANGED: ReadonlyMap<string, number> = new Map();
