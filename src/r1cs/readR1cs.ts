import { SolvencyError } from '../errors.js';
import { FIELD_ORDER } from '../protocol/constants.js';

/** Counts in an R1CS. Wire 0 is the constant 1; then come outputs, public inputs, private inputs and inner wires. */
export interface R1csHeader {
  readonly wires: number;
  readonly outputs: number;
  readonly publicInputs: number;
  readonly privateInputs: number;
  readonly constraints: number;
}

/** A sum of coefficient times wire. */
export interface LinearCombination {
  readonly wires: Uint32Array;
  /** from -(r - 1) / 2 to (r - 1) / 2, so that small ones stay small */
  readonly coefficients: readonly bigint[];
}

/** a(w) * b(w) = c(w) over the scalar field of BN254. */
export interface Constraint {
  readonly a: LinearCombination;
  readonly b: LinearCombination;
  readonly c: LinearCombination;
}

export interface R1cs extends Omit<R1csHeader, 'constraints'> {
  readonly constraints: readonly Constraint[];
}

const HEADER_SECTION = 1;
const CONSTRAINT_SECTION = 2;
const FIELD_BYTES = 32;
const HALF = FIELD_ORDER / 2n;

/** Reads the header of an .r1cs file; INVALID_INPUT for anything else, or for another field. */
export function readR1csHeader(file: Uint8Array): R1csHeader {
  const view = viewOf(file);
  const at = section(view, HEADER_SECTION);
  if (view.getUint32(at, true) !== FIELD_BYTES || readField(view, at + 4) !== FIELD_ORDER) {
    throw invalid('it is not over the scalar field of BN254');
  }
  const count = (index: number): number => view.getUint32(at + 4 + FIELD_BYTES + 4 * index, true);
  // the fifth count, the number of labels, takes eight bytes
  return {
    wires: count(0),
    outputs: count(1),
    publicInputs: count(2),
    privateInputs: count(3),
    constraints: count(6),
  };
}

/** Reads an .r1cs file whole; INVALID_INPUT as for the header. */
export function readR1cs(file: Uint8Array): R1cs {
  const header = readR1csHeader(file);
  const view = viewOf(file);
  let at = section(view, CONSTRAINT_SECTION);
  const readCombination = (): LinearCombination => {
    const wires = new Uint32Array(view.getUint32(at, true));
    const coefficients: bigint[] = [];
    at += 4;
    for (let term = 0; term < wires.length; term++, at += 4 + FIELD_BYTES) {
      wires[term] = view.getUint32(at, true);
      const value = readField(view, at + 4);
      coefficients.push(value > HALF ? value - FIELD_ORDER : value);
    }
    return { wires, coefficients };
  };
  const constraints = Array.from({ length: header.constraints }, () => ({
    a: readCombination(),
    b: readCombination(),
    c: readCombination(),
  }));
  return { ...header, constraints };
}

const viewOf = (file: Uint8Array): DataView => new DataView(file.buffer, file.byteOffset, file.byteLength);

/** Where a section begins: after "r1cs", the version and the section count come type, size and content of each. */
function section(view: DataView, wanted: number): number {
  const magic = view.byteLength < 12 ? '' : String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(index)));
  if (magic !== 'r1cs') throw invalid('its first bytes are not "r1cs"');
  for (let at = 12; at + 12 <= view.byteLength; ) {
    const size = Number(view.getBigUint64(at + 4, true));
    if (view.getUint32(at, true) === wanted && at + 12 + size <= view.byteLength) return at + 12;
    at += 12 + size;
  }
  throw invalid('it is cut short');
}

function readField(view: DataView, at: number): bigint {
  const low = view.getBigUint64(at, true);
  const [second, third, high] = [8, 16, 24].map((offset) => view.getBigUint64(at + offset, true)) as [
    bigint,
    bigint,
    bigint,
  ];
  if (high === 0n && third === 0n && second === 0n) return low;
  return (((((high << 64n) | third) << 64n) | second) << 64n) | low;
}

const invalid = (why: string) =>
  new SolvencyError('INVALID_INPUT', `The .r1cs file cannot be used: ${why}. Compile the circuit again.`);
