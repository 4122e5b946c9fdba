import { ranged } from '../numbers/ranged.js';
import { BITS } from '../protocol/constants.js';

/** Twin of EntryIds: ids from gaps, id = previous id + gap + 1 for used slots; the last id is below 2^32. */
export function entryIds(gaps: readonly bigint[], used: readonly bigint[]): readonly bigint[] {
  let id = 0n;
  const ids = gaps.map((gap, slot) => {
    id += gap + (used[slot] as bigint);
    return id;
  });
  ranged(BITS.id, id);
  return ids;
}
