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
import { rowElements, type TableRowFields } from '../risk/tableRow.js';
import type { TieredMarginInput } from './tieredMargin.js';

/** Everything that TieredMargin takes, for one account under one snapshot. Throws what findRow throws. */
export function tieredInput(statement: Statement, capacity: Capacity): TieredMarginInput {
  const { table, account } = statement;
  const magnitude = (size: bigint) => (size < 0n ? -size : size);
  return {
    ...marginOpening(statement, capacity),
    positionRows: padded(
      account.account.positions.map(({ instrumentId, size }) =>
        openRow<TableRowFields>(table, findRow(table, 'instrument', instrumentId, magnitude(size))),
      ),
      openRow<TableRowFields>(table, firstOf(table, 'instrument')),
      capacity.positions,
    ),
  };
}

/** The same as signals by the names of the circuit. */
export function tieredSignals(input: TieredMarginInput): Record<string, bigint | readonly bigint[]> {
  const [tierRule, haircutRule] = input.model.rules as readonly [bigint, bigint];
  return {
    ...openingSignals(input),
    tierRule,
    haircutRule,
    positionRow: input.positionRows.flatMap(({ row }) => rowElements(row)),
    positionPlace: input.positionRows.flatMap(({ place }) => placeSignals(place)),
  };
}
