/** How a requirement moves with the market; requirements are shares of the position's value. */
export interface Procyclicality {
  readonly average: number;
  readonly trough: number;
  readonly peak: number;
  /** peak / trough; undefined when the trough is zero */
  readonly peakToTrough: number | undefined;
  /** the largest rise of the requirement within `callSteps` steps, a share of the position's value: the largest call */
  readonly largestCall: number;
}

/**
 * Measures over the cycle (peak to trough) and over a liquidity horizon (largest rise within n steps), after D. Murphy,
 * M. Vasios and N. Vause, An investigation into the procyclicality of risk-based initial margin models, Bank of England
 * Financial Stability Paper 29 (2014). `requirements` holds one figure a step and is not empty.
 */
export function procyclicality(requirements: readonly number[], callSteps: number): Procyclicality {
  let [sum, trough, peak] = [0, Number.POSITIVE_INFINITY, 0];
  for (const requirement of requirements) {
    sum += requirement;
    trough = Math.min(trough, requirement);
    peak = Math.max(peak, requirement);
  }
  return {
    average: sum / requirements.length,
    trough,
    peak,
    peakToTrough: trough > 0 ? peak / trough : undefined,
    largestCall: largestRise(requirements, callSteps),
  };
}

/** The largest of requirements[t + k] - requirements[t] with 0 <= k <= steps. */
function largestRise(requirements: readonly number[], steps: number): number {
  let largest = 0;
  for (const [at, requirement] of requirements.entries()) {
    for (let earlier = Math.max(0, at - steps); earlier < at; earlier++) {
      largest = Math.max(largest, requirement - (requirements[earlier] as number));
    }
  }
  return largest;
}
