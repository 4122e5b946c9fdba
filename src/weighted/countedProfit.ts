import { signSplit } from '../numbers/signSplit.js';
import { RATE_SCALE, WEIGHTED } from '../protocol/constants.js';

/** Twin of CountedProfit: weight x min(profit, cap), or a loss in full, in 1e-22 quote. */
export function countedProfit(profit: bigint, weight: bigint, cap: bigint): bigint {
  const { positive, negative } = signSplit(WEIGHTED.profitBits, profit);
  return weight * (positive < cap ? positive : cap) - RATE_SCALE * negative;
}
