import { ln } from '../engine/numerics/elementary.js';
import { chiSquaredTail1, chiSquaredTail2 } from './chiSquared.js';

/** A likelihood ratio statistic and the chance of one at least as large if the margin was right. */
export interface TestResult {
  readonly statistic: number;
  readonly pValue: number;
}

/** How often a day with (1) or without (0) a breach was followed by a day with or without one: n01 is none, then one. */
export interface Transitions {
  readonly n00: number;
  readonly n01: number;
  readonly n10: number;
  readonly n11: number;
}

/**
 * Kupiec's test of the proportion of failures: are there as many breaches as the confidence says? Two-sided, so it also
 * rejects a margin that is too large. LR = 2 ln(L(N/T) / L(p)), L(q) = q^N (1-q)^(T-N), chi-squared with one degree of
 * freedom. P. Kupiec, Techniques for Verifying the Accuracy of Risk Measurement Models, Journal of Derivatives 3 (1995).
 * `expected` is p, strictly between 0 and 1; no breach and nothing but breaches are in its domain.
 */
export function proportionOfFailures(observations: number, breaches: number, expected: number): TestResult {
  const passes = observations - breaches;
  const observed = breaches / observations;
  const statistic = ratio(likelihood(breaches, passes, observed), likelihood(breaches, passes, expected));
  return { statistic, pValue: chiSquaredTail1(statistic) };
}

/**
 * Christoffersen's test of independence: is a breach as likely after a breach as after none? Against a first-order
 * Markov chain, LR = 2 ln(L(n01, n11) / L(one rate)), chi-squared with one degree of freedom, 0^0 = 1.
 * P. Christoffersen, Evaluating Interval Forecasts, International Economic Review 39 (1998).
 */
export function independence({ n00, n01, n10, n11 }: Transitions): TestResult {
  const rate = share(n01 + n11, n00 + n10);
  const chain = likelihood(n01, n00, share(n01, n00)) + likelihood(n11, n10, share(n11, n10));
  const statistic = ratio(chain, likelihood(n01 + n11, n00 + n10, rate));
  return { statistic, pValue: chiSquaredTail1(statistic) };
}

/** Both at once: the sum of the two statistics, chi-squared with two degrees of freedom (Christoffersen 1998). */
export function conditionalCoverage(proportion: TestResult, independent: TestResult): TestResult {
  const statistic = proportion.statistic + independent.statistic;
  return { statistic, pValue: chiSquaredTail2(statistic) };
}

/** Counts each pair of neighbouring days. */
export function transitionsOf(breaches: readonly boolean[]): Transitions {
  const counts = { n00: 0, n01: 0, n10: 0, n11: 0 };
  for (let day = 1; day < breaches.length; day++) {
    const from = breaches[day - 1] ? 1 : 0;
    counts[`n${from}${breaches[day] ? 1 : 0}`]++;
  }
  return counts;
}

/** ln(q^hits (1-q)^misses) */
const likelihood = (hits: number, misses: number, rate: number): number =>
  timesLn(hits, rate) + timesLn(misses, 1 - rate);

/** count ln(value); what never happened adds nothing, also where its logarithm has no value */
const timesLn = (count: number, value: number): number => (count === 0 ? 0 : count * ln(value));

const share = (hits: number, misses: number): number => (hits + misses === 0 ? 0 : hits / (hits + misses));

/** The better fit is never worse; a rounding of the last bit must not make the statistic negative. */
const ratio = (better: number, stated: number): number => Math.max(0, 2 * (better - stated));
