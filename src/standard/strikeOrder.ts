import { boolean } from '../numbers/boolean.js';
import { constrain } from '../numbers/constraint.js';
import { ranged } from '../numbers/ranged.js';
import { BITS } from '../protocol/constants.js';
import type { OptionSlot } from './optionSlot.js';

/**
 * Twin of StrikeOrder: the slots at the places that `order` gives them, each place the number of a slot; `joins` is 1
 * where a place is of the expiry of the place before it.
 */
export function strikeOrder(
  slots: readonly OptionSlot[],
  order: readonly bigint[],
  joins: readonly bigint[],
): readonly OptionSlot[] {
  const sorted = order.map((slot) => {
    constrain(slot >= 0n && slot < BigInt(slots.length), 'StrikeOrder', 'a place is no slot’s');
    return slots[Number(slot)] as OptionSlot;
  });
  constrain(new Set(order).size === slots.length, 'StrikeOrder', 'a slot stands at no place or at two');
  constrain(joins.length === 0 || joins[0] === 0n, 'StrikeOrder', 'the first place joins nothing');
  for (let p = 1; p < sorted.length; p++) {
    const [before, here, join] = [sorted[p - 1] as OptionSlot, sorted[p] as OptionSlot, joins[p] as bigint];
    boolean(join);
    const next = here.expiry - before.expiry;
    constrain(join === 0n || next === 0n, 'StrikeOrder', 'a place joins another expiry');
    ranged(BITS.price, join === 1n ? here.strike - before.strike : next - 1n);
  }
  return sorted;
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** The order that a prover gives: by expiry, then by strike. */
export function orderByStrike(slots: readonly OptionSlot[]): {
  readonly order: readonly bigint[];
  readonly joins: readonly bigint[];
} {
  const order = slots
    .map((slot, k) => ({ slot, k }))
    .sort((a, b) => compare(a.slot.expiry, b.slot.expiry) || compare(a.slot.strike, b.slot.strike) || a.k - b.k);
  return {
    order: order.map(({ k }) => BigInt(k)),
    joins: order.map(({ slot }, p) => (p > 0 && order[p - 1]?.slot.expiry === slot.expiry ? 1n : 0n)),
  };
}
