import type { Holdings } from '../account/account.js';
import type { MarginFigures } from '../margin/figures.js';
import { measuredFigures } from '../measure/measuredOpening.js';
import { measuredRisk } from '../measure/measuredRisk.js';
import { tailRules } from '../measure/tailRules.js';
import type { RiskTable } from '../risk/riskTable.js';
import type { TailSnapshot } from '../snapshot/snapshot.js';

/** What TailMargin says of holdings, in 1e-27 quote, with the pivot that asks for least. */
export function tailFigures(holdings: Holdings, table: RiskTable): MarginFigures {
  const { worth, scenarios } = measuredRisk(holdings, table);
  const rules = tailRules((table.snapshot as TailSnapshot).model.tail);
  return measuredFigures(worth, 'tail', scenarios({ ...rules, stressCount: 0n }).tail);
}
