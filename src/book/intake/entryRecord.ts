import { type BinaryRecord, RecordReader, RecordWriter } from '../binaryRecord.js';

/** What a row of a file says of an account; the order in which an account's rows are sorted. */
export const ENTRY_KIND = { balance: 1, position: 2, owner: 3, venueAccount: 4 } as const;
export type EntryKind = (typeof ENTRY_KIND)[keyof typeof ENTRY_KIND];

export interface EntryHead {
  readonly identifier: string;
  readonly kind: EntryKind;
  /** of the asset or instrument; 0 for other kinds */
  readonly id: number;
  readonly row: number;
}

const writer = new RecordWriter();

/** Identifier, kind, id, row, values: sorting puts an account's rows together, and one thing's twice next to each other. */
export function encodeEntry({ identifier, kind, id, row }: EntryHead, values: readonly bigint[]): BinaryRecord {
  writer.text(identifier).whole(kind, 1).whole(id, 4).whole(row, 6);
  if (kind === ENTRY_KIND.owner) for (const value of values) writer.field(value);
  else for (const value of values) writer.signed(value);
  return writer.finish();
}

/** The head of an entry, and a reader that stands before its values. */
export function decodeEntry(record: BinaryRecord): EntryHead & { readonly values: RecordReader } {
  const values = new RecordReader(record);
  return {
    identifier: values.text(),
    kind: values.whole(1) as EntryKind,
    id: values.whole(4),
    row: values.whole(6),
    values,
  };
}
