import { ELEMENT_BYTES } from '../setup/bn254Field.js';

/** The records of all accounts in order of their places: salt, then what accountRecord.ts writes. */
export const ACCOUNTS_FILE = 'accounts.bin';
/** Where each record begins, and at last where the last one ends. */
export const OFFSETS_FILE = 'offsets.bin';
export const OFFSET_BYTES = 6;
/** (account id, place), sorted, both big-endian. */
export const IDS_FILE = 'ids.bin';
const INDEX_BYTES = 4;
export const ID_ENTRY_BYTES = ELEMENT_BYTES + INDEX_BYTES;

/** An entry of IDS_FILE as a record that sorts by id. */
export const encodeIdEntry = (accountId: bigint, index: number): string =>
  Buffer.from(
    accountId.toString(16).padStart(2 * ELEMENT_BYTES, '0') + index.toString(16).padStart(2 * INDEX_BYTES, '0'),
    'hex',
  ).toString('latin1');

export const decodeIdEntry = (entry: Buffer): { readonly accountId: bigint; readonly index: number } => ({
  accountId: BigInt(`0x${entry.toString('hex', 0, ELEMENT_BYTES)}`),
  index: entry.readUInt32BE(ELEMENT_BYTES),
});
