import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCorrelation, cholesky, type Matrix } from '../../../src/engine/numerics/matrix.js';
import { refuses } from '../support.js';

const product = (factor: Matrix): number[][] =>
  factor.map((a) => factor.map((b) => a.reduce((total, entry, k) => total + entry * (b[k] as number), 0)));

function equals(matrix: Matrix, expected: Matrix, tolerance: number): void {
  for (const [row, entries] of expected.entries()) {
    for (const [column, entry] of entries.entries()) {
      expect(Math.abs((matrix[row]?.[column] as number) - entry)).toBeLessThanOrEqual(tolerance);
    }
  }
}

describe('cholesky', () => {
  it('factors the example of Wikipedia, "Cholesky decomposition", exactly', () => {
    const matrix = [
      [4, 12, -16],
      [12, 37, -43],
      [-16, -43, 98],
    ];
    expect(cholesky(matrix)).toEqual([
      [2, 0, 0],
      [6, 1, 0],
      [-8, 5, 3],
    ]);
  });

  it('factors what depends on rows before: zero pivots, zero columns', () => {
    expect(
      cholesky([
        [1, 1, -1],
        [1, 1, -1],
        [-1, -1, 1],
      ]),
    ).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [-1, 0, 0],
    ]);
    expect(
      cholesky([
        [0, 0],
        [0, 9],
      ]),
    ).toEqual([
      [0, 0],
      [0, 3],
    ]);
    // angles of 0, 60 and 120 degrees in a plane: rank 2
    const flat = [
      [1, 0.5, -0.5],
      [0.5, 1, 0.5],
      [-0.5, 0.5, 1],
    ];
    equals(product(cholesky(flat)), flat, 1e-15);
  });

  it('gives back any product of a lower triangle', () => {
    const triangle = fc.integer({ min: 1, max: 8 }).chain((size) =>
      fc.array(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: size, maxLength: size }), {
        minLength: size,
        maxLength: size,
      }),
    );
    fc.assert(
      fc.property(triangle, (entries) => {
        const matrix = product(entries.map((row) => row.map((entry) => entry / 1_000)));
        const factor = cholesky(matrix);
        for (const [row, line] of factor.entries()) {
          expect(line.slice(row + 1).every((entry) => entry === 0)).toBe(true);
          expect(line[row]).toBeGreaterThanOrEqual(0);
        }
        // a zero pivot drops what is left of its column, at most 1e-7 of the root of both diagonals (at most 8 each)
        equals(product(factor), matrix, 1e-6);
      }),
    );
  });

  it('refuses by name', () => {
    const refused = (matrix: Matrix, message: RegExp): void =>
      refuses(() => cholesky(matrix), 'INVALID_CORRELATION', message);
    refused([[1, 0]], /not square: row 1 has 2 entries, there are 1 rows/);
    refused([[1, 0], [0]], /not square: row 2/);
    refused(
      [
        [1, 0.2],
        [0.3, 1],
      ],
      /not symmetric: row 1, column 2 differs from row 2, column 1/,
    );
    refused([[Number.NaN]], /no finite number in row 1, column 1/);
    refused([[-1]], /not positive semidefinite: row 1/);
    refused(
      [
        [0, 0.1],
        [0.1, 1],
      ],
      /not positive semidefinite: row 2 contradicts row 1/,
    );
    refused(
      [
        [1, 1, 0],
        [1, 1, 1],
        [0, 1, 1],
      ],
      /not positive semidefinite: row 3 contradicts row 2/,
    );
  });

  it('takes a pivot that is negative by rounding and refuses one that is not', () => {
    const almost = (excess: number): Matrix => [
      [1, 1],
      [1, 1 - excess],
    ];
    expect(cholesky(almost(1e-15))[1]).toEqual([1, 0]);
    refuses(() => cholesky(almost(1e-11)), 'INVALID_CORRELATION', /row 2/);
  });
});

describe('checkCorrelation', () => {
  it('takes correlations', () => {
    checkCorrelation([[1]]);
    checkCorrelation([
      [1, -1],
      [-1, 1],
    ]);
    checkCorrelation([
      [1, 0.8, 0.6],
      [0.8, 1, 0.7],
      [0.6, 0.7, 1],
    ]);
  });

  it('refuses a diagonal that is not 1 and entries beyond 1', () => {
    refuses(() => checkCorrelation([[0.99]]), 'INVALID_CORRELATION', /row 1 with itself is not 1/);
    refuses(
      () =>
        checkCorrelation([
          [1, -1.01],
          [-1.01, 1],
        ]),
      'INVALID_CORRELATION',
      /row 1, column 2 is not between -1 and 1/,
    );
  });

  it('refuses three correlations that contradict each other', () => {
    refuses(
      () =>
        checkCorrelation([
          [1, 0.9, 0.9],
          [0.9, 1, -0.9],
          [0.9, -0.9, 1],
        ]),
      'INVALID_CORRELATION',
      /not positive semidefinite: row 3/,
    );
  });
});
