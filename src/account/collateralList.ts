import { COLLATERAL_PER_ELEMENT, TAGS } from '../protocol/constants.js';
import { COLLATERAL_ENTRY_BITS, type CollateralSlot, collateralEntry } from './collateralEntry.js';
import { entryIds } from './entryIds.js';
import { listHash } from './listHash.js';
import { usedSlots } from './usedSlots.js';

/** What opening a list yields, per slot. */
export interface OpenedList {
  readonly hash: bigint;
  readonly used: readonly bigint[];
  readonly id: readonly bigint[];
}

/** Twin of CollateralList: opens the list of balances; two packed entries share one element of the hash. */
export function collateralList(count: bigint, slots: readonly CollateralSlot[]): OpenedList {
  const used = usedSlots(slots.length, count);
  const packed = slots.map((slot, k) => collateralEntry(used[k] as bigint, slot));
  const id = entryIds(
    slots.map((slot) => slot.gap),
    used,
  );
  const elements: bigint[] = [];
  const elementUsed: bigint[] = [];
  for (let first = 0; first < slots.length; first += COLLATERAL_PER_ELEMENT) {
    const parts = packed.slice(first, first + COLLATERAL_PER_ELEMENT);
    elements.push(parts.reduce((sum, part, j) => sum | (part << (BigInt(j) * COLLATERAL_ENTRY_BITS)), 0n));
    elementUsed.push(used[first] as bigint);
  }
  return { hash: listHash(TAGS.collateralHead, count, elements, elementUsed), used, id };
}
