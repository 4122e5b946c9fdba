import { RULE_CODE } from '../risk/modelHash.js';
import type { ParametricModel } from '../snapshot/snapshot.js';

/** The model's rules in the order of ParametricMargin. */
export const parametricRules = (model: ParametricModel): readonly bigint[] => [RULE_CODE[model.haircuts]];
