/** What a family says of an account. */
export interface MarginFigures {
  /** after haircuts, in the family's unit */
  readonly weightedEquity: bigint;
  /** under the snapshot's claim, in the same unit */
  readonly requirement: bigint;
  /** decimals of the unit: 22 is 1e-22 quote */
  readonly decimals: number;
  /** of risk measures: each by itself, in the same unit, before a hybrid weighs them */
  readonly measures?: readonly { readonly name: string; readonly amount: bigint }[];
}
