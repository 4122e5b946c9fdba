import type { CollateralSlot } from '../account/collateralEntry.js';
import { collateralList } from '../account/collateralList.js';

/** What the balances of an account count for, per slot. */
export interface OpenedBalances {
  readonly hash: bigint;
  readonly used: readonly bigint[];
  readonly id: readonly bigint[];
  readonly positive: readonly bigint[];
  readonly negative: readonly bigint[];
}

/**
 * Twin of BalanceEntries: opens the list of balances. An id of 2^32 or more is refused here already, where the circuit
 * refuses it at the tables.
 */
export function balanceEntries(count: bigint, slots: readonly CollateralSlot[]): OpenedBalances {
  const { hash, used, id } = collateralList(count, slots);
  const negative = slots.map(({ sign, magnitude }) => sign * magnitude);
  return { hash, used, id, negative, positive: slots.map(({ magnitude }, k) => magnitude - (negative[k] as bigint)) };
}
