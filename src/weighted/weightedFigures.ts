import type { Holdings } from '../account/account.js';
import { positionSlots } from '../account/slots.js';
import { balances } from '../margin/balances.js';
import type { MarginFigures } from '../margin/figures.js';
import type { RiskTable } from '../risk/riskTable.js';
import { openSide } from './openSide.js';
import { weightedRisk } from './weightedMargin.js';
import { weightedPosition } from './weightedPosition.js';

/** What WeightedMargin says of holdings, in 1e-34 quote. */
export function weightedFigures(holdings: Holdings, table: RiskTable): MarginFigures {
  const [, rateStep] = table.model.rules as readonly [bigint, bigint];
  const terms = positionSlots(holdings, holdings.positions.length).map((slot, k) => {
    const { instrumentId, size } = holdings.positions[k] as Holdings['positions'][number];
    return weightedPosition(slot, openSide(table, instrumentId, size).row, rateStep);
  });
  return { ...weightedRisk(balances(holdings, table).weighted, terms), decimals: 34 };
}
