import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BinaryRecord } from './binaryRecord.js';
import { openRecordFile, readRecords } from './recordFile.js';

/** Bytes that are sorted in memory at a time. */
const RUN_BYTES = 12 * 2 ** 20;
/** Runs that are merged at a time: each takes an open file and a buffer. */
const MOST_RUNS = 128;

/** Sorts any number of records by their bytes in bounded memory; runs lie in a folder that the caller removes. */
export interface Sorter {
  add(record: BinaryRecord): void;
  /** All records in order; once, after the last add. */
  sorted(): Generator<BinaryRecord, void, undefined>;
}

export function startSorter(
  folder: string,
  name: string,
  { runBytes = RUN_BYTES, mostRuns = MOST_RUNS }: { readonly runBytes?: number; readonly mostRuns?: number } = {},
): Sorter {
  let run: BinaryRecord[] = [];
  let bytes = 0;
  let files: string[] = [];
  let written = 0;

  const write = (records: Iterable<BinaryRecord>): string => {
    const path = join(folder, `${name}-${written++}.run`);
    const file = openRecordFile(path);
    try {
      for (const record of records) file.write(record);
    } finally {
      file.close();
    }
    return path;
  };
  const spill = (): void => {
    files.push(write(run.sort()));
    [run, bytes] = [[], 0];
    if (files.length < mostRuns) return;
    const merged = write(merge(files));
    for (const path of files) rmSync(path);
    files = [merged];
  };

  return {
    add(record) {
      run.push(record);
      bytes += record.length;
      if (bytes >= runBytes) spill();
    },
    *sorted() {
      if (files.length > 0 && run.length > 0) spill();
      yield* files.length === 0 ? run.sort() : merge(files);
      for (const path of files) rmSync(path);
    },
  };
}

interface Source {
  record: BinaryRecord;
  readonly rest: Generator<BinaryRecord, void, undefined>;
}

/** The records of sorted files in order: a binary heap of the files by their next record. */
function* merge(paths: readonly string[]): Generator<BinaryRecord, void, undefined> {
  const sources = paths.map((path) => readRecords(path));
  try {
    const heap: Source[] = [];
    for (const rest of sources) {
      const { value, done } = rest.next();
      if (done !== true) heap.push({ record: value, rest });
    }
    heap.sort((a, b) => (a.record < b.record ? -1 : 1));
    for (let top = heap[0]; top !== undefined; top = heap[0]) {
      yield top.record;
      const { value, done } = top.rest.next();
      if (done !== true) {
        top.record = value;
      } else {
        const last = heap.pop() as Source;
        if (last !== top) heap[0] = last;
      }
      sink(heap);
    }
  } finally {
    for (const source of sources) source.return();
  }
}

/** Moves the first source of a heap down to where it belongs. */
function sink(heap: Source[]): void {
  let place = 0;
  for (;;) {
    let least = place;
    for (const child of [2 * place + 1, 2 * place + 2]) {
      if (child < heap.length && (heap[child] as Source).record < (heap[least] as Source).record) least = child;
    }
    if (least === place) return;
    [heap[place], heap[least]] = [heap[least] as Source, heap[place] as Source];
    place = least;
  }
}
