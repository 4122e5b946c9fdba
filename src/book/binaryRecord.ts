import { ELEMENT_BYTES } from '../setup/bn254Field.js';
import { getField, putField } from './fieldBytes.js';

/**
 * A record is a binary string: one character a byte. Comparing two of them compares their bytes, and V8 sorts such
 * strings four times as fast as buffers.
 */
export type BinaryRecord = string;

const SIGNED_BYTES = 11;
const WORD = 0xffff_ffff_ffff_ffffn;

/** Writes the parts of a record one after another; whole numbers big-endian, so that records sort by them. */
export class RecordWriter {
  #bytes = Buffer.allocUnsafe(4096);
  #end = 0;

  #reserve(count: number): number {
    const at = this.#end;
    this.#end += count;
    if (this.#end > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], 2 * this.#end);
    return at;
  }

  whole(value: number, bytes: 1 | 2 | 4 | 6): this {
    const at = this.#reserve(bytes);
    this.#bytes.writeUIntBE(value, at, bytes);
    return this;
  }

  /** A signed number below 2^80. */
  signed(value: bigint): this {
    const at = this.#reserve(SIGNED_BYTES);
    const magnitude = value < 0n ? -value : value;
    this.#bytes.writeUInt8(value < 0n ? 1 : 0, at);
    this.#bytes.writeUInt16BE(Number(magnitude >> 64n), at + 1);
    this.#bytes.writeBigUInt64BE(magnitude & WORD, at + 3);
    return this;
  }

  field(value: bigint): this {
    const at = this.#reserve(ELEMENT_BYTES);
    putField(this.#bytes, at, value);
    return this;
  }

  /** UTF-8 and a zero byte, which no text holds that is written here: shorter texts sort first. */
  text(value: string): this {
    const length = Buffer.byteLength(value);
    const at = this.#reserve(length + 1);
    this.#bytes.write(value, at);
    this.#bytes[at + length] = 0;
    return this;
  }

  bytes(value: Uint8Array): this {
    const at = this.#reserve(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  record(value: BinaryRecord): this {
    const at = this.#reserve(value.length);
    this.#bytes.write(value, at, 'latin1');
    return this;
  }

  /** The record so far; the writer starts anew. */
  finish(): BinaryRecord {
    const record = this.#bytes.toString('latin1', 0, this.#end);
    this.#end = 0;
    return record;
  }
}

/** Reads the parts of a record in the order in which they were written. */
export class RecordReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(record: BinaryRecord) {
    this.#bytes = Buffer.from(record, 'latin1');
  }

  #take(count: number): number {
    const at = this.#at;
    this.#at += count;
    return at;
  }

  whole(bytes: 1 | 2 | 4 | 6): number {
    return this.#bytes.readUIntBE(this.#take(bytes), bytes);
  }

  signed(): bigint {
    const at = this.#take(SIGNED_BYTES);
    const magnitude = (BigInt(this.#bytes.readUInt16BE(at + 1)) << 64n) | this.#bytes.readBigUInt64BE(at + 3);
    return this.#bytes[at] === 1 ? -magnitude : magnitude;
  }

  field(): bigint {
    return getField(this.#bytes, this.#take(ELEMENT_BYTES));
  }

  text(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  bytes(count: number): Buffer {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }
}
