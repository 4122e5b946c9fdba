import { combine, type Witness } from '../../src/r1cs/evaluateR1cs.js';
import type { Constraint } from '../../src/r1cs/readR1cs.js';
import type { TestCircuit } from './circuit.js';
import { inverse, reduce } from './field.js';

/** A sum of coefficient times wire; no coefficient is zero. */
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

/** How much each wire moves when the first of them moves by 1. */
export type Move = ReadonlyMap<number, bigint>;

/**
 * The directions in which a witness can move, to first order, while all inputs stay: the null space of the constraints'
 * Jacobian over all wires that are no inputs. Each is given by the signals that move, its free one first. A sound circuit
 * has none, apart from hints that an untaken case leaves open (the inverse of zero in a test for zero).
 */
export const freeDirections = (circuit: TestCircuit, witness: Witness): readonly (readonly string[])[] =>
  freeMoves(circuit, witness).map((move) => [...move.keys()].map(circuit.symbols.nameOf));

/** The same directions as moves: as many as the Jacobian's rank lacks. */
export function freeMoves({ r1cs }: TestCircuit, witness: Witness): readonly Move[] {
  const inputs = [r1cs.outputs + 1, r1cs.outputs + r1cs.publicInputs + r1cs.privateInputs] as const;
  const isUnknown = (wire: number): boolean => wire !== 0 && (wire < inputs[0] || wire > inputs[1]);
  const rows = r1cs.constraints.map((constraint) => derivative(constraint, witness, isUnknown));
  const solved = solve(rows, Array.from({ length: r1cs.wires }, (_, wire) => wire).filter(isUnknown));
  const moves = new Map<number, Map<number, bigint>>();
  for (const [wire, sum] of solved) {
    for (const [free, factor] of sum) {
      const move = moves.get(free) ?? new Map([[free, 1n]]);
      moves.set(free, move.set(wire, factor));
    }
  }
  return [...moves].sort(([left], [right]) => left - right).map(([, move]) => move);
}

/** A witness moved by a multiple of each direction. */
export function moved(witness: Witness, moves: readonly Move[], by: (index: number) => bigint): Witness {
  const copy = [...witness];
  for (const [index, move] of moves.entries()) {
    const multiple = by(index);
    for (const [wire, factor] of move) copy[wire] = reduce((copy[wire] as bigint) + multiple * factor);
  }
  return copy;
}

/** A row of the Jacobian: the wires whose entries are not zero, and the entries, most of which nobody asks for. */
interface Slope {
  readonly wires: readonly number[];
  readonly entry: (wire: number) => bigint;
}

/** d(A B - C) = B dA + A dB - dC. */
function derivative(constraint: Constraint, witness: Witness, isUnknown: (wire: number) => boolean): Slope {
  const [valueA, valueB] = [reduce(combine(constraint.a, witness)), reduce(combine(constraint.b, witness))];
  const coefficients = coefficientsByWire(constraint);
  const entry = (wire: number): bigint => {
    const [a, b, c] = coefficients.get(wire) as readonly [bigint, bigint, bigint];
    return reduce(a * valueB + b * valueA - c);
  };
  const isZero = (wire: number): boolean => {
    const [a, b, c] = coefficients.get(wire) as readonly [bigint, bigint, bigint];
    const terms = (a === 0n || valueB === 0n ? 0 : 1) + (b === 0n || valueA === 0n ? 0 : 1) + (c === 0n ? 0 : 1);
    if (terms < 2) return terms === 0;
    // a square, as most rows of a hash are
    if (a === b && c === 0n) return reduce(valueA + valueB) === 0n;
    return entry(wire) === 0n;
  };
  return { wires: [...coefficients.keys()].filter((wire) => isUnknown(wire) && !isZero(wire)), entry };
}

/**
 * Solves rows = 0: every wire as a sum of free wires. A row in which one wire is left gives that wire, as a circuit
 * computes it. Where every row has more left, one of the shortest row is supposed to be free: a row in which none is left
 * says later what was not. Suppositions are about hints, whose rows stand close by, so there are few at a time.
 */
