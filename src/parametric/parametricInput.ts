import type { Statement } from '../margin/opening.js';
import { measuredInput, measuredSignals } from '../measure/measuredInput.js';
import { choleskySquare } from '../measure/measureTable.js';
import type { CircuitCapacity } from '../setup/circuits.js';
import type { ParametricSnapshot } from '../snapshot/snapshot.js';
import type { ParametricMarginInput } from './parametricMargin.js';

/** Everything that ParametricMargin takes, for one account under one snapshot. Throws what findRow throws. */
export const parametricInput = (statement: Statement, capacity: CircuitCapacity): ParametricMarginInput => ({
  ...measuredInput(statement, capacity),
  cholesky: choleskySquare((statement.table.snapshot as ParametricSnapshot).model.factors),
});

/** The same as signals by the names of the circuit. */
export const parametricSignals = (input: ParametricMarginInput): Record<string, bigint | readonly bigint[]> => ({
  ...measuredSignals(input),
  cholesky: input.cholesky.flat(),
  exposures: input.contracts.flatMap(({ row }) => row.exposures),
});
