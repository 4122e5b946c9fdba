import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** One contract as PortfolioMargin sees it, in hash order; units in circuits/portfolio/portfolioRow.circom. */
export interface PortfolioRowFields {
  readonly key: bigint;
  readonly group: bigint;
  readonly price: bigint;
  readonly up: bigint;
  readonly down: bigint;
  readonly nakedCharge: bigint;
  readonly floorCharge: bigint;
  readonly valuesLow: bigint;
  readonly valuesHigh: bigint;
}

/** A contract with the values that its row holds hashes of. */
export interface ContractFields {
  readonly row: PortfolioRowFields;
  /** one per scenario slot of the circuit */
  readonly values: readonly bigint[];
}

export const portfolioRowElements = (row: PortfolioRowFields): readonly bigint[] => [
  row.key,
  row.group,
  row.price,
  row.up,
  row.down,
  row.nakedCharge,
  row.floorCharge,
  row.valuesLow,
  row.valuesHigh,
];

/** Twin of PortfolioRowHash. */
export const portfolioRowHash = (row: PortfolioRowFields): bigint =>
  taggedHash(TAGS.portfolioRow, portfolioRowElements(row));

/** Twin of ScenarioValuesHash: half of a contract's values. */
export const scenarioValuesHash = (values: readonly bigint[]): bigint => taggedHash(TAGS.scenarioValues, values);
