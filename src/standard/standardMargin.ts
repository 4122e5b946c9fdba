import { ownedAccount } from '../account/ownedAccount.js';
import { collateral } from '../margin/collateral.js';
import type { MarginOpening } from '../margin/opening.js';
import { solvency } from '../margin/solvency.js';
import { constrain } from '../numbers/constraint.js';
import { MODEL_VERSION, RATE_SCALE, WIDTHS } from '../protocol/constants.js';
import { modelHash } from '../risk/modelHash.js';
import { riskOpening } from '../risk/riskOpening.js';
import { type RowOpening, tableLookup } from '../risk/tableLookup.js';
import { expiryMargins } from './expiryMargins.js';
import { positionTerms, type Terms } from './positionTerms.js';
import { type StandardRowFields, standardRowHash } from './standardRow.js';
import { strikeOrder } from './strikeOrder.js';

/** What the prover says of the options of an account, one item a slot of the circuit. */
export interface OptionHints {
  readonly order: readonly bigint[];
  readonly joins: readonly bigint[];
  readonly worstLoss: readonly bigint[];
  readonly takesIsolated: readonly bigint[];
}

/** Everything that StandardMargin takes; positionRows have one item a slot of the circuit. */
export interface StandardMarginInput extends MarginOpening, OptionHints {
  readonly positionRows: readonly RowOpening<StandardRowFields>[];
}

export const STANDARD_UNIT = {
  scale: RATE_SCALE,
  requirementBits: WIDTHS.standard.requirement,
  comparisonBits: WIDTHS.standard.comparison,
};

/** Weighted equity and requirement of what an account's slots add, in 1e-22 quote. */
export function standardRisk(
  balances: { readonly weighted: bigint; readonly charges: bigint },
  terms: readonly Terms[],
  hints: OptionHints,
): { readonly weightedEquity: bigint; readonly requirement: bigint } {
  const sorted = strikeOrder(
    terms.map(({ option }) => option),
    hints.order,
    hints.joins,
  );
  const margin = expiryMargins(sorted, hints.joins, hints.worstLoss, hints.takesIsolated);
  const pnl = terms.reduce((sum, term) => sum + term.pnl, 0n);
  const charges = terms.reduce((sum, { charge }) => sum + charge, balances.charges);
  return {
    weightedEquity: balances.weighted + RATE_SCALE * pnl,
    requirement: RATE_SCALE * (margin + charges),
  };
}

/** Twin of StandardMargin: throws ConstraintViolation exactly where the circuit has no witness. */
export function standardMargin(input: StandardMarginInput): void {
  const { signals, account, tableNodes } = input;

  // 1. the account behind accountRoot
  const owned = ownedAccount(account, signals);

  // 2. the parameters behind riskRoot, for this model family and the same registry
  constrain(input.model.version === BigInt(MODEL_VERSION.standard), 'StandardMargin', 'another version');
  riskOpening({
    riskRoot: signals.riskRoot,
    registryHash: account.registryHash,
    modelHash: modelHash('standard', input.model),
    time: input.riskTime,
    nodes: tableNodes,
  });

  // 3. every balance is valued by its haircut step, and charged for
  const { weighted } = collateral(
    account.collateral,
    { used: owned.collateralUsed, id: owned.collateralId },
    input.collateralRows,
    tableNodes,
  );
  const charges = account.collateral.reduce(
    (sum, { magnitude }, k) => sum + magnitude * (input.collateralRows[k]?.row.extension as bigint),
    0n,
  );

  // 4. the contract of every position, and what the position adds
  const terms = input.positionRows.map(({ row, place }, k) => {
    const [used, id] = [owned.positionUsed[k] as bigint, owned.positionId[k] as bigint];
    tableLookup('instrument', used, id, { key: row.key, hash: standardRowHash(row) }, place, tableNodes);
    return positionTerms(used, account.positions[k] as (typeof account.positions)[number], row);
  });

  // 5. the margin of each expiry
  const { weightedEquity, requirement } = standardRisk({ weighted, charges }, terms, input);

  // 6. the claim
  const { thresholdBps, equityFloor } = signals;
  solvency(STANDARD_UNIT, { weightedEquity, requirement, thresholdBps, equityFloor });
}
