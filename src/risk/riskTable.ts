import { SolvencyError } from '../errors.js';
import { TABLE_DEPTH, TAGS } from '../protocol/constants.js';
import { modelRules, snapshotRows } from '../snapshot/families.js';
import { registryHash } from '../snapshot/registry.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import { validateSnapshot } from '../snapshot/validate.js';
import { buildTree, childrenAbove, layerNodes, type Tree } from '../tree/tree.js';
import { type ModelFields, modelFields, modelHash } from './modelHash.js';
import { type RiskRootOpening, riskRoot } from './riskRoot.js';
import type { RiskRow } from './riskRow.js';
import type { RowOpening } from './tableLookup.js';

/** A validated snapshot with its table hashed. */
export interface RiskTable {
  readonly snapshot: Snapshot;
  readonly rows: readonly RiskRow[];
  readonly tree: Tree;
  /** the 64 nodes two levels below the root */
  readonly nodes: readonly bigint[];
  readonly model: ModelFields;
  readonly opening: RiskRootOpening;
  readonly riskRoot: bigint;
}

/** Validates a snapshot and hashes its table; a root is never computed of a snapshot that fails (INVALID_SNAPSHOT). */
export function buildRiskTable(snapshot: Snapshot): RiskTable {
  validateSnapshot(snapshot);
  const rows = snapshotRows(snapshot);
  const tree = buildTree(
    TAGS.tableNode,
    TABLE_DEPTH,
    rows.map((row) => row.hash),
  );
  const model = modelFields(snapshot.model, modelRules(snapshot));
  const opening = {
    registryHash: registryHash(snapshot.registry),
    modelHash: modelHash(snapshot.model.family, model),
    tableRoot: tree.root,
    time: BigInt(snapshot.time),
  };
  const nodes = layerNodes(tree, TABLE_DEPTH - 2);
  return { snapshot, rows, tree, nodes, model, opening, riskRoot: riskRoot(opening) };
}

/** The row at a place of the table, with its proof; its fields are those of the family's rows. */
export const openRow = <Fields>(table: RiskTable, index: number): RowOpening<Fields> => ({
  row: (table.rows[index] as RiskRow<Fields>).fields,
  place: { index: BigInt(index), children: childrenAbove(table.tree, index, TABLE_DEPTH - 2) },
});

/**
 * Place of the one row of an asset or instrument in which `size` (not negative) lies. Codes: UNKNOWN_ASSET,
 * UNKNOWN_INSTRUMENT when the snapshot has no row for the id, OUT_OF_RANGE when the size exceeds its largest tier.
 */
export function findRow(table: RiskTable, kind: RiskRow['kind'], id: number, size: bigint): number {
  const about = (row: RiskRow) => row.kind === kind && row.id === id;
  const index = table.rows.findIndex((row) => about(row) && row.sizeFloor <= size && size <= row.sizeCap);
  if (index >= 0) return index;
  // what somebody holds is private: the symbol is for the owner's screen only
  const symbol = table.snapshot.registry.entries.find((entry) => entry.id === id)?.symbol ?? `id ${id}`;
  if (!table.rows.some(about)) {
    const code = kind === 'asset' ? 'UNKNOWN_ASSET' : 'UNKNOWN_INSTRUMENT';
    throw new SolvencyError(code, `The snapshot has no parameters for an ${kind} that the account holds.`, {
      ownerOnly: { symbol },
    });
  }
  throw new SolvencyError('OUT_OF_RANGE', `An ${kind} is held in an amount beyond the largest tier of the snapshot.`, {
    ownerOnly: { symbol },
  });
}
