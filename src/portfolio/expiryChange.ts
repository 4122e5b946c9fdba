import { maximum } from '../numbers/maximum.js';
import { ranged } from '../numbers/ranged.js';
import { signSplit } from '../numbers/signSplit.js';
import { FINE_SCALE, PORTFOLIO } from '../protocol/constants.js';
import type { ExpiryRowFields } from './expiryRow.js';

/** Twin of ExpiryChange: per scenario slot, discounted value less mark in 1e-25 quote; the last ones as losses. */
export function expiryChange(row: ExpiryRowFields, mark: bigint, values: readonly bigint[]): readonly bigint[] {
  return values.map((value, s) => {
    const { positive, negative } = signSplit(PORTFOLIO.expiryValueBits, value);
    const lowest = positive * row.positiveDown - negative * row.negativeUp - FINE_SCALE * mark;
    if (s < PORTFOLIO.scenarios - PORTFOLIO.absolute) return lowest;
    const highest = positive * row.positiveUp - negative * row.negativeDown - FINE_SCALE * mark;
    const moved = maximum([-lowest, highest]);
    ranged(PORTFOLIO.changeBits, moved + lowest);
    ranged(PORTFOLIO.changeBits, moved - highest);
    return -moved;
  });
}
