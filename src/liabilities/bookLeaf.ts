import { accountLeaf } from '../account/accountLeaf.js';
import type { CollateralSlot } from '../account/collateralEntry.js';
import type { PositionSlot } from '../account/positionEntry.js';
import { boolean } from '../numbers/boolean.js';
import { constrain } from '../numbers/constraint.js';
import { balanceEntries, type OpenedBalances } from './balanceEntries.js';
import { type OpenedPositions, positionEntries } from './positionEntries.js';

/** What stands at one place of the account tree, as the circuit sees it. */
export interface BookSlot {
  /** 1 where there is an account */
  readonly present: bigint;
  readonly ownerCommitment: bigint;
  readonly accountId: bigint;
  readonly salt: bigint;
  readonly balanceCount: bigint;
  readonly balances: readonly CollateralSlot[];
  readonly positionCount: bigint;
  readonly positions: readonly PositionSlot[];
}

/** Twin of BookLeaf: the leaf of a place, 0 where there is no account, with what the account holds. */
export function bookLeaf(slot: BookSlot): {
  readonly leaf: bigint;
  readonly balances: OpenedBalances;
  readonly positions: OpenedPositions;
} {
  const balances = balanceEntries(slot.balanceCount, slot.balances);
  const positions = positionEntries(slot.positionCount, slot.positions);
  boolean(slot.present);
  constrain(
    slot.present === 1n || (slot.balanceCount === 0n && slot.positionCount === 0n),
    'BookLeaf',
    'a place without an account holds something',
  );
  const leaf = accountLeaf({ ...slot, collateralHash: balances.hash, positionsHash: positions.hash });
  return { leaf: slot.present * leaf, balances, positions };
}
