import { SolvencyError } from '../errors.js';
import { formatFixed, rational } from '../numbers/rational.js';
import { BITS, BPS_SCALE, RATE_SCALE } from '../protocol/constants.js';
import type { Evaluation } from './evaluate.js';

/** 1e-22 quote units in one */
const MARGIN_SCALE = 10n ** 22n;

/**
 * Says why an evaluated account does not meet a claim, before anything is proven: OUT_OF_RANGE for a threshold or floor
 * outside its bounds, INSOLVENT or BELOW_FLOOR with the shortfall for the owner's eyes only. Returns when it holds.
 */
export function requireClaim(
  { weightedEquity, requirement }: Evaluation,
  { thresholdBps, equityFloor }: { readonly thresholdBps: bigint; readonly equityFloor: bigint },
): void {
  requireBounds('thresholdBps', thresholdBps, 1n, BITS.thresholdBps);
  requireBounds('equityFloor', equityFloor, 0n, BITS.equityFloor);
  // both sides times 10^4, as in the circuit
  const missing = thresholdBps * requirement - BPS_SCALE * weightedEquity;
  if (missing > 0n) {
    throw new SolvencyError('INSOLVENT', 'The account does not meet the margin ratio, so there is nothing to prove.', {
      details: { thresholdBps: thresholdBps.toString() },
      ownerOnly: { shortfall: quote(missing, MARGIN_SCALE * BPS_SCALE) },
    });
  }
  const below = RATE_SCALE * equityFloor - weightedEquity;
  if (below > 0n) {
    throw new SolvencyError('BELOW_FLOOR', "The account's equity is below the floor, so there is nothing to prove.", {
      details: { equityFloor: equityFloor.toString() },
      ownerOnly: { shortfall: quote(below, MARGIN_SCALE) },
    });
  }
}

function requireBounds(name: string, value: bigint, least: bigint, bits: number): void {
  if (value >= least && value < 1n << BigInt(bits)) return;
  throw new SolvencyError('OUT_OF_RANGE', `${name} must lie in [${least}, 2^${bits}).`, {
    details: { name, value: value.toString() },
  });
}

/** Rounded up, so that adding the figure is enough. */
const quote = (amount: bigint, scale: bigint): string => formatFixed(rational(-amount, scale), 8).replace('-', '');
