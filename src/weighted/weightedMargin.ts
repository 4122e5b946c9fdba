import { ownedAccount } from '../account/ownedAccount.js';
import { collateral } from '../margin/collateral.js';
import type { MarginOpening } from '../margin/opening.js';
import { solvency } from '../margin/solvency.js';
import { constrain } from '../numbers/constraint.js';
import { MODEL_VERSION, RATE_SCALE, WEIGHTED, WIDTHS } from '../protocol/constants.js';
import { modelHash } from '../risk/modelHash.js';
import { riskOpening } from '../risk/riskOpening.js';
import { type RowOpening, tableLookup } from '../risk/tableLookup.js';
import { type WeightedTerms, weightedPosition } from './weightedPosition.js';
import { type WeightedRowFields, weightedRowHash } from './weightedRow.js';

/** Everything that WeightedMargin takes; positionRows have one item a slot of the circuit. */
export interface WeightedMarginInput extends MarginOpening {
  readonly positionRows: readonly RowOpening<WeightedRowFields>[];
}

const UNIT = {
  scale: RATE_SCALE * WEIGHTED.growthScale,
  requirementBits: WIDTHS.weighted.requirement,
  comparisonBits: WIDTHS.weighted.comparison,
};

/** Weighted equity and requirement of an account, in 1e-34 quote, from its weighted balances in 1e-22. */
export function weightedRisk(
  weighted: bigint,
  terms: readonly WeightedTerms[],
): { readonly weightedEquity: bigint; readonly requirement: bigint } {
  return {
    weightedEquity: WEIGHTED.growthScale * terms.reduce((sum, { counted }) => sum + counted, weighted),
    requirement: terms.reduce((sum, { requirement }) => sum + requirement, 0n),
  };
}

/** Twin of WeightedMargin: throws ConstraintViolation exactly where the circuit has no witness. */
export function weightedMargin(input: WeightedMarginInput): void {
  const { signals, account, tableNodes } = input;
  const [, rateStep] = input.model.rules as readonly [bigint, bigint];

  // 1. the account behind accountRoot
  const owned = ownedAccount(account, signals);

  // 2. the parameters behind riskRoot, for this model family and the same registry
  constrain(input.model.version === BigInt(MODEL_VERSION.weighted), 'WeightedMargin', 'another version');
  riskOpening({
    riskRoot: signals.riskRoot,
    registryHash: account.registryHash,
    modelHash: modelHash('weighted', input.model),
    time: input.riskTime,
    nodes: tableNodes,
  });

  // 3. every balance is valued by its haircut step
  const { weighted } = collateral(
    account.collateral,
    { used: owned.collateralUsed, id: owned.collateralId },
    input.collateralRows,
    tableNodes,
  );
  for (const { row } of input.collateralRows) {
    constrain(row.extension === 0n, 'WeightedMargin', 'a row of another family');
  }

  // 4. every position adds its profit and its requirement, by the row of its side
  const terms = input.positionRows.map(({ row, place }, k) => {
    const [used, id] = [owned.positionUsed[k] as bigint, owned.positionId[k] as bigint];
    const slot = account.positions[k] as (typeof account.positions)[number];
    const key = row.key - WEIGHTED.shortKey * slot.sizeSign;
    tableLookup('instrument', used, id, { key, hash: weightedRowHash(row) }, place, tableNodes);
    return weightedPosition(slot, row, rateStep);
  });

  // 5. the claim
  const { thresholdBps, equityFloor } = signals;
  solvency(UNIT, { ...weightedRisk(weighted, terms), thresholdBps, equityFloor });
}
