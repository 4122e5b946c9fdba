import type { Statement } from '../margin/opening.js';
import { combinationElements, combinationOf } from '../measure/combination.js';
import {
  factorsOpening,
  factorsSignals,
  measuredInput,
  measuredSignals,
  openingTotals,
  underlyingSignals,
  underlyingSlots,
} from '../measure/measuredInput.js';
import { leastPivots } from '../measure/pivots.js';
import type { CircuitCapacity } from '../setup/circuits.js';
import type { HybridSnapshot } from '../snapshot/snapshot.js';
import type { HybridMarginInput } from './hybridMargin.js';
import { hybridScenarios } from './hybridTable.js';

/** Everything that HybridMargin takes, for one account under one snapshot. Throws what findRow throws. */
export function hybridInput(statement: Statement, capacity: CircuitCapacity): HybridMarginInput {
  const opening = measuredInput(statement, capacity);
  const { model } = statement.table.snapshot as HybridSnapshot;
  const rules = hybridScenarios(model);
  return {
    ...opening,
    ...underlyingSlots(statement, capacity),
    ...rules,
    ...leastPivots(openingTotals(opening), rules),
    factors: factorsOpening(statement.table),
    combination: combinationOf(model),
  };
}

/** The same as signals by the names of the circuit. */
export const hybridSignals = (input: HybridMarginInput): Record<string, bigint | readonly bigint[]> => ({
  ...measuredSignals(input),
  ...underlyingSignals(input),
  ...factorsSignals(input.factors),
  exposures: input.contracts.flatMap(({ row }) => row.exposures),
  scenarioCount: input.count,
  stressCount: input.stressCount,
  confidence: input.confidence,
  tailWeight: input.tailWeight,
  allowed: input.allowed,
  lanes: input.contracts.flatMap(({ row }) => row.lanes),
  pivot: input.pivot,
  worst: input.worst,
  combination: combinationElements(input.combination),
});
