import type { Holdings } from '../account/account.js';
import { positionSlots } from '../account/slots.js';
import { balances } from '../margin/balances.js';
import { findRow, openRow, type RiskTable } from '../risk/riskTable.js';
import { netLoss } from './greeksLoss.js';
import { type MeasuredWorth, measuredWorth } from './measuredHoldings.js';
import { openContracts, underlyingsOf } from './measuredInput.js';
import type { MeasuredContract } from './measureRow.js';
import { factorLoss } from './parametricLoss.js';
import { leastPivots } from './pivots.js';
import { scenarioLosses } from './scenarioLosses.js';
import { type ScenarioRules, scenarioMeasures } from './scenarioMeasures.js';
import type { UnderlyingRowFields } from './underlyingRow.js';

/** Holdings with the rows that they look up, and what the twins say of them in an instance with room for just these. */
export interface MeasuredRisk {
  readonly worth: MeasuredWorth;
  /** each in 1e-21 quote */
  readonly greeks: () => bigint;
  readonly parametric: (cholesky: readonly (readonly bigint[])[]) => bigint;
  readonly scenarios: (rules: ScenarioRules) => { readonly tail: bigint; readonly stress: bigint };
}

/** Throws what findRow throws. */
export function measuredRisk(holdings: Holdings, table: RiskTable): MeasuredRisk {
  const contracts: readonly MeasuredContract[] = openContracts(holdings, table).map(({ row }) => row);
  const rows = contracts.map(({ row }) => row);
  const positions = positionSlots(holdings, contracts.length);
  const used = positions.map(() => 1n);
  const worth = measuredWorth(balances(holdings, table).weighted, positions, used, rows);
  return {
    worth,
    greeks: () => {
      const ids = underlyingsOf(holdings, table);
      const underlyings = ids.map(
        (id) => openRow<UnderlyingRowFields>(table, findRow(table, 'underlying', id, 0n)).row,
      );
      return netLoss(used, worth.size, rows, ids.map(BigInt), underlyings);
    },
    parametric: (cholesky) => factorLoss(worth.size, contracts, cholesky),
    scenarios: (rules) => {
      // without positions there are no lanes to count scenarios by, and nothing is lost
      if (contracts.length === 0) return { tail: 0n, stress: 0n };
      const totals = scenarioLosses(
        positions.map(({ size }) => size),
        worth.size,
        contracts,
      );
      return scenarioMeasures(totals, rules, leastPivots(totals, rules));
    },
  };
}
