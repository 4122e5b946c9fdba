/**
 * Value at risk and expected shortfall of equally likely losses, as a snapshot states them: with a tail of
 * (1 - confidence) x n losses, value at risk is the smallest v that at most the whole part of that many losses exceed.
 */
import { SolvencyError } from '../errors.js';
import { scenariosNeeded } from '../measure/tailRules.js';

const MILLION = 1_000_000;

/**
 * Refuses a tail that holds less than one scenario: expected shortfall and value at risk would both be the worst loss, at
 * whatever confidence. Throws TOO_FEW_SCENARIOS, and INVALID_INPUT unless confidence (parts per million) is whole and
 * between 0 and 1 and count is whole.
 */
export function requireEnoughScenarios(count: number, confidencePpm: number): void {
  if (!(Number.isSafeInteger(confidencePpm) && confidencePpm > 0 && confidencePpm < MILLION)) {
    throw new SolvencyError('INVALID_INPUT', 'the confidence is not whole parts per million between 0 and 1,000,000');
  }
  if (!(Number.isSafeInteger(count) && count >= 0)) {
    throw new SolvencyError('INVALID_INPUT', 'the number of scenarios is not a whole number');
  }
  const needed = scenariosNeeded(BigInt(confidencePpm));
  if (BigInt(count) < needed) {
    throw new SolvencyError(
      'TOO_FEW_SCENARIOS',
      `${count} scenarios have less than one in the tail of ${MILLION - confidencePpm} parts per million; give at least ${needed}`,
    );
  }
}

interface Tail {
  /** worst first */
  readonly losses: readonly number[];
  /** (1 - confidence) x n, in millionths */
  readonly size: number;
}

function tailOf(losses: readonly number[], confidence: number): Tail {
  // whole parts per million, so that 1 - 0.9 is a tenth and not a little less
  const confidencePpm = Math.floor(confidence * MILLION + 0.5);
  requireEnoughScenarios(losses.length, confidencePpm);
  if (!losses.every(Number.isFinite)) throw new SolvencyError('INVALID_INPUT', 'a loss is not a finite number');
  return { losses: [...losses].sort((a, b) => b - a), size: (MILLION - confidencePpm) * losses.length };
}

const boundOf = ({ losses, size }: Tail): number => losses[Math.floor(size / MILLION)] as number;

/**
 * The smallest v such that at most floor((1 - confidence) n) of the n losses exceed v; confidence to the millionth, gains
 * are negative losses. Throws TOO_FEW_SCENARIOS and INVALID_INPUT as `requireEnoughScenarios` does.
 */
export const valueAtRisk = (losses: readonly number[], confidence: number): number =>
  boundOf(tailOf(losses, confidence));

/**
 * The least t + sum of max(0, loss - t) / ((1 - confidence) n) over t, which value at risk attains: R. T. Rockafellar,
 * S. Uryasev, "Optimization of conditional value-at-risk" (Journal of Risk, 2000). It is the mean of the worst
 * (1 - confidence) n losses, the last one in part. Throws as `valueAtRisk` does.
 */
export function expectedShortfall(losses: readonly number[], confidence: number): number {
  const tail = tailOf(losses, confidence);
  const bound = boundOf(tail);
  const excess = tail.losses.reduce((total, loss) => total + Math.max(0, loss - bound), 0);
  return bound + excess / (tail.size / MILLION);
}
