import { combinationHash, combinationOf } from '../measure/combination.js';
import { factorsHash } from '../measure/factorsHash.js';
import { choleskySquare } from '../measure/measureTable.js';
import type { ScenarioRules } from '../measure/scenarioMeasures.js';
import { tailRules } from '../measure/tailRules.js';
import { RULE_CODE } from '../risk/modelHash.js';
import type { HybridModel } from '../snapshot/snapshot.js';

export const hybridScenarios = ({ tail, stress }: HybridModel): ScenarioRules => ({
  ...tailRules(tail),
  stressCount: BigInt(stress.length),
});

/** The model's rules in the order of HybridMargin. */
export function hybridRules(model: HybridModel): readonly bigint[] {
  const { count, stressCount, tailWeight, allowed } = hybridScenarios(model);
  return [
    RULE_CODE[model.haircuts],
    factorsHash(choleskySquare(model.factors)),
    BigInt(model.blocks),
    count,
    stressCount,
    tailWeight,
    allowed,
    combinationHash(combinationOf(model)),
  ];
}
