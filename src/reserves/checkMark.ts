import { absolute, compare, multiply, rational, subtract } from '../numbers/rational.js';
import { RATE_SCALE, VALUE_DECIMALS } from '../protocol/constants.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import type { MarkPolicy } from './policy.js';
import { unmet } from './refusal.js';

/**
 * Whether the price of an asset (16 - amountDecimals decimals) was held against the verifier's own. Throws
 * EXPECTATION_NOT_MET (expectation marks) when it is too far from it, or has none and the policy refuses that: whoever
 * sets the price of what is owed or of what is held decides what covers what.
 */
export function checkMark(marks: MarkPolicy, entry: RegistryEntry, price: bigint): 'pinned' | 'unpinned' {
  const where = `the price of ${entry.symbol}`;
  const own = marks.prices.get(entry.symbol);
  if (own === undefined) {
    if (marks.unpinned === 'accept') return 'unpinned';
    throw unmet('marks', where, 'the policy has no price for it, and refuses what it has no price for');
  }
  const exact = rational(price, 10n ** BigInt(VALUE_DECIMALS - entry.amountDecimals));
  const allowed = multiply(own, rational(marks.assetsPpm, RATE_SCALE));
  if (compare(absolute(subtract(exact, own)), allowed) > 0) {
    throw unmet('marks', where, `it differs from the policy's by more than ${marks.assetsPpm} parts per million`);
  }
  return 'pinned';
}
