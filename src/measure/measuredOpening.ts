import { type OwnedSlots, ownedAccount } from '../account/ownedAccount.js';
import type { MarginFigures } from '../margin/figures.js';
import type { MarginOpening } from '../margin/opening.js';
import { solvency } from '../margin/solvency.js';
import { constrain } from '../numbers/constraint.js';
import { MEASURE, MODEL_VERSION, RATE_SCALE, WIDTHS } from '../protocol/constants.js';
import { modelHash } from '../risk/modelHash.js';
import { riskOpening } from '../risk/riskOpening.js';
import type { RowOpening } from '../risk/tableLookup.js';
import type { MeasuredSnapshot } from '../snapshot/snapshot.js';
import { type MeasuredWorth, measuredHoldings } from './measuredHoldings.js';
import type { MeasuredContract } from './measureRow.js';

/** What the circuits of risk measures take; contracts have one item a slot. */
export interface MeasuredOpening extends MarginOpening {
  readonly contracts: readonly RowOpening<MeasuredContract>[];
}

const UNIT = {
  scale: RATE_SCALE * MEASURE.chargeScale,
  requirementBits: WIDTHS.measure.requirement,
  comparisonBits: WIDTHS.measure.comparison,
};

/** Steps 1 to 3 of each family's circuit: the account, the parameters, what the account is worth. `rules` as the circuit computes them. */
export function openMeasured(
  family: MeasuredSnapshot['model']['family'],
  input: MeasuredOpening,
  rules: readonly bigint[],
): MeasuredWorth & { readonly owned: OwnedSlots } {
  const { signals, account, tableNodes } = input;

  // 1. the account behind accountRoot
  const owned = ownedAccount(account, signals);

  // 2. the parameters behind riskRoot, for this model family and the same registry
  constrain(input.model.version === BigInt(MODEL_VERSION[family]), family, 'another version');
  riskOpening({
    riskRoot: signals.riskRoot,
    registryHash: account.registryHash,
    modelHash: modelHash(family, { ...input.model, rules }),
    time: input.riskTime,
    nodes: tableNodes,
  });

  // 3. what the account is worth, and what it is charged by size
  return { ...measuredHoldings(account, owned, input.collateralRows, input.contracts, tableNodes), owned };
}

/** Weighted equity and requirement in 1e-27 quote. */
export interface MeasuredFigures {
  readonly weightedEquity: bigint;
  readonly requirement: bigint;
}

/** Measures (1e-21) by name, in the unit of requirements: what a requirement is made of. */
export const namedMeasures = (measures: Readonly<Record<string, bigint>>): NonNullable<MarginFigures['measures']> =>
  Object.entries(measures).map(([name, amount]) => ({ name, amount: RATE_SCALE * amount }));

/** Of a family with one measure (1e-21), to which the charges are added. */
export const withCharges = ({ weightedEquity, charges }: MeasuredWorth, measure: bigint): MeasuredFigures => ({
  weightedEquity: MEASURE.chargeScale * weightedEquity,
  requirement: RATE_SCALE * (measure + MEASURE.chargeScale * charges),
});

/** What the circuit of a family with one measure says of holdings. */
export const measuredFigures = (worth: MeasuredWorth, name: string, measure: bigint): MarginFigures => ({
  ...withCharges(worth, measure),
  decimals: 27,
  measures: namedMeasures({ [name]: measure, charges: MEASURE.chargeScale * worth.charges }),
});

/** The last step of each family's circuit: the claim. */
export function closeMeasured({ signals }: MarginOpening, figures: MeasuredFigures): void {
  const { thresholdBps, equityFloor } = signals;
  solvency(UNIT, { ...figures, thresholdBps, equityFloor });
}
