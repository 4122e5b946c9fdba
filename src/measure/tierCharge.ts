import { withinTier } from '../margin/withinTier.js';
import type { MeasureRowFields } from './measureRow.js';

/** Twin of TierCharge: rate x |size| - deduction of the tier, 1e-16 quote. */
export function tierCharge(used: bigint, size: bigint, row: MeasureRowFields): bigint {
  withinTier(size, row.sizeFloor, row.sizeCap);
  return size * row.charge - used * row.deduction;
}
