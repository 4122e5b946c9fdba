/**
 * The laboratory for circuits: compile, compute a witness, edit it, and hold it against the R1CS.
 *
 *   const circuit = await compileForTest({ file: 'margin/solvency.circom', template: 'Solvency', parameters: [], publicSignals: [] });
 *   const honest = await circuit.witness({ weightedEquity: 7n, ... });
 *   expectAccepted(circuit, honest);
 *   expectRejected(circuit, circuit.edit(honest, { 'main.weightedEquity': (value) => value - 8n }), /ratio/);
 *   expectRejected(circuit, await circuit.witness({ weightedEquity: -1n, ... }), /ratio/); // a false statement
 *
 * No wire may be free (everyWire.ts, jacobian.ts, allowedFreeWires.ts):
 *
 *   expect(editEveryWire(circuit, honest)).toEqual([]); // no wire can be changed alone, to any value
 *   expect(freeDirections(circuit, honest)).toEqual([]); // nor several together, to first order: nullity 0
 *   expect(unexplained(freeWires(circuit, honest), FREE_IN_CIRCUITS)).toEqual([]); // both, apart from a list with reasons
 *
 * A check is needed if without it a false statement passes (liar.ts). The wires of the circuit without the check are moved
 * into the original by name, and the original is to refuse them there and nowhere else:
 *
 *   const changed = await compileChanged(circuit, source, [['margin/solvency.circom', 'ratio.in <== ...;', 'ratio.in <== 0;']]);
 *   const false_ = await changed.witness(insolvent);
 *   expectAccepted(changed, false_);
 *   expectRejected(circuit, changed.transplant(false_), /ratio/);
 *
 * A new template needs its row in templateParts.ts, a new circuit its honest inputs in honest.ts; tests say so. A circuit
 * can also be given as text:
 *
 *   const wrapper = await compileTextForTest(`pragma circom 2.2.2;
 *     include "circuits/numbers/ranged.circom";
 *     template Test() { signal input x; signal output y; ... }`);
 *   wrapper.outputs(await wrapper.witness({ x: 5n })); // { 'main.y': ... }
 *
 * A witness calculator that throws proves nothing, so witnesses are computed by one that checks nothing: whatever inputs
 * it is given, a full witness comes out, and only the constraints decide.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WitnessCalculatorBuilder } from 'circom_runtime';
import { expect } from 'vitest';
import { writeFileAtomic } from '../../src/files.js';
import { type ConstraintName, constraintName } from '../../src/r1cs/constraintName.js';
import { brokenConstraints, type Witness } from '../../src/r1cs/evaluateR1cs.js';
import { type Constraint, type R1cs, readR1cs } from '../../src/r1cs/readR1cs.js';
import type { Symbols } from '../../src/r1cs/symbols.js';
import { withoutChecks } from '../../src/r1cs/uncheckedCalculator.js';
import type { CircuitSource } from '../../src/setup/compileCircuit.js';
import { COMPILED, compileOnce } from './compileOnce.js';
import { reduce } from './field.js';
import { IN_MUTANT, lookedFor, noteRefusal, readSwitchSymbols } from './switches.js';

/** New values by signal name, or a function of the old value. */
export type Edits = Readonly<Record<string, bigint | ((value: bigint) => bigint)>>;

export interface TestCircuit {
  readonly r1cs: R1cs;
  readonly symbols: Symbols;
  /** computes a witness without checking it; an input that does not exist or is missing throws */
  witness(inputs: Record<string, unknown>): Promise<Witness>;
  /** value of a signal by its full name, such as main.entry[2].packed */
  get(witness: Witness, name: string): bigint;
  /** the outputs by name */
  outputs(witness: Witness): Readonly<Record<string, bigint>>;
  /** a copy with signals changed; throws for a name that does not exist or that the compiler eliminated */
  edit(witness: Witness, edits: Edits): Witness;
}

/** Circuits that a process has read, by folder: files of tests that share one share these. */
const read = new Map<string, Promise<TestCircuit>>();

/** Compiles a template of circuits/, or of an absolute file; built once for the same sources. */
export async function compileForTest(source: CircuitSource): Promise<TestCircuit> {
  const folder = await compileOnce(source);
  const known = read.get(folder) ?? load(folder);
  read.set(folder, known);
  return known;
}

/** The same with linear constraints left in: sooner done, and nearly every signal has a wire. */
export const compileUnsimplified = async (source: CircuitSource): Promise<TestCircuit> =>
  load(await compileOnce(source, { keepLinear: true }));

/** Compiles a circuit given as text; it can include files of circuits/ as "circuits/...". Its template is called Test. */
export async function compileTextForTest(
  text: string,
  publicSignals: readonly string[] = [],
  { keepLinear = false } = {},
): Promise<TestCircuit> {
  const folder = join(COMPILED, 'texts', createHash('sha256').update(text).digest('hex').slice(0, 32));
  const file = join(folder, 'test.circom');
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(file, text);
  return load(await compileOnce({ file, template: 'Test', parameters: [], publicSignals }, { keepLinear }));
}

