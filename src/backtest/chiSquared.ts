import { exp, normalCdf } from '../engine/numerics/elementary.js';

/** Chance that a chi-squared variable with one degree of freedom exceeds `value` >= 0: 2 Phi(-sqrt(value)). */
export const chiSquaredTail1 = (value: number): number => 2 * normalCdf(-Math.sqrt(value));

/** Chance that a chi-squared variable with two degrees of freedom exceeds `value` >= 0: exp(-value / 2). */
export const chiSquaredTail2 = (value: number): number => exp(-value / 2);
