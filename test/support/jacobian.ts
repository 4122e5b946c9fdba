import { combine, type Witness } from '../../src/r1cs/evaluateR1cs.js';
import type { Constraint } from '../../src/r1cs/readR1cs.js';
import type { TestCircuit } from './circuit.js';
import { inverse, reduce } from './field.js';

type Row = Map<number, bigint>;

/** Coefficients of each wire in a constraint's three combinations. */
export function coefficientsByWire({ a, b, c }: Constraint): ReadonlyMap<number, readonly [bigint, bigint, bigint]> {
  const found = new Map<number, [bigint, bigint, bigint]>();
  [a, b, c].forEach(({ wires, coefficients }, part) => {
    wires.forEach((wire, term) => {
      const triple = found.get(wire) ?? [0n, 0n, 0n];
      triple[part] = coefficients[term] as bigint;
      found.set(wire, triple);
    });
  });
  return found;
}

/**
 * The directions in which a witness can move, to first order, while all inputs stay: the null space of the constraints'
 * Jacobian over all wires that are no inputs. Each is given by the signals that move, its free one first. A sound circuit
 * has none, apart from hints that an untaken case leaves open (the inverse of zero in a test for zero).
 */
export function freeDirections({ r1cs, symbols }: TestCircuit, witness: Witness): readonly (readonly string[])[] {
  const inputs = [r1cs.outputs + 1, r1cs.outputs + r1cs.publicInputs + r1cs.privateInputs] as const;
  const isUnknown = (wire: number): boolean => wire !== 0 && (wire < inputs[0] || wire > inputs[1]);
  const rows = r1cs.constraints.map((constraint) => derivative(constraint, witness, isUnknown));
  const undetermined = peel(rows, new Set(Array.from({ length: r1cs.wires }, (_, wire) => wire).filter(isUnknown)));
  const core = rows
    .map((row) => new Map([...row].filter(([wire]) => undetermined.has(wire))))
    .filter((row) => row.size > 0);
  const solved = eliminate(core);
  return [...undetermined]
    .filter((wire) => !solved.has(wire))
    .map((free) => [free, ...[...solved].filter(([, row]) => row.has(free)).map(([wire]) => wire)].map(symbols.nameOf));
}

/** d(A B - C) = B dA + A dB - dC. */
function derivative(constraint: Constraint, witness: Witness, isUnknown: (wire: number) => boolean): Row {
  const [valueA, valueB] = [combine(constraint.a, witness), combine(constraint.b, witness)];
  const row: Row = new Map();
  for (const [wire, [a, b, c]] of coefficientsByWire(constraint)) {
    const entry = isUnknown(wire) ? reduce(a * valueB + b * valueA - c) : 0n;
    if (entry !== 0n) row.set(wire, entry);
  }
  return row;
}

/** Strikes out wires that stand alone in a row, again and again; most of a circuit goes this way. Returns the rest. */
function peel(rows: readonly Row[], wires: ReadonlySet<number>): ReadonlySet<number> {
  const rest = new Set(wires);
  const rowsOf = new Map<number, Row[]>();
  const left = new Map<Row, number>();
  for (const row of rows) {
    left.set(row, row.size);
    for (const wire of row.keys()) {
      const known = rowsOf.get(wire);
      if (known === undefined) rowsOf.set(wire, [row]);
      else known.push(row);
    }
  }
  const queue = rows.filter((row) => row.size === 1);
  for (let row = queue.pop(); row !== undefined; row = queue.pop()) {
    const alone = [...row.keys()].find((wire) => rest.has(wire));
    if (alone === undefined) continue;
    rest.delete(alone);
    for (const other of rowsOf.get(alone) as Row[]) {
      const count = (left.get(other) as number) - 1;
      left.set(other, count);
      if (count === 1) queue.push(other);
    }
  }
  return rest;
}

/** Gauss: each pivot wire with its row, which then holds the pivot and free wires only. */
function eliminate(rows: readonly Row[]): ReadonlyMap<number, Row> {
  const pivots = new Map<number, Row>();
  for (const row of [...rows].sort((left, right) => left.size - right.size)) {
    clearPivots(row, pivots);
    const [wire, entry] = row.entries().next().value ?? [];
    if (wire === undefined || entry === undefined) continue;
    const scale = inverse(entry);
    for (const [column, value] of row) row.set(column, reduce(value * scale));
    pivots.set(wire, row);
  }
  // a row holds pivots of later rows only, so from the last to the first each is cleared once
  const done = new Map<number, Row>();
  for (const [wire, row] of [...pivots].reverse()) {
    clearPivots(row, done);
    done.set(wire, row);
  }
  return done;
}

/** Subtracts the row of every pivot that stands in a row; a map's iteration also visits what is added on the way. */
function clearPivots(row: Row, pivots: ReadonlyMap<number, Row>): void {
  for (const wire of row.keys()) {
    const pivot = pivots.get(wire);
    if (pivot !== undefined) subtract(row, pivot, wire);
  }
}

/** Clears a pivot's column in a row. */
function subtract(row: Row, pivot: Row, wire: number): void {
  const factor = row.get(wire) as bigint;
  for (const [column, value] of pivot) {
    const difference = reduce((row.get(column) ?? 0n) - factor * value);
    if (difference === 0n) row.delete(column);
    else row.set(column, difference);
  }
}
