import type { CollateralSlot } from '../account/collateralEntry.js';
import { RATE_SCALE } from '../protocol/constants.js';
import type { RowTerms } from '../risk/tableRow.js';
import { withinTier } from './withinTier.js';

/**
 * Twin of CollateralValue: weighted value of one balance in 1e-22 quote, a debt in full, and its signed value before
 * haircuts in 1e-16 quote.
 */
export function collateralValue(
  used: bigint,
  { sign, magnitude }: Omit<CollateralSlot, 'gap'>,
  row: RowTerms,
): { readonly weighted: bigint; readonly value: bigint } {
  const owed = sign * magnitude;
  const owned = magnitude - owed;
  withinTier(owned, row.sizeFloor, row.sizeCap);
  return {
    weighted: row.rate * owned * row.price + (used - sign) * row.offset - RATE_SCALE * owed * row.price,
    value: (owned - owed) * row.price,
  };
}
