import type { Holdings } from '../account/account.js';
import { positionSlots } from '../account/slots.js';
import { balances } from '../margin/balances.js';
import type { MarginFigures } from '../margin/figures.js';
import { findRow, openRow, type RiskTable } from '../risk/riskTable.js';
import type { PortfolioSnapshot } from '../snapshot/snapshot.js';
import type { ExpiryRowFields } from './expiryRow.js';
import { portfolioRisk } from './portfolioRisk.js';
import type { ContractFields } from './portfolioRow.js';
import { placeId } from './portfolioTable.js';
import { scenarioFields } from './scenarios.js';

/** What PortfolioMargin says of holdings, in 1e-34 quote, in an instance that has room for everything listed. */
export function portfolioFigures(holdings: Holdings, table: RiskTable): MarginFigures {
  const snapshot = table.snapshot as PortfolioSnapshot;
  const { positions } = holdings;
  const contracts = positions.map(
    ({ instrumentId }) => openRow<ContractFields>(table, findRow(table, 'instrument', instrumentId, 0n)).row,
  );
  // only expiries that hold something: an expiry of perpetuals in use makes others dearer
  const held = new Set(contracts.map(({ row }) => Number(row.group / 2n)));
  const expiries = snapshot.expiries.map((_, index) => placeId(index)).filter((id) => held.has(id));
  const risk = portfolioRisk({
    scenarios: scenarioFields(snapshot.model),
    positions: positionSlots(holdings, positions.length),
    positionUsed: positions.map(() => 1n),
    positionId: positions.map(({ instrumentId }) => BigInt(instrumentId)),
    contracts,
    expiry: { used: expiries.map(() => 1n), id: expiries.map(BigInt) },
    expiries: expiries.map((id) => openRow<ExpiryRowFields>(table, findRow(table, 'expiry', id, 0n)).row),
    underlyingId: snapshot.underlyings.map((_, index) => BigInt(placeId(index))),
    balances: balances(holdings, table),
  });
  return { ...risk, decimals: 34 };
}
