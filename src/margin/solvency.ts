import { nonZeroIf } from '../numbers/nonZeroIf.js';
import { ranged } from '../numbers/ranged.js';
import { BITS, BPS_SCALE } from '../protocol/constants.js';

/** What a family computes in. */
export interface MarginUnit {
  /** units in 1e-16 quote */
  readonly scale: bigint;
  readonly requirementBits: number;
  readonly comparisonBits: number;
}

/** Twin of Solvency: the margin ratio cross-multiplied, and the floor; equality is solvent. */
export function solvency(
  unit: MarginUnit,
  claim: {
    /** in the unit, signed */
    readonly weightedEquity: bigint;
    /** in the unit */
    readonly requirement: bigint;
    readonly thresholdBps: bigint;
    /** 1e-16 quote */
    readonly equityFloor: bigint;
  },
): void {
  ranged(BITS.thresholdBps, claim.thresholdBps);
  nonZeroIf(claim.thresholdBps, 1n);
  ranged(BITS.equityFloor, claim.equityFloor);
  ranged(unit.requirementBits, claim.requirement);
  ranged(unit.comparisonBits, BPS_SCALE * claim.weightedEquity - claim.thresholdBps * claim.requirement);
  ranged(unit.comparisonBits, claim.weightedEquity - unit.scale * claim.equityFloor);
}
