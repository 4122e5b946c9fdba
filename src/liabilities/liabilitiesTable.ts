import { BITS, TAGS } from '../protocol/constants.js';
import { transcript } from './transcript.js';

/** Rows that the table of a circuit holds. */
export interface TableShape {
  readonly assets: number;
  /** 0: one flat factor an asset */
  readonly steps: number;
  readonly instruments: number;
  readonly tiers: number;
  readonly settles: number;
}

/** The public parameters of a batch, row by row; units in circuits/liabilities/liabilitiesTable.circom. */
export interface LiabilitiesTable {
  readonly shape: TableShape;
  readonly assetId: readonly bigint[];
  readonly assetPrice: readonly bigint[];
  /** empty where there are steps */
  readonly assetWeight: readonly bigint[];
  readonly stepKey: readonly bigint[];
  readonly stepWeight: readonly bigint[];
  readonly stepAddition: readonly bigint[];
  readonly instrumentId: readonly bigint[];
  readonly instrumentPrice: readonly bigint[];
  /** per instrument a flag for each settle asset but the last */
  readonly settlesIn: readonly bigint[];
  readonly tierKey: readonly bigint[];
  readonly tierWeight: readonly bigint[];
  readonly tierDeduction: readonly bigint[];
}

/** What a look-up of a step or tier has to match, in one number. */
export const rowMatch = (id: bigint, floor: bigint, cap: bigint): bigint =>
  id + (floor << BigInt(BITS.id)) + (cap << BigInt(BITS.id + BITS.amount));

/** The inputs of LiabilitiesTableHash by name, in hash order. */
export const tableSignals = (table: LiabilitiesTable): Readonly<Record<string, readonly bigint[]>> => ({
  assetId: table.assetId,
  assetPrice: table.assetPrice,
  assetWeight: table.assetWeight,
  stepKey: table.stepKey,
  stepWeight: table.stepWeight,
  stepAddition: table.stepAddition,
  instrumentId: table.instrumentId,
  instrumentPrice: table.instrumentPrice,
  settlesIn: table.settlesIn,
  tierKey: table.tierKey,
  tierWeight: table.tierWeight,
  tierDeduction: table.tierDeduction,
});

/** Twin of LiabilitiesTableHash. */
export function liabilitiesTableHash(table: LiabilitiesTable): bigint {
  const { assets, steps, instruments, tiers, settles } = table.shape;
  return transcript(TAGS.liabilitiesTable, [
    ...[assets, steps, instruments, tiers, settles].map(BigInt),
    ...Object.values(tableSignals(table)).flat(),
  ]);
}
