import { ownedAccount } from '../account/ownedAccount.js';
import { collateral } from '../margin/collateral.js';
import type { MarginOpening } from '../margin/opening.js';
import { solvency } from '../margin/solvency.js';
import { constrain } from '../numbers/constraint.js';
import { MODEL_VERSION, QUANTIZED, RATE_SCALE, WIDTHS } from '../protocol/constants.js';
import { modelHash } from '../risk/modelHash.js';
import { riskOpening } from '../risk/riskOpening.js';
import { type RowOpening, tableLookup } from '../risk/tableLookup.js';
import { fundingSettlement } from './fundingSettlement.js';
import { type QuantizedTerms, quantizedPosition } from './quantizedPosition.js';
import { type QuantizedRowFields, quantizedRowHash } from './quantizedRow.js';

/** Everything that QuantizedMargin takes; positionRows have one item a slot of the circuit. */
export interface QuantizedMarginInput extends MarginOpening {
  readonly positionRows: readonly RowOpening<QuantizedRowFields>[];
}

const UNIT = {
  scale: RATE_SCALE,
  requirementBits: WIDTHS.quantized.requirement,
  comparisonBits: WIDTHS.quantized.comparison,
};

/** a quantum in 1e-22 quote */
const QUANTUM = QUANTIZED.quantum * RATE_SCALE;

/** Weighted equity and requirement of an account, in 1e-22 quote, from its weighted balances in the same unit. */
export function quantizedRisk(
  weighted: bigint,
  terms: readonly QuantizedTerms[],
): { readonly weightedEquity: bigint; readonly requirement: bigint } {
  const total = (of: (term: QuantizedTerms) => bigint): bigint => terms.reduce((sum, term) => sum + of(term), 0n);
  const settled = fundingSettlement(total(({ funding }) => funding));
  return {
    weightedEquity: weighted + QUANTUM * (total(({ value }) => value) + settled),
    requirement: QUANTUM * total(({ requirement }) => requirement),
  };
}

/** Twin of QuantizedMargin: throws ConstraintViolation exactly where the circuit has no witness. */
export function quantizedMargin(input: QuantizedMarginInput): void {
  const { signals, account, tableNodes } = input;

  // 1. the account behind accountRoot
  const owned = ownedAccount(account, signals);

  // 2. the parameters behind riskRoot, for this model family and the same registry
  constrain(input.model.version === BigInt(MODEL_VERSION.quantized), 'QuantizedMargin', 'another version');
  riskOpening({
    riskRoot: signals.riskRoot,
    registryHash: account.registryHash,
    modelHash: modelHash('quantized', input.model),
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
    constrain(row.extension === 0n, 'QuantizedMargin', 'a row of another family');
  }

  // 4. every position adds its value, its funding and its requirement, by the row of its perpetual
  const terms = input.positionRows.map(({ row, place }, k) => {
    const [used, id] = [owned.positionUsed[k] as bigint, owned.positionId[k] as bigint];
    tableLookup('instrument', used, id, { key: row.key, hash: quantizedRowHash(row) }, place, tableNodes);
    return quantizedPosition(account.positions[k] as (typeof account.positions)[number], row);
  });

  // 5. funding is rounded once for the account
  const { weightedEquity, requirement } = quantizedRisk(weighted, terms);

  // 6. the claim
  const { thresholdBps, equityFloor } = signals;
  solvency(UNIT, { weightedEquity, requirement, thresholdBps, equityFloor });
}
