import type { CollateralSlot } from '../account/collateralEntry.js';
import type { OwnedSlots } from '../account/ownedAccount.js';
import type { PositionSlot } from '../account/positionEntry.js';
import { collateral } from '../margin/collateral.js';
import { constrain } from '../numbers/constraint.js';
import { COST_SCALE, RATE_SCALE } from '../protocol/constants.js';
import { type RowOpening, tableLookup } from '../risk/tableLookup.js';
import type { TableRowFields } from '../risk/tableRow.js';
import { type MeasuredContract, type MeasureRowFields, measureRowHash } from './measureRow.js';
import { tierCharge } from './tierCharge.js';

/** What an account is worth and is charged by size. */
export interface MeasuredWorth {
  /** 1e-22 quote */
  readonly weightedEquity: bigint;
  /** 1e-16 quote */
  readonly charges: bigint;
  /** per slot, signed */
  readonly size: readonly bigint[];
}

/** Twin of MeasuredHoldings. */
export function measuredHoldings(
  account: { readonly collateral: readonly CollateralSlot[]; readonly positions: readonly PositionSlot[] },
  owned: OwnedSlots,
  collateralRows: readonly RowOpening<TableRowFields>[],
  contracts: readonly RowOpening<MeasuredContract>[],
  nodes: readonly bigint[],
): MeasuredWorth {
  // 1. every balance is valued by its haircut step
  const { weighted } = collateral(
    account.collateral,
    { used: owned.collateralUsed, id: owned.collateralId },
    collateralRows,
    nodes,
  );
  for (const { row } of collateralRows) {
    constrain(row.extension === 0n, 'MeasuredHoldings', 'a row of another family');
  }

  // 2. the row of every position
  contracts.forEach(({ row: { row }, place }, k) => {
    const [used, id] = [owned.positionUsed[k] as bigint, owned.positionId[k] as bigint];
    tableLookup('instrument', used, id, { key: row.key, hash: measureRowHash(row) }, place, nodes);
  });
  return measuredWorth(
    weighted,
    account.positions,
    owned.positionUsed,
    contracts.map(({ row: { row } }) => row),
  );
}

/** The same of rows that were looked up and balances that were weighted. */
export function measuredWorth(
  weighted: bigint,
  positions: readonly PositionSlot[],
  used: readonly bigint[],
  rows: readonly MeasureRowFields[],
): MeasuredWorth {
  const size = positions.map((slot) => (1n - 2n * slot.sizeSign) * slot.size);
  const sumOf = (term: (slot: PositionSlot, k: number) => bigint): bigint =>
    positions.reduce((sum, slot, k) => sum + term(slot, k), 0n);
  const charges = sumOf((slot, k) => tierCharge(used[k] as bigint, slot.size, rows[k] as MeasureRowFields));
  const worth = sumOf(
    ({ costSign, cost }, k) =>
      (size[k] as bigint) * (rows[k] as MeasureRowFields).price - COST_SCALE * (1n - 2n * costSign) * cost,
  );
  return { weightedEquity: weighted + RATE_SCALE * worth, charges, size };
}
