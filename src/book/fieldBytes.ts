import { ELEMENT_BYTES } from '../setup/bn254Field.js';

const WORD = 0xffff_ffff_ffff_ffffn;

/** Writes an element as 32 bytes, little-endian. */
export function putField(bytes: Buffer, offset: number, value: bigint): void {
  bytes.writeBigUInt64LE(value & WORD, offset);
  bytes.writeBigUInt64LE((value >> 64n) & WORD, offset + 8);
  bytes.writeBigUInt64LE((value >> 128n) & WORD, offset + 16);
  bytes.writeBigUInt64LE(value >> 192n, offset + 24);
}

/** Reads what putField wrote. */
export const getField = (bytes: Buffer, offset: number): bigint =>
  bytes.readBigUInt64LE(offset) |
  (bytes.readBigUInt64LE(offset + 8) << 64n) |
  (bytes.readBigUInt64LE(offset + 16) << 128n) |
  (bytes.readBigUInt64LE(offset + 24) << 192n);

/** Elements one after another. */
export function fieldBytes(values: readonly bigint[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * ELEMENT_BYTES);
  values.forEach((value, i) => {
    putField(bytes, i * ELEMENT_BYTES, value);
  });
  return bytes;
}
