import type { Holdings } from '../account/account.js';
import type { MarginFigures } from '../margin/figures.js';
import { measuredFigures } from '../measure/measuredOpening.js';
import { measuredRisk } from '../measure/measuredRisk.js';
import { choleskySquare } from '../measure/measureTable.js';
import type { RiskTable } from '../risk/riskTable.js';
import type { ParametricSnapshot } from '../snapshot/snapshot.js';

/** What ParametricMargin says of holdings, in 1e-27 quote. */
export function parametricFigures(holdings: Holdings, table: RiskTable): MarginFigures {
  const { worth, parametric } = measuredRisk(holdings, table);
  const { factors } = (table.snapshot as ParametricSnapshot).model;
  return measuredFigures(worth, 'parametric', parametric(choleskySquare(factors)));
}
