import type { Statement } from '../margin/opening.js';
import { factorsOpening, factorsSignals, measuredInput, measuredSignals } from '../measure/measuredInput.js';
import type { CircuitCapacity } from '../setup/circuits.js';
import type { ParametricMarginInput } from './parametricMargin.js';

/** Everything that ParametricMargin takes, for one account under one snapshot. Throws what findRow throws. */
export const parametricInput = (statement: Statement, capacity: CircuitCapacity): ParametricMarginInput => ({
  ...measuredInput(statement, capacity),
  factors: factorsOpening(statement.table),
});

/** The same as signals by the names of the circuit. */
export const parametricSignals = (input: ParametricMarginInput): Record<string, bigint | readonly bigint[]> => ({
  ...measuredSignals(input),
  ...factorsSignals(input.factors),
  exposures: input.contracts.flatMap(({ row }) => row.exposures),
});
