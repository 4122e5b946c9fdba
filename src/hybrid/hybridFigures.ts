import type { Holdings } from '../account/account.js';
import type { MarginFigures } from '../margin/figures.js';
import { combinationOf, combine } from '../measure/combination.js';
import { namedMeasures } from '../measure/measuredOpening.js';
import { measuredRisk } from '../measure/measuredRisk.js';
import { choleskySquare } from '../measure/measureTable.js';
import { MEASURE } from '../protocol/constants.js';
import type { RiskTable } from '../risk/riskTable.js';
import type { HybridSnapshot } from '../snapshot/snapshot.js';
import { hybridScenarios } from './hybridTable.js';

/** What HybridMargin says of holdings, in 1e-27 quote, with the pivots that ask for least. */
export function hybridFigures(holdings: Holdings, table: RiskTable): MarginFigures {
  const { model } = table.snapshot as HybridSnapshot;
  const { worth, greeks, parametric, scenarios } = measuredRisk(holdings, table);
  const { tail, stress } = scenarios(hybridScenarios(model));
  const charges = MEASURE.chargeScale * worth.charges;
  const measures = {
    charges,
    Greeks: greeks(),
    parametric: parametric(choleskySquare(model.factors)),
    tail,
    stress,
  };
  return {
    weightedEquity: MEASURE.chargeScale * worth.weightedEquity,
    requirement: combine(combinationOf(model), Object.values(measures)),
    decimals: 27,
    measures: namedMeasures(measures),
  };
}