/** Computes witnesses of a circuit. */
export type Calculator = Pick<TestCircuit, 'witness'>;

/**
 * A calculator that is compiled of other sources, in which each signal of a circuit has its name. Its witnesses have the
 * circuit's wires, and only the circuit's constraints are to judge them, so its own are not simplified.
 */
export async function otherCalculator(circuit: TestCircuit, source: CircuitSource): Promise<Calculator> {
  const folder = await compileOnce(source, { keepLinear: true });
  const { witness } = await calculatorIn(folder);
  const wires = wiresIn(await symbolsIn(folder), circuit);
  return {
    witness: async (inputs) => {
      const values = await witness(inputs);
      return wires.map((wire) => values[wire] as bigint);
    },
  };
}

/** For each wire of a circuit the one of the same name in another. */
export function wiresIn(other: Symbols, { r1cs, symbols }: TestCircuit): readonly number[] {
  return Array.from({ length: r1cs.wires }, (_, wire) => {
    const same = wire === 0 ? 0 : other.wireOf(symbols.nameOf(wire));
    if (same === undefined || same < 0) throw new Error(`the other circuit has no wire ${symbols.nameOf(wire)}`);
    return same;
  });
}

const symbolsIn = async (folder: string): Promise<Symbols> =>
  readSwitchSymbols(await readFile(join(folder, 'circuit.sym'), 'utf8'));

async function calculatorIn(folder: string): Promise<Calculator> {
  const calculator = await WitnessCalculatorBuilder(withoutChecks(await readFile(join(folder, 'circuit.wasm'))));
  let previous: Promise<unknown> = Promise.resolve();
  return {
    witness(inputs) {
      // one at a time: the calculator gives up its thread between computing a witness and reading it
      const result = previous.then(() => calculator.calculateWitness(inputs, false));
      previous = result.catch(() => undefined);
      return result;
    },
  };
}

async function load(folder: string): Promise<TestCircuit> {
  const r1cs = readR1cs(await readFile(join(folder, 'circuit.r1cs')));
  const symbols = await symbolsIn(folder);
  const wireOf = (name: string): number => {
    const wire = symbols.wireOf(name);
    if (wire === undefined) throw new Error(`there is no signal ${name}`);
    if (wire < 0) throw new Error(`the compiler eliminated ${name}: edit a signal that it is computed from`);
    return wire;
  };
  return {
    r1cs,
    symbols,
    ...(await calculatorIn(folder)),
    get: (witness, name) => witness[wireOf(name)] as bigint,
    outputs: (witness) =>
      Object.fromEntries(witness.slice(1, 1 + r1cs.outputs).map((value, index) => [symbols.nameOf(index + 1), value])),
    edit(witness, edits) {
      const copy = [...witness];
      for (const [name, edit] of Object.entries(edits)) {
        // a forgery that sets the wires of a check need not where the check was removed
        if (IN_MUTANT && symbols.wireOf(name) === undefined) continue;
        const wire = wireOf(name);
        const value = typeof edit === 'function' ? edit(copy[wire] as bigint) : edit;
        copy[wire] = reduce(value);
      }
      return copy;
    },
  };
}

/** Whether the R1CS accepts a witness. */
export const accepts = (circuit: TestCircuit, witness: Witness): boolean => brokenBy(circuit, witness, 1).length === 0;

/** Fails with the name of the broken constraint unless the R1CS accepts the witness. */
export function expectAccepted(circuit: TestCircuit, witness: Witness): void {
  const [first] = brokenBy(circuit, witness, 1);
  if (first !== undefined) expect.fail(`the R1CS refuses a witness that it should accept, at ${told(first)}`);
}

/** Fails unless the R1CS refuses the witness, in a component whose name matches when `where` is given. */
export function expectRejected(circuit: TestCircuit, witness: Witness, where?: RegExp): void {
  const names = brokenBy(circuit, witness, 50).map(told);
  expect(names.length, 'the R1CS accepts a witness that it should refuse').toBeGreaterThan(0);
  if (where !== undefined) expect(names.join('; '), 'the R1CS refuses the witness elsewhere').toMatch(where);
}

/** A constraint that a witness breaks: its name, and the names of all of its signals. */
export interface Broken extends ConstraintName {
  readonly all: readonly string[];
}

/** The constraints that a witness breaks, in order; stops after `limit` of them. Every test of a refusal comes by here. */
export function brokenBy({ r1cs, symbols }: TestCircuit, witness: Witness, limit = 10_000): readonly Broken[] {
  const indices = brokenConstraints(r1cs, witness, lookedFor(limit));
  noteRefusal(r1cs, symbols, indices);
  return indices.slice(0, limit).map((index) => {
    const { a, b, c } = r1cs.constraints[index] as Constraint;
    const wires = new Set([...a.wires, ...b.wires, ...c.wires]);
    return { ...constraintName(r1cs, index, symbols), all: [...wires].map(symbols.nameOf) };
  });
}

const told = ({ component, signals }: Broken): string => `${component} (${signals.join(', ')})`;
