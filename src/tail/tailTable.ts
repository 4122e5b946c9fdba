import { tailRules } from '../measure/tailRules.js';
import { RULE_CODE } from '../risk/modelHash.js';
import type { TailModel } from '../snapshot/snapshot.js';

/** The model's rules in the order of TailMargin. */
export function tailModelRules(model: TailModel): readonly bigint[] {
  const { confidence, count, tailWeight, allowed } = tailRules(model.tail);
  return [RULE_CODE[model.haircuts], BigInt(model.blocks), count, confidence, tailWeight, allowed];
}
