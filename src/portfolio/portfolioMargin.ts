import { ownedAccount } from '../account/ownedAccount.js';
import { collateral } from '../margin/collateral.js';
import type { MarginOpening } from '../margin/opening.js';
import { solvency } from '../margin/solvency.js';
import { constrain } from '../numbers/constraint.js';
import { idSlots } from '../numbers/idSlots.js';
import { FINE_SCALE, MODEL_VERSION, WIDTHS } from '../protocol/constants.js';
import { modelHash } from '../risk/modelHash.js';
import { riskOpening } from '../risk/riskOpening.js';
import { type RowOpening, tableLookup } from '../risk/tableLookup.js';
import { type ExpiryRowFields, expiryRowHash } from './expiryRow.js';
import { portfolioRisk } from './portfolioRisk.js';
import { type ContractFields, portfolioRowHash, scenarioValuesHash } from './portfolioRow.js';
import { type ScenarioFields, scenariosHash } from './scenarios.js';

/** Everything that PortfolioMargin takes; contracts and expiries have one item a slot of the circuit. */
export interface PortfolioMarginInput extends MarginOpening {
  readonly scenarios: ScenarioFields;
  readonly contracts: readonly RowOpening<ContractFields>[];
  readonly expiryCount: bigint;
  readonly expiryGap: readonly bigint[];
  readonly expiries: readonly RowOpening<ExpiryRowFields>[];
  readonly underlyingCount: bigint;
  readonly underlyingGap: readonly bigint[];
}

export const PORTFOLIO_UNIT = {
  scale: FINE_SCALE * FINE_SCALE,
  requirementBits: WIDTHS.portfolio.requirement,
  comparisonBits: WIDTHS.portfolio.comparison,
};

/** Twin of PortfolioMargin: throws ConstraintViolation exactly where the circuit has no witness. */
export function portfolioMargin(input: PortfolioMarginInput): void {
  const { signals, account, tableNodes, scenarios } = input;

  // 1. the account behind accountRoot
  const owned = ownedAccount(account, signals);

  // 2. the parameters behind riskRoot, for this model family and the same registry
  constrain(input.model.version === BigInt(MODEL_VERSION.portfolio), 'PortfolioMargin', 'another version');
  const [haircutRule] = input.model.rules as readonly [bigint, bigint];
  riskOpening({
    riskRoot: signals.riskRoot,
    registryHash: account.registryHash,
    modelHash: modelHash('portfolio', { ...input.model, rules: [haircutRule, scenariosHash(scenarios)] }),
    time: input.riskTime,
    nodes: tableNodes,
  });

  // 3. every balance is valued by its haircut step
  const balances = collateral(
    account.collateral,
    { used: owned.collateralUsed, id: owned.collateralId },
    input.collateralRows,
    tableNodes,
  );

  // 4. the contract of every position, with its values in all scenarios
  input.contracts.forEach(({ row: { row, values }, place }, k) => {
    const halves = [scenarioValuesHash(values.slice(0, 16)), scenarioValuesHash(values.slice(16))];
    constrain(row.valuesLow === halves[0] && row.valuesHigh === halves[1], 'PortfolioMargin', 'other values');
    const key = { key: row.key, hash: portfolioRowHash(row) };
    tableLookup('instrument', owned.positionUsed[k] as bigint, owned.positionId[k] as bigint, key, place, tableNodes);
  });

  // 5. the expiries and the underlyings that the positions are of
  const expiry = idSlots(input.expiryCount, input.expiryGap);
  input.expiries.forEach(({ row, place }, e) => {
    const key = { key: row.key, hash: expiryRowHash(row) };
    tableLookup('expiry', expiry.used[e] as bigint, expiry.id[e] as bigint, key, place, tableNodes);
  });
  const underlying = idSlots(input.underlyingCount, input.underlyingGap);

  // 6. to 13. what it requires and what it is worth
  const { weightedEquity, requirement } = portfolioRisk({
    scenarios,
    positions: account.positions,
    positionUsed: owned.positionUsed,
    positionId: owned.positionId,
    contracts: input.contracts.map(({ row }) => row),
    expiry,
    expiries: input.expiries.map(({ row }) => row),
    underlyingId: underlying.id,
    balances: {
      weighted: balances.weighted,
      value: balances.value,
      used: owned.collateralUsed,
      extension: input.collateralRows.map(({ row }) => row.extension),
    },
  });

  // 14. the claim
  const { thresholdBps, equityFloor } = signals;
  solvency(PORTFOLIO_UNIT, { weightedEquity, requirement, thresholdBps, equityFloor });
}