function solve(rows: readonly Slope[], wires: readonly number[]): ReadonlyMap<number, Row> {
  const moves = new Map<number, Row>();
  const bound = new Map<number, Row>();
  const rowsOf = new Map<number, number[]>(wires.map((wire) => [wire, []]));
  rows.forEach((row, index) => {
    for (const wire of row.wires) (rowsOf.get(wire) as number[]).push(index);
  });
  const queue = rowQueue(rows.map((row) => row.wires.length));
  const settle = (wire: number, move: Row): void => {
    moves.set(wire, move);
    for (const index of rowsOf.get(wire) as number[]) queue.shorten(index);
  };
  for (let index = queue.shortest(); index !== undefined; index = queue.shortest()) {
    const row = rows[index] as Slope;
    const [wire, other] = row.wires.filter((column) => !moves.has(column));
    if (other !== undefined) {
      settle(other, new Map([[other, 1n]]));
      continue;
    }
    queue.finish(index);
    const sum: Row = new Map();
    for (const column of row.wires) {
      const move = moves.get(column);
      if (move !== undefined && move.size > 0) add(sum, substituted(move, bound), row.entry(column));
    }
    normalize(sum);
    if (wire !== undefined) settle(wire, sum.size === 0 ? sum : quotient(sum, -row.entry(wire)));
    else if (sum.size > 0) bind(sum, bound);
  }
  return new Map(wires.map((wire) => [wire, substituted(moves.get(wire) ?? new Map([[wire, 1n]]), bound)]));
}

/** Rows by the number of wires that are left in them. */
function rowQueue(sizes: readonly number[]) {
  const left = [...sizes];
  const waiting: number[][] = [];
  const wait = (index: number): void => {
    const count = left[index] as number;
    waiting[count] ??= [];
    waiting[count].push(index);
  };
  for (const index of sizes.keys()) wait(index);
  return {
    shorten(index: number): void {
      left[index] = (left[index] as number) - 1;
      wait(index);
    },
    /** one with the fewest left, of those that are not finished; it waits on */
    shortest(): number | undefined {
      for (const [count, indices] of waiting.entries()) {
        while (indices !== undefined && indices.length > 0) {
          const index = indices.at(-1) as number;
          // rows wait under former counts as well
          if (left[index] === count) return index;
          indices.pop();
        }
      }
      return undefined;
    },
    finish(index: number): void {
      left[index] = Number.NaN;
    },
  };
}

/** Says by an equation of free wires that one of them is not free. */
function bind(equation: Row, bound: Map<number, Row>): void {
  const [wire, entry] = [...equation].at(-1) as [number, bigint];
  equation.delete(wire);
  bound.set(wire, quotient(equation, -entry));
}

/** A sum in which no bound wire stands, changed in place so that it is done once. */
function substituted(sum: Row, bound: ReadonlyMap<number, Row>): Row {
  const named = [...sum.keys()].filter((wire) => bound.has(wire));
  for (const wire of named) {
    const entry = sum.get(wire) as bigint;
    sum.delete(wire);
    add(sum, substituted(bound.get(wire) as Row, bound), entry);
  }
  return named.length === 0 ? sum : normalize(sum);
}

/** Adds a multiple to a sum, which is to be normalized after the last one. */
function add(sum: Row, other: Row, factor: bigint): void {
  for (const [wire, entry] of other) sum.set(wire, (sum.get(wire) ?? 0n) + factor * entry);
}

function normalize(sum: Row): Row {
  for (const [wire, entry] of sum) {
    const value = reduce(entry);
    if (value === 0n) sum.delete(wire);
    else sum.set(wire, value);
  }
  return sum;
}

function quotient(sum: Row, divisor: bigint): Row {
  const factor = inverse(divisor);
  return new Map([...sum].map(([wire, entry]) => [wire, reduce(entry * factor)]));
}
