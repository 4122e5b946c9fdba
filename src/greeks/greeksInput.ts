import type { Statement } from '../margin/opening.js';
import { measuredInput, measuredSignals, underlyingSignals, underlyingSlots } from '../measure/measuredInput.js';
import type { CircuitCapacity } from '../setup/circuits.js';
import type { GreeksMarginInput } from './greeksMargin.js';

/** Everything that GreeksMargin takes, for one account under one snapshot. Throws what findRow throws. */
export const greeksInput = (statement: Statement, capacity: CircuitCapacity): GreeksMarginInput => ({
  ...measuredInput(statement, capacity),
  ...underlyingSlots(statement, capacity),
});

/** The same as signals by the names of the circuit. */
export const greeksSignals = (input: GreeksMarginInput): Record<string, bigint | readonly bigint[]> => ({
  ...measuredSignals(input),
  ...underlyingSignals(input),
});
