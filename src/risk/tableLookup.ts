import { constrain } from '../numbers/constraint.js';
import { ranged } from '../numbers/ranged.js';
import { select } from '../numbers/select.js';
import { type ROW_KIND, TABLE_DEPTH, TAGS } from '../protocol/constants.js';
import { indexBits } from '../tree/indexBits.js';
import { parentNode } from '../tree/parentNode.js';
import { rowKey } from './tableRow.js';

/** Where a row stands in the table. */
export interface RowPlace {
  readonly index: bigint;
  /** for the two lower levels, all eight children of the node above */
  readonly children: readonly (readonly bigint[])[];
}

/** A row with the proof that it stands in the table. */
export interface RowOpening<Row> {
  readonly row: Row;
  readonly place: RowPlace;
}

/** Twin of TableLookup: the row is about `id` (when the slot is used) and stands under one of the 64 nodes. */
export function tableLookup(
  kind: keyof typeof ROW_KIND,
  used: bigint,
  id: bigint,
  row: { readonly key: bigint; readonly hash: bigint },
  { index, children }: RowPlace,
  nodes: readonly bigint[],
): void {
  constrain(used === 0n || row.key === rowKey(kind, id), 'TableLookup', 'the row is about something else');
  ranged(3 * TABLE_DEPTH, index);
  const bits = indexBits(index, TABLE_DEPTH);
  const node = children.reduce(
    (below, siblings, level) => parentNode(TAGS.tableNode, below, bits.slice(3 * level, 3 * level + 3), siblings),
    row.hash,
  );
  constrain(select(nodes, bits.slice(3 * children.length)) === node, 'TableLookup', 'the row is not in the table');
}
