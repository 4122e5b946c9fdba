import { taggedHash } from '../hash/taggedHash.js';
import { BITS, ROW_KIND, TAGS } from '../protocol/constants.js';

/** One row of a risk table as circuits see it; units in circuits/risk/tableRow.circom. */
export interface TableRowFields {
  readonly key: bigint;
  readonly tier: bigint;
  readonly price: bigint;
  readonly sizeFloor: bigint;
  readonly sizeCap: bigint;
  readonly rate: bigint;
  readonly offset: bigint;
  readonly extension: bigint;
}

/** What a row says of an amount that lies in it. */
export type RowTerms = Pick<TableRowFields, 'price' | 'sizeFloor' | 'sizeCap' | 'rate' | 'offset'>;

/** kind * 2^32 + id: assets and instruments share one table. */
export const rowKey = (kind: keyof typeof ROW_KIND, id: bigint): bigint =>
  (BigInt(ROW_KIND[kind]) << BigInt(BITS.id)) + id;

/** The fields in hash order. */
export const rowElements = (row: TableRowFields): readonly bigint[] => [
  row.key,
  row.tier,
  row.price,
  row.sizeFloor,
  row.sizeCap,
  row.rate,
  row.offset,
  row.extension,
];

/** Twin of TableRowHash. */
export const tableRowHash = (row: TableRowFields): bigint => taggedHash(TAGS.tableRow, rowElements(row));
