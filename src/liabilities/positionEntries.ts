import type { PositionSlot } from '../account/positionEntry.js';
import { positionList } from '../account/positionList.js';

/** What the positions of an account count for, per slot. */
export interface OpenedPositions {
  readonly hash: bigint;
  readonly used: readonly bigint[];
  readonly id: readonly bigint[];
  readonly long: readonly bigint[];
  readonly short: readonly bigint[];
  readonly signedCost: readonly bigint[];
}

/** Twin of PositionEntries: opens the list of positions; of ids holds what balanceEntries says. */
export function positionEntries(count: bigint, slots: readonly PositionSlot[]): OpenedPositions {
  const { hash, used, id } = positionList(count, slots);
  const short = slots.map(({ sizeSign, size }) => sizeSign * size);
  return {
    hash,
    used,
    id,
    short,
    long: slots.map(({ size }, k) => size - (short[k] as bigint)),
    signedCost: slots.map(({ costSign, cost }) => (costSign === 1n ? -cost : cost)),
  };
}
