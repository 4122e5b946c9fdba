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
import { leastMargins } from './expiryMargins.js';
import type { OptionSlot } from './optionSlot.js';
import { positionTerms } from './positionTerms.js';
import type { OptionHints, StandardMarginInput } from './standardMargin.js';
import { type StandardRowFields, standardRowElements } from './standardRow.js';
import { orderByStrike, strikeOrder } from './strikeOrder.js';

/** What a prover says of an account's options to show the least margin. */
export function optionHints(slots: readonly OptionSlot[]): OptionHints {
  const { order, joins } = orderByStrike(slots);
  return { order, joins, ...leastMargins(strikeOrder(slots, order, joins), joins) };
}

/** Everything that StandardMargin takes, for one account under one snapshot. Throws what findRow throws. */
export function standardInput(statement: Statement, capacity: Capacity): StandardMarginInput {
  const { table, account } = statement;
  const { positions } = account.account;
  const opening = marginOpening(statement, capacity);
  const positionRows = padded(
    positions.map(({ instrumentId }) =>
      openRow<StandardRowFields>(table, findRow(table, 'instrument', instrumentId, 0n)),
    ),
    openRow<StandardRowFields>(table, firstOf(table, 'instrument')),
    capacity.positions,
  );
  const slots = opening.account.positions.map(
    (slot, k) => positionTerms(k < positions.length ? 1n : 0n, slot, positionRows[k]?.row as StandardRowFields).option,
  );
  return { ...opening, positionRows, ...optionHints(slots) };
}

/** The same as signals by the names of the circuit. */
export function standardSignals(input: StandardMarginInput): Record<string, bigint | readonly bigint[]> {
  const [haircutRule] = input.model.rules as readonly [bigint];
  return {
    ...openingSignals(input),
    haircutRule,
    positionRow: input.positionRows.flatMap(({ row }) => standardRowElements(row)),
    positionPlace: input.positionRows.flatMap(({ place }) => placeSignals(place)),
    order: input.order,
    joins: input.joins,
    worstLoss: input.worstLoss,
    takesIsolated: input.takesIsolated,
  };
}
