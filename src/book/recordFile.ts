import { closeSync, openSync, readSync } from 'node:fs';
import { openAppender } from './appender.js';
import type { BinaryRecord } from './binaryRecord.js';

const BUFFER_BYTES = 1 << 16;
const LENGTH_BYTES = 4;

/** Writes records one after another, each after its length. */
export interface RecordFile {
  write(record: BinaryRecord): void;
  close(): void;
}

export function openRecordFile(path: string): RecordFile {
  const file = openAppender(path);
  return {
    write(record) {
      const bytes = Buffer.allocUnsafe(LENGTH_BYTES + record.length);
      bytes.writeUInt32BE(record.length);
      bytes.write(record, LENGTH_BYTES, 'latin1');
      file.append(bytes);
    },
    close: () => file.close(),
  };
}

/** The records of a file in order; the file is closed at the end, also when the reader stops early. */
export function* readRecords(path: string): Generator<BinaryRecord, void, undefined> {
  const file = openSync(path, 'r');
  try {
    let buffer = Buffer.allocUnsafe(BUFFER_BYTES);
    let [at, end] = [0, 0];
    /** Makes `count` bytes stand at `at`; false at the end of the file. */
    const fill = (count: number): boolean => {
      if (end - at >= count) return true;
      const next = count > buffer.length ? Buffer.allocUnsafe(count) : buffer;
      buffer.copy(next, 0, at, end);
      [buffer, at, end] = [next, 0, end - at];
      while (end < count) {
        const read = readSync(file, buffer, end, buffer.length - end, null);
        if (read === 0) return false;
        end += read;
      }
      return true;
    };
    while (fill(LENGTH_BYTES)) {
      const length = buffer.readUInt32BE(at);
      fill(LENGTH_BYTES + length);
      yield buffer.toString('latin1', at + LENGTH_BYTES, at + LENGTH_BYTES + length);
      at += LENGTH_BYTES + length;
    }
  } finally {
    closeSync(file);
  }
}
