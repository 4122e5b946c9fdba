/** Volatility from returns, and margin rates that follow it. */
import { SolvencyError } from '../errors.js';
import { normalQuantile } from './numerics/elementary.js';

const SECONDS_PER_YEAR = 31_536_000;

const refuse = (message: string): never => {
  throw new SolvencyError('INVALID_VOLATILITY', message);
};

/** Throws INVALID_VOLATILITY unless 0 < lambda < 1. */
export function requireLambda(lambda: number): void {
  if (!(lambda > 0 && lambda < 1))
    refuse('lambda, the weight of the past, is not between 0 and 1; RiskMetrics uses 0.94');
}

/** Throws INVALID_VOLATILITY when it is negative or not finite. */
export function requireVolatility(volatility: number, what: string): void {
  if (!Number.isFinite(volatility)) refuse(`${what} is not a finite number`);
  if (volatility < 0) refuse(`${what} is negative; it is 0 or above`);
}

function requireReturns(returns: readonly number[], least: number): void {
  if (returns.length < least) {
    refuse(`a volatility needs at least ${least} returns, there are ${returns.length}; give a longer history`);
  }
  if (!returns.every(Number.isFinite)) refuse('a return is not a finite number');
}

/**
 * Exponentially weighted mean of squared returns, after each return: entry t is what is known after return t, the mean of
 * returns[0..t]^2 with weights lambda^(t - s), divided by their sum so that a short history is not understated. As in the
 * RiskMetrics Technical Document (1996), 5.2.1, the mean return counts as zero. For a long history it is the recursion
 * lambda x before + (1 - lambda) x return^2.
 * Per step, as many as returns. Throws INVALID_VOLATILITY unless 0 < lambda < 1 and there is a return.
 */
export function ewmaVariances(returns: readonly number[], lambda: number): readonly number[] {
  requireLambda(lambda);
  requireReturns(returns, 1);
  let [squares, weights] = [0, 0];
  return returns.map((change) => {
    squares = lambda * squares + change * change;
    weights = lambda * weights + 1;
    return squares / weights;
  });
}

/** Volatility per step after the last return. Throws INVALID_VOLATILITY as `ewmaVariances` does. */
export const ewmaVolatility = (returns: readonly number[], lambda: number): number =>
  Math.sqrt(ewmaVariances(returns, lambda).at(-1) as number);

/** Standard deviation of the sample, per step, mean removed, over n - 1. Throws INVALID_VOLATILITY with fewer than 2. */
export function sampleVolatility(returns: readonly number[]): number {
  requireReturns(returns, 2);
  const mean = returns.reduce((total, change) => total + change, 0) / returns.length;
  const squares = returns.reduce((total, change) => total + (change - mean) * (change - mean), 0);
  return Math.sqrt(squares / (returns.length - 1));
}

/** Steps in a year of 365 days, as in option prices. */
export const stepsPerYear = (stepSeconds: number): number => SECONDS_PER_YEAR / stepSeconds;

/** Volatility per step to volatility per year, by the root of time. Throws INVALID_VOLATILITY when it is negative. */
export function annualised(volatility: number, steps: number): number {
  requireVolatility(volatility, 'a volatility');
  return volatility * Math.sqrt(steps);
}

export interface RateAtVolatility {
  /** per year: 0.5 is 50% */
  readonly volatility: number;
  /** holding period */
  readonly horizonYears: number;
  /** 0.99 is 99% */
  readonly confidence: number;
}

/**
 * Margin rate that a normal move over the holding period exceeds with probability 1 - confidence: quantile x volatility x
 * root of the time. Throws INVALID_VOLATILITY for a negative volatility, INVALID_INPUT for a horizon that is not positive
 * or a confidence not between 1/2 and 1.
 */
export function rateAt({ volatility, horizonYears, confidence }: RateAtVolatility): number {
  requireVolatility(volatility, 'the volatility of a margin rate');
  if (!(horizonYears > 0 && Number.isFinite(horizonYears))) {
    throw new SolvencyError('INVALID_INPUT', 'the holding period of a margin rate is not above 0');
  }
  if (!(confidence > 0.5 && confidence < 1)) {
    throw new SolvencyError('INVALID_INPUT', 'the confidence of a margin rate is not between 0.5 and 1');
  }
  return normalQuantile(confidence) * volatility * Math.sqrt(horizonYears);
}

export interface DynamicRate extends RateAtVolatility {
  /** the least rate, say `rateAt` a volatility of ten years */
  readonly floor: number;
  readonly cap: number;
  /** share added on top: 0.25 is 25% */
  readonly buffer: number;
}

/**
 * Margin rate that follows volatility, between a floor and a cap: min(cap, max(floor, rate x (1 + buffer))).
 *
 * Floor and buffer keep the rate from falling far in quiet times, so that it need not leap in bad ones. They are the
 * options (a) and (c) against procyclicality of Article 28(1) of Regulation (EU) 153/2013, for central counterparties
 * under EMIR: a margin buffer of at least 25%, and margin never below what a volatility estimated over ten years gives.
 * Throws as `rateAt` does, and INVALID_INPUT for a negative floor or buffer or a cap below the floor.
 */
export function dynamicRate(inputs: DynamicRate): number {
  const { floor, cap, buffer } = inputs;
  if (!(floor >= 0 && cap >= floor && buffer >= 0 && Number.isFinite(buffer))) {
    throw new SolvencyError('INVALID_INPUT', 'a margin rate needs 0 <= floor <= cap and a buffer of 0 or above');
  }
  return Math.min(cap, Math.max(floor, rateAt(inputs) * (1 + buffer)));
}
