import {
  type Capacity,
  firstOf,
  marginOpening,
  openingSignals,
  placeSignals,
  type Statement,
} from '../margin/opening.js';
import { padded } from '../numbers/padded.js';
import { findRow, openRow } from '../risk/riskTable.js';
import type { QuantizedMarginInput } from './quantizedMargin.js';
import { type QuantizedRowFields, quantizedRowElements } from './quantizedRow.js';

/** Everything that QuantizedMargin takes, for one account under one snapshot. Throws what findRow throws. */
export function quantizedInput(statement: Statement, capacity: Capacity): QuantizedMarginInput {
  const { table, account } = statement;
  return {
    ...marginOpening(statement, capacity),
    positionRows: padded(
      account.account.positions.map(({ instrumentId }) =>
        openRow<QuantizedRowFields>(table, findRow(table, 'instrument', instrumentId, 0n)),
      ),
      openRow<QuantizedRowFields>(table, firstOf(table, 'instrument')),
      capacity.positions,
    ),
  };
}

/** The same as signals by the names of the circuit. */
export function quantizedSignals(input: QuantizedMarginInput): Record<string, bigint | readonly bigint[]> {
  const [haircutRule] = input.model.rules as readonly [bigint];
  return {
    ...openingSignals(input),
    haircutRule,
    positionRow: input.positionRows.flatMap(({ row }) => quantizedRowElements(row)),
    positionPlace: input.positionRows.flatMap(({ place }) => placeSignals(place)),
  };
}
