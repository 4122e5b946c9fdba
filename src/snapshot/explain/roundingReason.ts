import { compare, parseRational } from '../../numbers/rational.js';
import type { Rounding } from '../snapshot.js';

const BOTH_WAYS = /\b(mark|price)$/;
const BOUND = /\bcap$/;

/** Up, down, or unknown: a figure whose end was cut off ("0.333...") is larger in magnitude than its text. */
function directionOf({ exact, used }: Rounding): 'up' | 'down' | undefined {
  const [before, after] = [parseRational(exact.replace(/\.\.\.$/, '')), parseRational(used)];
  if (before === undefined || after === undefined) return undefined;
  const difference = compare(after, before);
  if (difference !== 0) return difference > 0 ? 'up' : 'down';
  return exact.startsWith('-') ? 'up' : 'down';
}

/** Which way a figure was rounded, and why that is not in the prover's favour. */
export function roundingReason(rounding: Rounding): string {
  const direction = directionOf(rounding);
  if (direction === undefined) return 'rounded';
  if (BOTH_WAYS.test(rounding.where)) {
    return `${direction} to a whole unit: a price helps one side of a position as much as it harms the other`;
  }
  if (BOUND.test(rounding.where)) return `${direction}: the better step ends a little earlier`;
  return direction === 'up' ? 'up: a little more is required' : 'down: a little less counts';
}
