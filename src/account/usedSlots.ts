import { constrain } from '../numbers/constraint.js';

/** Twin of UsedSlots: `count` ones, then zeros; a count above the number of slots has no witness. */
export function usedSlots(slots: number, count: bigint): readonly bigint[] {
  constrain(count >= 0n && count <= BigInt(slots), 'UsedSlots', `the count exceeds ${slots} slots`);
  return Array.from({ length: slots }, (_, slot) => (BigInt(slot) < count ? 1n : 0n));
}
