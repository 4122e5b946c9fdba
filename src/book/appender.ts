import { closeSync, openSync, writeSync } from 'node:fs';

const BUFFER_BYTES = 1 << 18;

/** Writes a new private file from its beginning to its end. */
export interface Appender {
  /** how many bytes were appended so far */
  readonly length: number;
  append(bytes: Uint8Array): void;
  close(): void;
}

/** Synchronous on purpose: buffered, a write is far cheaper than the round through the thread pool. */
export function openAppender(path: string): Appender {
  const file = openSync(path, 'wx', 0o600);
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  let [flushed, filled] = [0, 0];
  const writeAll = (bytes: Uint8Array): void => {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    flushed += bytes.length;
  };
  const flush = (): void => {
    writeAll(buffer.subarray(0, filled));
    filled = 0;
  };
  return {
    get length() {
      return flushed + filled;
    },
    append(bytes) {
      if (filled + bytes.length > BUFFER_BYTES) flush();
      if (bytes.length > BUFFER_BYTES) return writeAll(bytes);
      buffer.set(bytes, filled);
      filled += bytes.length;
    },
    close() {
      try {
        flush();
      } finally {
        closeSync(file);
      }
    },
  };
}
