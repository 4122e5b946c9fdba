import { SolvencyError } from '../../errors.js';

/** Rows of equal length. */
export type Matrix = readonly (readonly number[])[];

/** Pivots are compared with their own diagonal entry. A pivot below this is negative beyond all rounding. */
const NEGATIVE = -1e-12;
/** A pivot up to this is zero: the row depends on those before it. */
const ZERO_PIVOT = 1e-14;
/** What may be left in a zero pivot's column, relative to the two diagonals: the root of ZERO_PIVOT bounds it. */
const ZERO_COLUMN = 1e-7;

const refuse = (message: string): never => {
  throw new SolvencyError('INVALID_CORRELATION', message);
};

const at = (matrix: Matrix, row: number, column: number): number => matrix[row]?.[column] as number;
const place = (row: number, column: number): string => `row ${row + 1}, column ${column + 1}`;

function requireSymmetric(matrix: Matrix): void {
  for (const [row, entries] of matrix.entries()) {
    if (entries.length !== matrix.length) {
      refuse(`the matrix is not square: row ${row + 1} has ${entries.length} entries, there are ${matrix.length} rows`);
    }
  }
  for (const [row, entries] of matrix.entries()) {
    for (const [column, entry] of entries.entries()) {
      if (!Number.isFinite(entry)) refuse(`the matrix has no finite number in ${place(row, column)}`);
      if (entry !== at(matrix, column, row)) {
        refuse(`the matrix is not symmetric: ${place(row, column)} differs from ${place(column, row)}`);
      }
    }
  }
}

/**
 * Refuses what is no correlation matrix: not square, not symmetric, a diagonal that is not 1, entries beyond -1 and 1, not
 * positive semidefinite. Throws INVALID_CORRELATION, which names the row (counted from 1).
 */
export function checkCorrelation(matrix: Matrix): void {
  requireSymmetric(matrix);
  for (const [row, entries] of matrix.entries()) {
    if (entries[row] !== 1) refuse(`the correlation of row ${row + 1} with itself is not 1`);
    for (const [column, entry] of entries.entries()) {
      if (Math.abs(entry) > 1) refuse(`the correlation in ${place(row, column)} is not between -1 and 1`);
    }
  }
  cholesky(matrix);
}

/** Less what the columns before `column` explain already. */
function remainder(matrix: Matrix, factor: Matrix, row: number, column: number): number {
  let rest = at(matrix, row, column);
  for (let k = 0; k < column; k++) rest -= at(factor, row, k) * at(factor, column, k);
  return rest;
}

/**
 * Lower triangular L, as large as the matrix, with L x transposed L = matrix (Cholesky, by columns). The matrix is
 * symmetric and positive semidefinite: a row that depends on those before it gets a zero on the diagonal and below it.
 * Throws INVALID_CORRELATION when the matrix is not square, not symmetric or not positive semidefinite, and names the row.
 */
export function cholesky(matrix: Matrix): Matrix {
  requireSymmetric(matrix);
  const factor = matrix.map((row) => row.map(() => 0));
  for (let column = 0; column < matrix.length; column++) {
    const variance = at(matrix, column, column);
    const pivot = remainder(matrix, factor, column, column);
    if (variance < 0 || pivot < NEGATIVE * variance) {
      refuse(`the matrix is not positive semidefinite: row ${column + 1} contradicts those before it`);
    }
    const isZero = pivot <= ZERO_PIVOT * variance;
    const diagonal = isZero ? 0 : Math.sqrt(pivot);
    (factor[column] as number[])[column] = diagonal;
    for (let row = column + 1; row < matrix.length; row++) {
      const rest = remainder(matrix, factor, row, column);
      if (!isZero) {
        (factor[row] as number[])[column] = rest / diagonal;
      } else if (Math.abs(rest) > ZERO_COLUMN * Math.sqrt(variance) * Math.sqrt(Math.abs(at(matrix, row, row)))) {
        refuse(
          `the matrix is not positive semidefinite: row ${row + 1} contradicts row ${column + 1} and those before it`,
        );
      }
    }
  }
  return factor;
}
