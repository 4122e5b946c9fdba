import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordReader, RecordWriter } from '../../src/book/binaryRecord.js';
import { startSorter } from '../../src/book/externalSort.js';
import { getField, putField } from '../../src/book/fieldBytes.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { testFolder } from './support.js';

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));

describe('startSorter', () => {
  it('sorts records by their bytes, in memory, in runs, and in runs that are merged on the way', () => {
    const folder = testFolder();
    let number = 0;
    fc.assert(
      fc.property(
        fc.array(bytes, { maxLength: 200 }),
        fc.constantFrom(1, 50, 10_000),
        fc.constantFrom(2, 5, 128),
        (records, runBytes, mostRuns) => {
          const sorter = startSorter(folder, `sort-${number++}`, { runBytes, mostRuns });
          for (const record of records) sorter.add(record.toString('latin1'));
          const sorted = [...sorter.sorted()].map((record) => Buffer.from(record, 'latin1'));
          expect(sorted).toEqual([...records].sort(Buffer.compare));
        },
      ),
      { seed: 20501, numRuns: 150 },
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('RecordWriter', () => {
  it('writes what RecordReader reads', () => {
    const writer = new RecordWriter();
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 3000 }).filter((text) => !text.includes('\0')),
        fc.bigInt({ min: -(2n ** 80n) + 1n, max: 2n ** 80n - 1n }),
        fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }),
        fc.nat({ max: 2 ** 32 - 1 }),
        bytes,
        (text, signed, field, whole, raw) => {
          writer.text(text).signed(signed).field(field).whole(whole, 4).bytes(raw).record(raw.toString('latin1'));
          const reader = new RecordReader(writer.finish());
          expect(reader.text()).toBe(text);
          expect(reader.signed()).toBe(signed);
          expect(reader.field()).toBe(field);
          expect(reader.whole(4)).toBe(whole);
          expect([reader.bytes(raw.length), reader.bytes(raw.length)]).toEqual([raw, raw]);
        },
      ),
      { seed: 20502, numRuns: 200 },
    );
  });

  it('refuses a field element that has no 32 bytes', () => {
    expect(() => putField(Buffer.alloc(32), 0, 2n ** 256n)).toThrow(RangeError);
    const largest = Buffer.alloc(32, 0xff);
    expect(getField(largest, 0)).toBe(2n ** 256n - 1n);
  });
});
