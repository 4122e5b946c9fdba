import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** One charge tier of one contract as risk measures see it, in hash order; units in circuits/measure/measureRow.circom. */
export interface MeasureRowFields {
  readonly key: bigint;
  readonly tier: bigint;
  readonly price: bigint;
  readonly sizeFloor: bigint;
  readonly sizeCap: bigint;
  readonly charge: bigint;
  readonly deduction: bigint;
  readonly bound: bigint;
  readonly changes: bigint;
  readonly exposures: bigint;
  readonly underlying: bigint;
  readonly delta: bigint;
  readonly gamma: bigint;
  readonly vega: bigint;
}

/** A row with what it holds hashes of. */
export interface MeasuredContract {
  readonly row: MeasureRowFields;
  /** changes in all scenarios, three an element */
  readonly lanes: readonly bigint[];
  /** one per factor of the circuit */
  readonly exposures: readonly bigint[];
}

export const measureRowElements = (row: MeasureRowFields): readonly bigint[] => [
  row.key,
  row.tier,
  row.price,
  row.sizeFloor,
  row.sizeCap,
  row.charge,
  row.deduction,
  row.bound,
  row.changes,
  row.exposures,
  row.underlying,
  row.delta,
  row.gamma,
  row.vega,
];

/** Twin of MeasureRowHash. */
export const measureRowHash = (row: MeasureRowFields): bigint => taggedHash(TAGS.measureRow, measureRowElements(row));
