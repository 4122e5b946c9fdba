/**
 * How a requirement is made from past prices. `lambda` is the weight that yesterday's variance keeps in an exponentially
 * weighted average; a rate is a share of the position's value.
 */
export type MarginRule = { readonly name: string } & (
  | {
      readonly kind: 'historical';
      readonly measure: TailMeasure;
      /** set: past moves are rescaled to today's volatility (filtered historical simulation) */
      readonly lambda: number | undefined;
    }
  | { readonly kind: 'parametric'; readonly lambda: number }
  | {
      readonly kind: 'dynamic';
      readonly lambda: number;
      /** added share of the calculated margin */
      readonly buffer: number;
      /** steps of the long lookback whose volatility the requirement never goes below */
      readonly floorSteps: number;
    }
  | { readonly kind: 'flat'; readonly rate: number }
);

export type TailMeasure = 'value-at-risk' | 'expected-shortfall';

/** The decay that RiskMetrics uses for daily data (Technical Document, 4th edition, 1996). */
const DAILY_LAMBDA = 0.94;

/**
 * Rules known by name. Buffer and floor of `dynamic` are those of EU Regulation 153/2013, Article 28(1)(a) and (c): a
 * quarter on top, and never below the volatility of ten years (2,520 trading days).
 */
export const MARGIN_RULES: readonly MarginRule[] = [
  { name: 'historical-var', kind: 'historical', measure: 'value-at-risk', lambda: undefined },
  { name: 'historical-es', kind: 'historical', measure: 'expected-shortfall', lambda: undefined },
  { name: 'filtered-var', kind: 'historical', measure: 'value-at-risk', lambda: DAILY_LAMBDA },
  { name: 'filtered-es', kind: 'historical', measure: 'expected-shortfall', lambda: DAILY_LAMBDA },
  { name: 'parametric', kind: 'parametric', lambda: DAILY_LAMBDA },
  { name: 'dynamic', kind: 'dynamic', lambda: DAILY_LAMBDA, buffer: 0.25, floorSteps: 2520 },
  { name: 'flat', kind: 'flat', rate: 0.05 },
];
