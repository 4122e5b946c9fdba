import { maximum } from '../numbers/maximum.js';
import { ranged } from '../numbers/ranged.js';
import { PORTFOLIO } from '../protocol/constants.js';

/** Twin of BasisLoss: max(0, -up, -down). */
export function basisLoss(up: bigint, down: bigint): bigint {
  const loss = maximum([0n, -up, -down]);
  ranged(PORTFOLIO.expiryValueBits, loss);
  ranged(PORTFOLIO.expiryValueBits + 1, loss + up);
  ranged(PORTFOLIO.expiryValueBits + 1, loss + down);
  return loss;
}
