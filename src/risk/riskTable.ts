import { SolvencyError } from '../errors.js';
import { type ROW_KIND, TABLE_DEPTH, TAGS } from '../protocol/constants.js';
import { registryHash } from '../snapshot/registry.js';
import { snapshotRows, type TableRow } from '../snapshot/rows.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import { validateSnapshot } from '../snapshot/validate.js';
import { buildTree, childrenAbove, layerNodes, type Tree } from '../tree/tree.js';
import { modelFields, modelHash } from './modelHash.js';
import { type RiskRootOpening, riskRoot } from './riskRoot.js';
import type { RowOpening } from './tableLookup.js';
import { rowKey, type TableRowFields, tableRowHash } from './tableRow.js';

/** A validated snapshot with its table hashed. */
export interface RiskTable {
  readonly snapshot: Snapshot;
  readonly rows: readonly TableRow[];
  readonly tree: Tree;
  /** the 64 nodes two levels below the root */
  readonly nodes: readonly bigint[];
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
    rows.map((row) => tableRowHash(rowFields(row))),
  );
  const opening = {
    registryHash: registryHash(snapshot.registry),
    modelHash: modelHash(snapshot.model.family, modelFields(snapshot.model)),
    tableRoot: tree.root,
    time: BigInt(snapshot.time),
  };
  return { snapshot, rows, tree, nodes: layerNodes(tree, TABLE_DEPTH - 2), opening, riskRoot: riskRoot(opening) };
}

/** A row as circuits see it. */
export const rowFields = (row: TableRow): TableRowFields => ({
  key: rowKey(row.kind, BigInt(row.id)),
  tier: BigInt(row.tier),
  price: row.price,
  sizeFloor: row.sizeFloor,
  sizeCap: row.sizeCap,
  rate: row.rate,
  offset: row.offset,
  extension: 0n,
});

/** The row at a place of the table, with its proof. */
export const openRow = (table: RiskTable, index: number): RowOpening => ({
  row: rowFields(table.rows[index] as TableRow),
  index: BigInt(index),
  children: childrenAbove(table.tree, index, TABLE_DEPTH - 2),
});

/**
 * Place of the one row of an asset or instrument in which `size` (not negative) lies. Codes: UNKNOWN_ASSET,
 * UNKNOWN_INSTRUMENT when the snapshot has no row for the id, OUT_OF_RANGE when the size exceeds its largest tier.
 */
export function findRow(table: RiskTable, kind: keyof typeof ROW_KIND, id: number, size: bigint): number {
  const about = (row: TableRow) => row.kind === kind && row.id === id;
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
