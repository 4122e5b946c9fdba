import { nonZeroIf } from '../numbers/nonZeroIf.js';
import { ranged } from '../numbers/ranged.js';
import { BITS, BPS_SCALE, RATE_SCALE } from '../protocol/constants.js';

/** Twin of Solvency: the margin ratio cross-multiplied, and the floor; equality is solvent. */
export function solvency(claim: {
  /** 1e-22 quote, signed */
  readonly weightedEquity: bigint;
  /** 1e-22 quote */
  readonly requirement: bigint;
  readonly thresholdBps: bigint;
  /** 1e-16 quote */
  readonly equityFloor: bigint;
}): void {
  ranged(BITS.thresholdBps, claim.thresholdBps);
  nonZeroIf(claim.thresholdBps, 1n);
  ranged(BITS.equityFloor, claim.equityFloor);
  ranged(BITS.requirement, claim.requirement);
  ranged(BITS.comparison, BPS_SCALE * claim.weightedEquity - claim.thresholdBps * claim.requirement);
  ranged(BITS.comparison, claim.weightedEquity - RATE_SCALE * claim.equityFloor);
}
