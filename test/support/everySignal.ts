import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WitnessCalculatorBuilder } from 'circom_runtime';
import { withoutChecks } from '../../src/r1cs/uncheckedCalculator.js';
import type { CircuitSource } from '../../src/setup/compileCircuit.js';
import { compileOnce } from './compileOnce.js';

/** The values that a circuit's signals take, those among them that the compiler eliminated from its constraints. */
export interface EverySignal {
  /** full names of all signals, in the order of their declaration */
  readonly names: readonly string[];
  /** computes a witness without checking it, and returns the signals of these names */
  values(inputs: Record<string, unknown>, names: Iterable<string>): Promise<ReadonlyMap<string, bigint>>;
}

/**
 * `i32.mul` to the list of wires, `i32.load`: where the calculator's getWitness looks up which signal a wire is, between
 * the address of the list and the size of a signal.
 */
const LOOK_UP = [0x20, 0x00, 0x41, 0x02, 0x74, 0x6a, 0x28, 0x02, 0x00];
const SIGNAL_SIZE = [0x41, 0x28, 0x6c];
/** `drop` the list, and take the argument itself */
const TAKE = [0x1a, 0x20, 0x00, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01];
const WORDS = 8;

interface Exports {
  getWitness(signal: number): void;
  readSharedRWMemory(word: number): number;
}

/**
 * Every signal of a circuit. A compiled circuit has wires for few of them, but its calculator computes all and keeps
 * them: the calculator is changed to give up any of them by its number, so that no circuit is compiled anew for this.
 */
export async function everySignal(source: CircuitSource): Promise<EverySignal> {
  const folder = await compileOnce(source);
  const code = withoutChecks(await readFile(join(folder, 'circuit.wasm')));
  const calculator = await WitnessCalculatorBuilder(takingSignals(code));
  const { exports } = (calculator as unknown as { readonly instance: { readonly exports: Exports } }).instance;
  const labels = new Map<string, number>();
  for (const line of (await readFile(join(folder, 'circuit.sym'), 'utf8')).trim().split('\n')) {
    const [label, , , name] = line.split(',');
    labels.set(name as string, Number(label));
  }
  return {
    names: [...labels.keys()],
    async values(inputs, names) {
      // what it returns are signals in place of wires
      await calculator.calculateWitness(inputs, false);
      return new Map(Array.from(names, (name) => [name, readSignal(exports, labels.get(name))]));
    },
  };
}

function readSignal(exports: Exports, label: number | undefined): bigint {
  if (label === undefined) throw new Error('there is no such signal');
  exports.getWitness(label);
  let value = 0n;
  for (let word = WORDS - 1; word >= 0; word--) value = (value << 32n) | BigInt(exports.readSharedRWMemory(word) >>> 0);
  return value;
}

function takingSignals(calculator: Uint8Array): Uint8Array {
  const pattern = Buffer.from([...LOOK_UP, ...SIGNAL_SIZE]);
  const bytes = Buffer.from(calculator);
  const at = bytes.indexOf(pattern);
  if (at < 0 || bytes.indexOf(pattern, at + 1) >= 0) throw new Error('getWitness is not laid out as expected');
  bytes.set(TAKE, at);
  return Uint8Array.from(bytes);
}
