import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { SolvencyError } from '../../errors.js';
import { refuseCancelled } from '../cancel.js';
import type { Faults } from './faults.js';

/** No row of these files is longer; an open quote is noticed here instead of swallowing the file. */
const MAX_ROW_LENGTH = 4096;
const ROWS_BETWEEN_CHECKS = 1024;

/** The columns of a file, by the names of its header, in any order. */
export interface Columns {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
}

/** One row: its number in the file (the header is 1) and its cells by column; '' where an optional column is absent. */
export interface Row {
  readonly number: number;
  readonly cells: readonly string[];
}

/** Where reading stands. */
export interface Reading {
  readonly faults: Faults;
  readonly signal: AbortSignal | undefined;
}

/**
 * The rows of a CSV file (UTF-8, commas, quotes as in RFC 4180), cells in the order of `columns`. Blank rows are left
 * out. Faults of header and shape are collected; reading ends when there are too many. Errors: UNREADABLE, CANCELLED.
 */
export async function* readRows(file: string, columns: Columns, { faults, signal }: Reading): AsyncGenerator<Row> {
  const source = createReadStream(file);
  const parser = parse({ bom: true, relax_column_count: true, max_record_size: MAX_ROW_LENGTH });
  // an error of either end comes out of the loop below
  pipeline(source, parser, () => undefined);
  let places: readonly number[] | undefined;
  let width = 0;
  let number = 0;
  try {
    for await (const record of parser as AsyncIterable<readonly string[]>) {
      number++;
      if (number % ROWS_BETWEEN_CHECKS === 0) refuseCancelled(signal);
      if (places === undefined) {
        places = readHeader(file, record, columns, faults);
        if (places === undefined) return;
        width = record.length;
        continue;
      }
      if (record.length === 1 && record[0] === '') continue;
      const breaks = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
      if (breaks > 0) {
        faults.add('INVALID_INPUT', { file, row: number }, 'has a line break inside a cell');
        number += breaks;
      } else if (record.length !== width) {
        faults.add('INVALID_INPUT', { file, row: number }, `has ${record.length} cells, and the header has ${width}`);
      } else {
        yield { number, cells: places.map((place) => record[place] ?? '') };
      }
      if (faults.full) return;
    }
  } catch (cause) {
    if (cause instanceof CsvError) {
      faults.add('INVALID_INPUT', { file, row: Number(cause['lines'] ?? number + 1) }, reasonOf(cause));
      return;
    }
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    const hint = code === 'ENOENT' ? 'there is no such file' : code;
    throw new SolvencyError('UNREADABLE', `Cannot read ${file}: ${hint}.`, { details: { path: file }, cause });
  } finally {
    source.destroy();
  }
  if (places === undefined) {
    faults.add('INVALID_INPUT', { file, row: 1 }, `is missing: a header names the columns ${list(columns.required)}`);
  }
}

/** Where each column stands; undefined, with faults, when the header is not one of this file. */
function readHeader(
  file: string,
  header: readonly string[],
  { required, optional = [] }: Columns,
  faults: Faults,
): readonly number[] | undefined {
  const known = [...required, ...optional];
  const at = { file, row: 1 };
  const missing = required.filter((name) => !header.includes(name));
  const unknown = header.flatMap((name, place) => (known.includes(name) ? [] : [place + 1]));
  const repeated = known.filter((name) => header.indexOf(name) !== header.lastIndexOf(name));
  if (missing.length > 0) faults.add('INVALID_INPUT', at, `lacks the column ${list(missing)}`);
  // by place: a file without a header has an account there
  if (unknown.length > 0) {
    faults.add('INVALID_INPUT', at, `has an unknown name in column ${unknown.join(', ')}: known are ${list(known)}`);
  }
  if (repeated.length > 0) faults.add('DUPLICATE', at, `names the column ${list(repeated)} twice`);
  if (missing.length + unknown.length + repeated.length > 0) return undefined;
  return known.map((name) => header.indexOf(name));
}

const list = (names: readonly string[]): string => names.join(', ');

function reasonOf({ code }: CsvError): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'opens a quote that is never closed';
    case 'CSV_MAX_RECORD_SIZE':
      return `is longer than ${MAX_ROW_LENGTH} characters, or a quote before it is never closed`;
    default:
      return 'has a quote in the middle of a cell; a quote inside a quoted cell is doubled';
  }
}
