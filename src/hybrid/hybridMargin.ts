import { type Combination, combinationHash, combine } from '../measure/combination.js';
import type { FactorsRowFields } from '../measure/factorsRow.js';
import { greeksLoss, type UnderlyingSlots } from '../measure/greeksLoss.js';
import { closeMeasured, type MeasuredOpening, openMeasured } from '../measure/measuredOpening.js';
import { parametricLoss } from '../measure/parametricLoss.js';
import { scenarioLosses } from '../measure/scenarioLosses.js';
import { type Pivots, type ScenarioRules, scenarioMeasures } from '../measure/scenarioMeasures.js';
import type { TailRules } from '../measure/tailRules.js';
import { MEASURE } from '../protocol/constants.js';
import type { RowOpening } from '../risk/tableLookup.js';

/** Everything that HybridMargin takes. */
export interface HybridMarginInput extends MeasuredOpening, UnderlyingSlots, ScenarioRules, TailRules, Pivots {
  readonly factors: RowOpening<FactorsRowFields>;
  readonly combination: Combination;
}

/** Twin of HybridMargin with that many blocks: throws ConstraintViolation exactly where the circuit has no witness. */
export function hybridMargin(input: HybridMarginInput, blocks: number): void {
  // 1. to 3. the account, the parameters, what it is worth
  const [haircutRule] = input.model.rules as readonly [bigint];
  const { confidence, count, stressCount, tailWeight, allowed } = input;
  const { owned, ...worth } = openMeasured('hybrid', input, [
    haircutRule,
    BigInt(blocks),
    count,
    stressCount,
    confidence,
    tailWeight,
    allowed,
    combinationHash(input.combination),
  ]);

  // 4. each measure by itself
  const contracts = input.contracts.map(({ row }) => row);
  const rows = contracts.map(({ row }) => row);
  const greeks = greeksLoss(owned.positionUsed, worth.size, rows, input, input.tableNodes);
  const parametric = parametricLoss(worth.size, contracts, input.factors, input.tableNodes);
  const total = scenarioLosses(
    input.account.positions.map(({ size }) => size),
    worth.size,
    contracts,
  );
  const { tail, stress } = scenarioMeasures(total, input, input);

  // 5. combined
  const charges = MEASURE.chargeScale * worth.charges;
  const requirement = combine(input.combination, [charges, greeks, parametric, tail, stress]);

  // 6. the claim
  closeMeasured(input, { weightedEquity: MEASURE.chargeScale * worth.weightedEquity, requirement });
}
