import { textHash } from '../hash/textHash.js';
import { type BatchClass, shapeOf } from '../liabilities/batchClasses.js';
import { accountsPerBatch } from '../liabilities/batchInput.js';
import type { TotalsShape } from '../liabilities/bookTotals.js';
import type { LiabilitiesStatement } from '../liabilities/liabilitiesStatement.js';
import { circuitByName } from '../setup/circuits.js';
import type { AttestedTable } from './attestation.js';

/** Neighbouring places of the tree whose accounts share a class, a table and a side. */
export interface BookRegion {
  /** index in the plan's tables */
  readonly table: number;
  /** the venue's own accounts */
  readonly venue: boolean;
  readonly start: number;
  readonly count: number;
}

/** How a committed book is proven. Private: with the seed, anybody can check guesses of a chain's states. */
export interface BookPlan {
  readonly tables: readonly AttestedTable[];
  readonly regions: readonly BookRegion[];
  readonly claimed: LiabilitiesStatement;
  readonly totalsSalt: bigint;
  readonly totalsShape: TotalsShape;
  /** what states are blinded with: the same book proven twice goes through the same states */
  readonly seed: bigint;
}

/** One batch of a plan. */
export interface PlannedBatch {
  readonly table: number;
  readonly firstIndex: number;
}

/** The class of a table's circuit. */
export function classOf({ circuit: name }: AttestedTable): BatchClass {
  const circuit = circuitByName(name);
  const shape = shapeOf(circuit);
  return { circuit, shape, accounts: accountsPerBatch(shape) };
}

/** All batches in the order in which they are chained. */
export const plannedBatches = ({ tables, regions }: BookPlan): readonly PlannedBatch[] =>
  regions.flatMap(({ table, start, count }) => {
    const { accounts } = classOf(tables[table] as AttestedTable);
    return Array.from({ length: Math.ceil(count / accounts) }, (_, i) => ({ table, firstIndex: start + i * accounts }));
  });

/** What the state after a batch is blinded with: 248 bits that only the seed tells. */
export const blindingAfter = ({ seed }: BookPlan, batch: number): bigint => textHash(`blinding ${seed} ${batch}`);
