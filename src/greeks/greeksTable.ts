import { RULE_CODE } from '../risk/modelHash.js';
import type { GreeksModel } from '../snapshot/snapshot.js';

/** The model's rules in the order of GreeksMargin. */
export const greeksRules = (model: GreeksModel): readonly bigint[] => [RULE_CODE[model.haircuts]];
