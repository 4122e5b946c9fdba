import type { Holdings } from '../account/account.js';
import { firstOf, marginOpening, openingSignals, placeSignals, type Statement } from '../margin/opening.js';
import { gapsOf } from '../numbers/idSlots.js';
import { padded } from '../numbers/padded.js';
import { findRow, openRow, type RiskTable } from '../risk/riskTable.js';
import type { RowOpening } from '../risk/tableLookup.js';
import type { CircuitCapacity } from '../setup/circuits.js';
import type { FactorsRowFields } from './factorsRow.js';
import type { UnderlyingSlots } from './greeksLoss.js';
import type { MeasuredOpening } from './measuredOpening.js';
import { type MeasuredContract, measureRowElements } from './measureRow.js';
import { FACTORS_ID } from './measureTable.js';
import { totalsOf } from './scenarioLosses.js';
import { type UnderlyingRowFields, underlyingRowElements } from './underlyingRow.js';

type Signals = Record<string, bigint | readonly bigint[]>;

/** The charge tier of each position. Throws what findRow throws. */
export const openContracts = ({ positions }: Holdings, table: RiskTable): readonly RowOpening<MeasuredContract>[] =>
  positions.map(({ instrumentId, size }) =>
    openRow<MeasuredContract>(table, findRow(table, 'instrument', instrumentId, size < 0n ? -size : size)),
  );

/** What all circuits of risk measures take. Throws what findRow throws. */
export function measuredInput(statement: Statement, capacity: CircuitCapacity): MeasuredOpening {
  const { table, account } = statement;
  return {
    ...marginOpening(statement, capacity),
    contracts: padded(
      openContracts(account.account, table),
      openRow<MeasuredContract>(table, firstOf(table, 'instrument')),
      capacity.positions,
    ),
  };
}

/** What the account gains in all scenarios, as ScenarioLosses adds it up. */
export const openingTotals = ({ account, contracts }: MeasuredOpening): readonly bigint[] =>
  totalsOf(
    account.positions.map(({ sizeSign, size }) => (1n - 2n * sizeSign) * size),
    contracts.map(({ row }) => row),
  );

/** Ids of the underlyings that an account's contracts name. Throws what findRow throws. */
export function underlyingsOf(holdings: Holdings, table: RiskTable): readonly number[] {
  const ids = openContracts(holdings, table).map(({ row: { row } }) => Number(row.underlying));
  return [...new Set(ids)].filter((id) => id !== 0).sort((a, b) => a - b);
}

/** Their slots in a circuit. Throws what findRow throws. */
export function underlyingSlots({ table, account }: Statement, capacity: CircuitCapacity): UnderlyingSlots {
  const ids = underlyingsOf(account.account, table);
  return {
    underlyingCount: BigInt(ids.length),
    underlyingGap: gapsOf(ids, capacity.underlyings),
    underlyings: padded(
      ids.map((id) => openRow<UnderlyingRowFields>(table, findRow(table, 'underlying', id, 0n))),
      openRow<UnderlyingRowFields>(table, firstOf(table, 'underlying')),
      capacity.underlyings,
    ),
  };
}

/** The factor matrix of a table. */
export const factorsOpening = (table: RiskTable): RowOpening<FactorsRowFields> =>
  openRow<FactorsRowFields>(table, findRow(table, 'factors', FACTORS_ID, 0n));

/** The shared part as signals by the names of the circuits. */
export const measuredSignals = (input: MeasuredOpening): Signals => ({
  ...openingSignals(input),
  haircutRule: input.model.rules[0] as bigint,
  positionRow: input.contracts.flatMap(({ row }) => measureRowElements(row.row)),
  positionPlace: input.contracts.flatMap(({ place }) => placeSignals(place)),
});

export const factorsSignals = ({ row, place }: RowOpening<FactorsRowFields>): Signals => ({
  cholesky: row.cholesky.flat(),
  factorsPlace: placeSignals(place),
});

export const underlyingSignals = ({ underlyingCount, underlyingGap, underlyings }: UnderlyingSlots): Signals => ({
  underlyingCount,
  underlyingGap,
  underlyingRow: underlyings.flatMap(({ row }) => underlyingRowElements(row)),
  underlyingPlace: underlyings.flatMap(({ place }) => placeSignals(place)),
});
