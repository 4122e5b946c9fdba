import type { Holdings } from '../account/account.js';
import { collateralSlots, positionSlots } from '../account/slots.js';
import { balances } from '../margin/balances.js';
import type { MarginFigures } from '../margin/figures.js';
import { findRow, openRow, type RiskTable } from '../risk/riskTable.js';
import { positionTerms } from './positionTerms.js';
import { optionHints } from './standardInput.js';
import { standardRisk } from './standardMargin.js';
import type { StandardRowFields } from './standardRow.js';

/** What StandardMargin says of holdings, in 1e-22 quote, when the prover shows the least margin. */
export function standardFigures(holdings: Holdings, table: RiskTable): MarginFigures {
  const { weighted, extension } = balances(holdings, table);
  const charges = collateralSlots(holdings, holdings.collateral.length).reduce(
    (sum, { magnitude }, k) => sum + magnitude * (extension[k] as bigint),
    0n,
  );
  const terms = positionSlots(holdings, holdings.positions.length).map((slot, k) => {
    const { instrumentId } = holdings.positions[k] as Holdings['positions'][number];
    const { row } = openRow<StandardRowFields>(table, findRow(table, 'instrument', instrumentId, 0n));
    return positionTerms(1n, slot, row);
  });
  const hints = optionHints(terms.map(({ option }) => option));
  return { ...standardRisk({ weighted, charges }, terms, hints), decimals: 22 };
}
