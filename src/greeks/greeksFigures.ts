import type { Holdings } from '../account/account.js';
import type { MarginFigures } from '../margin/figures.js';
import { measuredFigures } from '../measure/measuredOpening.js';
import { measuredRisk } from '../measure/measuredRisk.js';
import type { RiskTable } from '../risk/riskTable.js';

/** What GreeksMargin says of holdings, in 1e-27 quote. */
export function greeksFigures(holdings: Holdings, table: RiskTable): MarginFigures {
  const { worth, greeks } = measuredRisk(holdings, table);
  return measuredFigures(worth, 'Greeks', greeks());
}
