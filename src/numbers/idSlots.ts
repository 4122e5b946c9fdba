import { entryIds } from '../account/entryIds.js';
import { usedSlots } from '../account/usedSlots.js';
import { BITS } from '../protocol/constants.js';
import { ranged } from './ranged.js';

/** Twin of IdSlots: which slots are used, and their ids, 0 where unused. */
export function idSlots(
  count: bigint,
  gap: readonly bigint[],
): { readonly used: readonly bigint[]; readonly id: readonly bigint[] } {
  const used = usedSlots(gap.length, count);
  for (const each of gap) ranged(BITS.id, each);
  return { used, id: entryIds(gap, used).map((id, k) => (used[k] as bigint) * id) };
}

/** The gaps of strictly increasing ids, padded with zeros: what a prover gives to IdSlots. */
export const gapsOf = (ids: readonly number[], slots: number): readonly bigint[] =>
  Array.from({ length: slots }, (_, k) => {
    const id = ids[k];
    return id === undefined ? 0n : BigInt(id - (ids[k - 1] ?? 0) - 1);
  });
