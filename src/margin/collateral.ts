import type { CollateralSlot } from '../account/collateralEntry.js';
import { type RowOpening, tableLookup } from '../risk/tableLookup.js';
import { type TableRowFields, tableRowHash } from '../risk/tableRow.js';
import { collateralValue } from './collateralValue.js';

/** Twin of Collateral: weighted sum in 1e-22 quote, and each balance's value before haircuts in 1e-16, signed. */
export function collateral(
  slots: readonly CollateralSlot[],
  { used, id }: { readonly used: readonly bigint[]; readonly id: readonly bigint[] },
  rows: readonly RowOpening<TableRowFields>[],
  nodes: readonly bigint[],
): { readonly weighted: bigint; readonly value: readonly bigint[] } {
  const balances = slots.map((slot, k) => {
    const { row, place } = rows[k] as RowOpening<TableRowFields>;
    const key = { key: row.key, hash: tableRowHash(row) };
    tableLookup('asset', used[k] as bigint, id[k] as bigint, key, place, nodes);
    return collateralValue(used[k] as bigint, slot, row);
  });
  return {
    weighted: balances.reduce((sum, { weighted }) => sum + weighted, 0n),
    value: balances.map(({ value }) => value),
  };
}
