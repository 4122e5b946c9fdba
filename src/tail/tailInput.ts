import type { Statement } from '../margin/opening.js';
import { measuredInput, measuredSignals, openingTotals } from '../measure/measuredInput.js';
import { leastPivots } from '../measure/pivots.js';
import { tailRules } from '../measure/tailRules.js';
import type { CircuitCapacity } from '../setup/circuits.js';
import type { TailSnapshot } from '../snapshot/snapshot.js';
import type { TailMarginInput } from './tailMargin.js';

/** Everything that TailMargin takes, for one account under one snapshot. Throws what findRow throws. */
export function tailInput(statement: Statement, capacity: CircuitCapacity): TailMarginInput {
  const opening = measuredInput(statement, capacity);
  const rules = tailRules((statement.table.snapshot as TailSnapshot).model.tail);
  const { pivot } = leastPivots(openingTotals(opening), { ...rules, stressCount: 0n });
  return { ...opening, ...rules, pivot };
}

/** The same as signals by the names of the circuit. */
export const tailSignals = (input: TailMarginInput): Record<string, bigint | readonly bigint[]> => ({
  ...measuredSignals(input),
  scenarioCount: input.count,
  confidence: input.confidence,
  tailWeight: input.tailWeight,
  allowed: input.allowed,
  lanes: input.contracts.flatMap(({ row }) => row.lanes),
  pivot: input.pivot,
});
