import {
  type Capacity,
  firstOf,
  marginOpening,
  openingSignals,
  placeSignals,
  type Statement,
} from '../margin/opening.js';
import { padded } from '../numbers/padded.js';
import { openRow } from '../risk/riskTable.js';
import { openSide } from './openSide.js';
import type { WeightedMarginInput } from './weightedMargin.js';
import { type WeightedRowFields, weightedRowElements } from './weightedRow.js';

/** Everything that WeightedMargin takes, for one account under one snapshot. Throws what findRow throws. */
export function weightedInput(statement: Statement, capacity: Capacity): WeightedMarginInput {
  const { table, account } = statement;
  return {
    ...marginOpening(statement, capacity),
    positionRows: padded(
      account.account.positions.map(({ instrumentId, size }) => openSide(table, instrumentId, size)),
      openRow<WeightedRowFields>(table, firstOf(table, 'instrument')),
      capacity.positions,
    ),
  };
}

/** The same as signals by the names of the circuit. */
export function weightedSignals(input: WeightedMarginInput): Record<string, bigint | readonly bigint[]> {
  const [haircutRule, rateStep] = input.model.rules as readonly [bigint, bigint];
  return {
    ...openingSignals(input),
    haircutRule,
    rateStep,
    positionRow: input.positionRows.flatMap(({ row }) => weightedRowElements(row)),
    positionPlace: input.positionRows.flatMap(({ place }) => placeSignals(place)),
  };
}
