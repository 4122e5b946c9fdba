import type { CollateralSlot } from './collateralEntry.js';
import type { PositionSlot } from './positionEntry.js';

/** What the bus AccountOpening of the circuits holds; slots have one item a slot of the circuit. */
export interface AccountOpening {
  readonly ownerSecret: bigint;
  readonly accountId: bigint;
  readonly salt: bigint;
  readonly leafIndex: bigint;
  readonly treeChildren: readonly (readonly bigint[])[];
  readonly venueId: bigint;
  readonly time: bigint;
  readonly registryHash: bigint;
  readonly collateralCount: bigint;
  readonly collateral: readonly CollateralSlot[];
  readonly positionCount: bigint;
  readonly positions: readonly PositionSlot[];
}
