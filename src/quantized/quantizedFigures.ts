import type { Holdings } from '../account/account.js';
import { positionSlots } from '../account/slots.js';
import { balances } from '../margin/balances.js';
import type { MarginFigures } from '../margin/figures.js';
import { findRow, openRow, type RiskTable } from '../risk/riskTable.js';
import { quantizedRisk } from './quantizedMargin.js';
import { quantizedPosition } from './quantizedPosition.js';
import type { QuantizedRowFields } from './quantizedRow.js';

/** What QuantizedMargin says of holdings, in 1e-22 quote. */
export function quantizedFigures(holdings: Holdings, table: RiskTable): MarginFigures {
  const terms = positionSlots(holdings, holdings.positions.length).map((slot, k) => {
    const { instrumentId } = holdings.positions[k] as Holdings['positions'][number];
    const { row } = openRow<QuantizedRowFields>(table, findRow(table, 'instrument', instrumentId, 0n));
    return quantizedPosition(slot, row);
  });
  return { ...quantizedRisk(balances(holdings, table).weighted, terms), decimals: 22 };
}
