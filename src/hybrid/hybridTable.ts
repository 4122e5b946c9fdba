import { combinationHash, combinationOf } from '../measure/combination.js';
import type { ScenarioRules } from '../measure/scenarioMeasures.js';
import { type TailRules, tailRules } from '../measure/tailRules.js';
import { RULE_CODE } from '../risk/modelHash.js';
import type { HybridModel } from '../snapshot/snapshot.js';

export const hybridScenarios = ({ tail, stress }: HybridModel): ScenarioRules & TailRules => ({
  ...tailRules(tail),
  stressCount: BigInt(stress.length),
});

/** The model's rules in the order of HybridMargin. */
export function hybridRules(model: HybridModel): readonly bigint[] {
  const { confidence, count, stressCount, tailWeight, allowed } = hybridScenarios(model);
  return [
    RULE_CODE[model.haircuts],
    BigInt(model.blocks),
    count,
    stressCount,
    confidence,
    tailWeight,
    allowed,
    combinationHash(combinationOf(model)),
  ];
}
