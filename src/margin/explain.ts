import { SolvencyError } from '../errors.js';
import { formatFixed, rational } from '../numbers/rational.js';
import { BITS, BPS_SCALE, VALUE_DECIMALS } from '../protocol/constants.js';
import type { MarginFigures } from './figures.js';

/**
 * Says why an evaluated account does not meet a claim, before anything is proven: OUT_OF_RANGE for a threshold or floor
 * outside its bounds, INSOLVENT or BELOW_FLOOR with the shortfall for the owner's eyes only. Returns when it holds.
 */
export function requireClaim(
  { weightedEquity, requirement, decimals }: MarginFigures,
  { thresholdBps, equityFloor }: { readonly thresholdBps: bigint; readonly equityFloor: bigint },
): void {
  requireBounds('thresholdBps', thresholdBps, 1n, BITS.thresholdBps);
  requireBounds('equityFloor', equityFloor, 0n, BITS.equityFloor);
  const unit = 10n ** BigInt(decimals);
  // both sides times 10^4, as in the circuit
  const missing = thresholdBps * requirement - BPS_SCALE * weightedEquity;
  if (missing > 0n) {
    throw new SolvencyError('INSOLVENT', 'The account does not meet the margin ratio, so there is nothing to prove.', {
      details: { thresholdBps: thresholdBps.toString() },
      ownerOnly: { shortfall: quote(missing, unit * BPS_SCALE) },
    });
  }
  const below = 10n ** BigInt(decimals - VALUE_DECIMALS) * equityFloor - weightedEquity;
  if (below > 0n) {
    throw new SolvencyError('BELOW_FLOOR', "The account's equity is below the floor, so there is nothing to prove.", {
      details: { equityFloor: equityFloor.toString() },
      ownerOnly: { shortfall: quote(below, unit) },
    });
  }
}

function requireBounds(name: string, value: bigint, least: bigint, bits: number): void {
  // a number or a string would compare like a bigint, and fail or reduce later
  if (typeof value === 'bigint' && value >= least && value < 1n << BigInt(bits)) return;
  throw new SolvencyError('OUT_OF_RANGE', `${name} must lie in [${least}, 2^${bits}).`, {
    details: { name, value: String(value) },
  });
}

/** Rounded up, so that adding the figure is enough. */
const quote = (amount: bigint, scale: bigint): string => formatFixed(rational(-amount, scale), 8).replace('-', '');
