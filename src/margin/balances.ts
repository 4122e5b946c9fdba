import type { Holdings } from '../account/account.js';
import { collateralSlots } from '../account/slots.js';
import { findRow, openRow, type RiskTable } from '../risk/riskTable.js';
import type { TableRowFields } from '../risk/tableRow.js';
import { collateralValue } from './collateralValue.js';

/** All balances of an account with the rows that they look up: weighted in 1e-22 quote, values in 1e-16. */
export function balances(holdings: Holdings, table: RiskTable) {
  const each = collateralSlots(holdings, holdings.collateral.length).map((slot, k) => {
    const { assetId, amount } = holdings.collateral[k] as Holdings['collateral'][number];
    const { row } = openRow<TableRowFields>(table, findRow(table, 'asset', assetId, amount > 0n ? amount : 0n));
    return { ...collateralValue(1n, slot, row), row };
  });
  return {
    weighted: each.reduce((sum, { weighted }) => sum + weighted, 0n),
    value: each.map(({ value }) => value),
    used: each.map(() => 1n),
    extension: each.map(({ row }) => row.extension),
  };
}
