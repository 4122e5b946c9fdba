import type { Holdings } from '../account/account.js';
import type { PositionSlot } from '../account/positionEntry.js';
import { positionSlots } from '../account/slots.js';
import { balances } from '../margin/balances.js';
import type { MarginFigures } from '../margin/figures.js';
import { RATE_SCALE } from '../protocol/constants.js';
import { findRow, openRow, type RiskTable } from '../risk/riskTable.js';
import type { TableRowFields } from '../risk/tableRow.js';
import { positionMargin } from './positionMargin.js';

/** Profit and loss and requirement of one position under the tier in which its size lies. Throws what findRow throws. */
export const marginOf = (slot: PositionSlot, instrumentId: number, table: RiskTable) =>
  positionMargin(1n, slot, openRow<TableRowFields>(table, findRow(table, 'instrument', instrumentId, slot.size)).row);

/** What TieredMargin says of holdings, in 1e-22 quote. */
export function tieredFigures(holdings: Holdings, table: RiskTable): MarginFigures {
  const { weighted } = balances(holdings, table);
  const margins = positionSlots(holdings, holdings.positions.length).map((slot, k) =>
    marginOf(slot, holdings.positions[k]?.instrumentId as number, table),
  );
  return {
    weightedEquity: margins.reduce((sum, { pnl }) => sum + RATE_SCALE * pnl, weighted),
    requirement: margins.reduce((sum, { requirement }) => sum + requirement, 0n),
    decimals: 22,
  };
}
