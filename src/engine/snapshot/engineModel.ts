import type { Rational } from '../../numbers/rational.js';
import type { LadderRule } from '../../snapshot/snapshot.js';

/** Where the volatility of an underlying comes from: the market file, or exponential weights on its history. */
export type VolatilitySource = { readonly kind: 'market' } | { readonly kind: 'ewma'; readonly lambda: Rational };

/** How several series move together: exponential weights on their histories, or as stated, in the order of the series. */
export type CovarianceSource =
  | { readonly kind: 'ewma'; readonly lambda: Rational }
  | {
      readonly kind: 'given';
      /** per square root of a year */
      readonly volatilities: readonly Rational[];
      readonly correlation: readonly (readonly Rational[])[];
    };

/** Scenarios that are equally likely. */
export type ScenarioSource =
  | {
      readonly kind: 'historical';
      readonly count: number;
      /** scales each return to the volatility of the last day */
      readonly filtered: { readonly lambda: Rational } | null;
    }
  | {
      readonly kind: 'monteCarlo';
      readonly count: number;
      readonly seed: string;
      readonly covariance: CovarianceSource;
    };

/** Scenarios that somebody wrote down. */
export type StressSource =
  | {
      readonly kind: 'named';
      readonly name: string;
      readonly moves: Readonly<Record<string, Rational>>;
      readonly volatilityChanges: Readonly<Record<string, Rational>>;
    }
  | { readonly kind: 'grid'; readonly moves: readonly Rational[]; readonly volatilityChange: Rational }
  | { readonly kind: 'breaking'; readonly move: Rational };

/** Holding period and level of a risk measure. */
export interface RiskLevel {
  /** 0.99 is 99% */
  readonly confidence: Rational;
  readonly horizonDays: Rational;
}

/** Charges for size: `multiples` of the average daily volume bound the tiers. */
export interface AddOns {
  readonly participation: Rational;
  readonly impactCoefficient: Rational;
  readonly confidence: Rational;
  readonly multiples: readonly Rational[];
  readonly volatility: VolatilitySource;
}

export interface TailTerms extends RiskLevel {
  readonly measure: 'expected shortfall' | 'value at risk';
  readonly scenarios: readonly ScenarioSource[];
}

export interface ParametricTerms extends RiskLevel {
  /** relative moves of an underlying's price or of its implied volatility */
  readonly factors: readonly { readonly underlying: string; readonly of: 'price' | 'volatility' }[];
  readonly covariance: CovarianceSource;
}

/** Shocks of every underlying: each multiple of its volatility over the horizon with each change of volatility. */
export interface GreeksTerms {
  readonly horizonDays: Rational;
  readonly volatility: VolatilitySource;
  readonly multiples: readonly Rational[];
  /** absolute: 0.1 is ten points */
  readonly volatilityChanges: readonly Rational[];
}

interface Base<Family extends string> {
  readonly family: Family;
  readonly claim: string;
  readonly haircuts: LadderRule;
}

/** Rates that follow volatility, more for larger notionals. */
export interface TieredRecipe extends Base<'tiered'>, RiskLevel {
  readonly volatility: VolatilitySource;
  readonly floor: Rational;
  readonly cap: Rational;
  /** share added to the rate: 0.25 is 25% */
  readonly buffer: Rational;
  /** factors on the rate, for the part of the notional (in quote) up to each cap */
  readonly tiers: readonly { readonly notionalCap: Rational | null; readonly multiple: Rational }[];
}

/** A grid that revalues everything; the weight is the part of a loss that counts. */
export interface PortfolioRecipe extends Base<'portfolio'> {
  readonly grid: {
    readonly moves: readonly Rational[];
    readonly volatilityChanges: readonly Rational[];
    readonly weight: Rational;
  };
  readonly extreme: readonly {
    readonly move: Rational;
    readonly volatilityChange: Rational;
    readonly weight: Rational;
  }[];
}

interface Measured<Family extends string> extends Base<Family> {
  readonly addOns: AddOns | null;
}

export interface GreeksRecipe extends Measured<'greeks'>, GreeksTerms {}

export interface ParametricRecipe extends Measured<'parametric'>, ParametricTerms {}

export interface TailRecipe extends Measured<'tail'>, TailTerms {
  /** blocks of 45 scenarios of the circuit; null: the fewest that one has */
  readonly blocks: number | null;
}

export interface HybridRecipe extends Measured<'hybrid'> {
  readonly greeks: GreeksTerms;
  readonly parametric: ParametricTerms;
  readonly tail: TailTerms;
  readonly stress: readonly StressSource[];
  readonly blocks: number | null;
  readonly rule: 'maximum' | 'sum';
  readonly weights: Readonly<Record<'charges' | 'greeks' | 'parametric' | 'tail' | 'stress', Rational>>;
  readonly added: Rational;
}

export type MeasuredRecipe = GreeksRecipe | ParametricRecipe | TailRecipe | HybridRecipe;

/** What to make of market data: the family of the snapshot and its parameters, before anything is computed. */
export type EngineModel = TieredRecipe | PortfolioRecipe | MeasuredRecipe;
