/** What is asked of all rules of a backtest. */
export interface BacktestTerms {
  /** chance that a requirement covers the loss, in millionths: 990000 is 99% */
  readonly confidencePpm: number;
  /** past moves that a rule looks at */
  readonly window: number;
  /** steps until a position in default is closed: the loss that a requirement has to cover */
  readonly horizonSteps: number;
}
