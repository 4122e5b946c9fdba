import { ownedAccount } from '../account/ownedAccount.js';
import type { PositionSlot } from '../account/positionEntry.js';
import { collateral } from '../margin/collateral.js';
import type { MarginOpening } from '../margin/opening.js';
import { solvency } from '../margin/solvency.js';
import { constrain } from '../numbers/constraint.js';
import { MODEL_VERSION, RATE_SCALE, WIDTHS } from '../protocol/constants.js';
import { modelHash } from '../risk/modelHash.js';
import { riskOpening } from '../risk/riskOpening.js';
import { type RowOpening, tableLookup } from '../risk/tableLookup.js';
import { type TableRowFields, tableRowHash } from '../risk/tableRow.js';
import { positionMargin } from './positionMargin.js';

/** Everything that TieredMargin takes; rows have one item a slot of the circuit. */
export interface TieredMarginInput extends MarginOpening {
  readonly positionRows: readonly RowOpening<TableRowFields>[];
}

export const TIERED_UNIT = {
  scale: RATE_SCALE,
  requirementBits: WIDTHS.tiered.requirement,
  comparisonBits: WIDTHS.tiered.comparison,
};

/** Twin of TieredMargin: throws ConstraintViolation exactly where the circuit has no witness. */
export function tieredMargin(input: TieredMarginInput): void {
  const { signals, account, tableNodes } = input;

  // 1. the account behind accountRoot
  const owned = ownedAccount(account, signals);

  // 2. the parameters behind riskRoot, for this model family and the same registry
  constrain(input.model.version === BigInt(MODEL_VERSION.tiered), 'TieredMargin', 'the model is of another version');
  riskOpening({
    riskRoot: signals.riskRoot,
    registryHash: account.registryHash,
    modelHash: modelHash('tiered', input.model),
    time: input.riskTime,
    nodes: tableNodes,
  });

  // 3. every balance is valued by its haircut step
  for (const { row } of input.collateralRows) constrain(row.extension === 0n, 'TieredMargin', 'a row has an extension');
  const balances = collateral(
    account.collateral,
    { used: owned.collateralUsed, id: owned.collateralId },
    input.collateralRows,
    tableNodes,
  );

  // 4. every position adds its profit and loss, and its requirement by its margin tier
  let weightedEquity = balances.weighted;
  let requirement = 0n;
  input.positionRows.forEach(({ row, place }, k) => {
    constrain(row.extension === 0n, 'TieredMargin', 'a row has an extension');
    const used = owned.positionUsed[k] as bigint;
    const key = { key: row.key, hash: tableRowHash(row) };
    tableLookup('instrument', used, owned.positionId[k] as bigint, key, place, tableNodes);
    const margin = positionMargin(used, account.positions[k] as PositionSlot, row);
    weightedEquity += RATE_SCALE * margin.pnl;
    requirement += margin.requirement;
  });

  // 5. the claim
  const { thresholdBps, equityFloor } = signals;
  solvency(TIERED_UNIT, { weightedEquity, requirement, thresholdBps, equityFloor });
}
