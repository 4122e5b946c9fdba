import { TAGS } from '../protocol/constants.js';
import type { OpenedList } from './collateralList.js';
import { entryIds } from './entryIds.js';
import { listHash } from './listHash.js';
import { type PositionSlot, positionEntry } from './positionEntry.js';
import { usedSlots } from './usedSlots.js';

/** Twin of PositionList: opens the list of positions. */
export function positionList(count: bigint, slots: readonly PositionSlot[]): OpenedList {
  const used = usedSlots(slots.length, count);
  const packed = slots.map((slot, k) => positionEntry(used[k] as bigint, slot));
  const id = entryIds(
    slots.map((slot) => slot.gap),
    used,
  );
  return { hash: listHash(TAGS.positionsHead, count, packed, used), used, id };
}
