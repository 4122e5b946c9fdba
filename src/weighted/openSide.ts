import { findRow, openRow, type RiskTable } from '../risk/riskTable.js';
import type { RowOpening } from '../risk/tableLookup.js';
import type { WeightedRowFields } from './weightedRow.js';

/** The row of the side of a position of this size. Throws what findRow throws. */
export function openSide(table: RiskTable, instrumentId: number, size: bigint): RowOpening<WeightedRowFields> {
  const long = findRow(table, 'instrument', instrumentId, 0n);
  return openRow<WeightedRowFields>(table, size < 0n ? long + 1 : long);
}
