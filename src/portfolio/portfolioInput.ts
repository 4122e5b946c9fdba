import type { Holdings } from '../account/account.js';
import { firstOf, marginOpening, openingSignals, placeSignals, type Statement } from '../margin/opening.js';
import { gapsOf } from '../numbers/idSlots.js';
import { padded } from '../numbers/padded.js';
import { findRow, openRow, type RiskTable } from '../risk/riskTable.js';
import type { CircuitCapacity } from '../setup/circuits.js';
import type { PortfolioSnapshot } from '../snapshot/snapshot.js';
import { type ExpiryRowFields, expiryRowElements } from './expiryRow.js';
import type { PortfolioMarginInput } from './portfolioMargin.js';
import { type ContractFields, portfolioRowElements } from './portfolioRow.js';
import { placeId } from './portfolioTable.js';
import { scenarioFields } from './scenarios.js';

const sorted = (ids: Iterable<number>): readonly number[] => [...new Set(ids)].sort((a, b) => a - b);

/** Places of the expiries and underlyings that an account is spread over. Throws what findRow throws. */
function spreadOf({ positions, collateral }: Holdings, table: RiskTable) {
  const snapshot = table.snapshot as PortfolioSnapshot;
  const expiries = sorted(
    positions.map(({ instrumentId }) => {
      const { row } = openRow<ContractFields>(table, findRow(table, 'instrument', instrumentId, 0n)).row;
      return Number(row.group / 2n) - placeId(0);
    }),
  );
  const moving = collateral.flatMap(
    ({ assetId }) => snapshot.assets.find((asset) => asset.assetId === assetId)?.underlying ?? [],
  );
  const underlyings = sorted([...expiries.map((expiry) => snapshot.expiries[expiry]?.underlying as number), ...moving]);
  return { expiries, underlyings };
}

/** How many expiries and underlyings an account is spread over. Throws what findRow throws. */
export function portfolioNeeds(holdings: Holdings, table: RiskTable) {
  const { expiries, underlyings } = spreadOf(holdings, table);
  return { expiries: expiries.length, underlyings: underlyings.length };
}

/** Everything that PortfolioMargin takes, for one account under one snapshot. Throws what findRow throws. */
export function portfolioInput(statement: Statement, capacity: CircuitCapacity): PortfolioMarginInput {
  const { table, account } = statement;
  const snapshot = table.snapshot as PortfolioSnapshot;
  const { positions } = account.account;
  const { expiries, underlyings } = spreadOf(account.account, table);
  return {
    ...marginOpening(statement, capacity),
    scenarios: scenarioFields(snapshot.model),
    contracts: padded(
      positions.map(({ instrumentId }) =>
        openRow<ContractFields>(table, findRow(table, 'instrument', instrumentId, 0n)),
      ),
      openRow<ContractFields>(table, firstOf(table, 'instrument')),
      capacity.positions,
    ),
    expiryCount: BigInt(expiries.length),
    expiryGap: gapsOf(expiries.map(placeId), capacity.expiries),
    expiries: padded(
      expiries.map((expiry) => openRow<ExpiryRowFields>(table, findRow(table, 'expiry', placeId(expiry), 0n))),
      openRow<ExpiryRowFields>(table, firstOf(table, 'expiry')),
      capacity.expiries,
    ),
    underlyingCount: BigInt(underlyings.length),
    underlyingGap: gapsOf(underlyings.map(placeId), capacity.underlyings),
  };
}

/** The same as signals by the names of the circuit. */
export function portfolioSignals(input: PortfolioMarginInput): Record<string, bigint | readonly bigint[]> {
  const [haircutRule] = input.model.rules as readonly [bigint, bigint];
  const { weight, shock, floorWeight } = input.scenarios;
  return {
    ...openingSignals(input),
    haircutRule,
    scenarios: [...weight, ...shock, ...floorWeight],
    positionRow: input.contracts.flatMap(({ row }) => portfolioRowElements(row.row)),
    positionValues: input.contracts.flatMap(({ row }) => row.values),
    positionPlace: input.contracts.flatMap(({ place }) => placeSignals(place)),
    expiryCount: input.expiryCount,
    expiryGap: input.expiryGap,
    expiryRow: input.expiries.flatMap(({ row }) => expiryRowElements(row)),
    expiryPlace: input.expiries.flatMap(({ place }) => placeSignals(place)),
    underlyingCount: input.underlyingCount,
    underlyingGap: input.underlyingGap,
  };
}
