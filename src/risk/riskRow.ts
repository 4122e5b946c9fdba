import type { ROW_KIND } from '../protocol/constants.js';

/** A row of a snapshot's table. */
export interface RiskRow<Fields = unknown> {
  readonly kind: keyof typeof ROW_KIND;
  readonly id: number;
  /** which tier or step; 0 where a thing has one row */
  readonly tier: number;
  /** the sizes or balances for which it holds */
  readonly sizeFloor: bigint;
  readonly sizeCap: bigint;
  /** as the circuits of its family see it */
  readonly fields: Fields;
  readonly hash: bigint;
}
