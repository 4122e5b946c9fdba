import { type ErrorCode, SolvencyError } from '../../errors.js';

/** One thing that is wrong in a file. The message names file, row and column, and never a value of an account. */
export interface Fault {
  readonly code: ErrorCode;
  readonly file: string;
  /** 1 is the header */
  readonly row: number;
  readonly message: string;
}

/** More than these help nobody: reading ends when they are found. */
export const MAX_FAULTS = 20;

/** Collects what is wrong, so that it is told together. */
export class Faults {
  readonly #found: Fault[] = [];

  get full(): boolean {
    return this.#found.length >= MAX_FAULTS;
  }

  get none(): boolean {
    return this.#found.length === 0;
  }

  /** `place` is a column or a row of the file as text, see cellOf; what is wrong there follows it. */
  add(code: ErrorCode, at: { readonly file: string; readonly row: number; readonly column?: string }, what: string) {
    this.addMessage(code, at, `${cellOf(at)} ${what}`);
  }

  addMessage(code: ErrorCode, { file, row }: { readonly file: string; readonly row: number }, message: string) {
    if (!this.full) this.#found.push({ code, file, row, message });
  }

  /** Runs a reader of one cell; the typed error that it throws, which names the cell, becomes a fault. */
  attempt<T>(at: { readonly file: string; readonly row: number }, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SolvencyError)) throw error;
      this.addMessage(error.code, at, error.message.replace(/\.$/, ''));
      return undefined;
    }
  }

  /** Throws one error for all: its code is that of the first fault by file and row, `details.faults` lists them. */
  throwIfAny(files: readonly string[]): void {
    if (this.none) return;
    const faults = [...this.#found].sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.row - b.row);
    const first = faults[0] as Fault;
    const head = faults.length === 1 ? 'The book has a fault' : `The book has ${faults.length} faults`;
    const more = this.full ? ` Reading ended at ${MAX_FAULTS}: there may be more.` : '';
    throw new SolvencyError(
      first.code,
      `${head}: ${faults.map(({ message }) => message).join('; ')}.${more} Correct the files and take them in again.`,
      {
        details: { file: first.file, row: first.row, faults: faults.map(({ code, message }) => `${code}: ${message}`) },
      },
    );
  }
}

/** "balances.csv: row 7, column amount" */
export const cellOf = ({
  file,
  row,
  column,
}: {
  readonly file: string;
  readonly row: number;
  readonly column?: string;
}): string => `${file}: row ${row}${column === undefined ? '' : `, column ${column}`}`;
