import { SolvencyError } from '../errors.js';

const CODE_SECTION = 10;
const IMPORT_SECTION = 2;
const CALL = 0x10;
/** `i32.const 4; return; end`: how the compiler's witness code leaves a template after it has reported a failed check */
const LEAVE = [0x41, 0x04, 0x0f, 0x0b];
const NO_OPERATION = 0x01;

/**
 * The compiler's witness calculator, changed to carry on where a check (`===` or `assert`) fails. It computes a full
 * witness of a false statement, as a cheating prover would, and leaves the judgement to the constraints. The compiler's
 * own flag against these checks has no effect on its WebAssembly. INTERNAL if the code does not look as expected.
 */
export function withoutChecks(calculator: Uint8Array): Uint8Array {
  const report = importIndex(calculator, 'printErrorMessage');
  const copy = Uint8Array.from(calculator);
  const { begin, end } = section(calculator, CODE_SECTION);
  for (let at = begin; at + 2 + LEAVE.length <= end; at++) {
    if (copy[at] !== CALL || copy[at + 1] !== report) continue;
    if (LEAVE.every((byte, index) => copy[at + 2 + index] === byte)) copy.fill(NO_OPERATION, at + 2, at + 5);
  }
  return copy;
}

/** Number of an imported function. The calculator imports fewer than 128 and nothing else, so each takes one byte. */
function importIndex(wasm: Uint8Array, name: string): number {
  const { begin, end } = section(wasm, IMPORT_SECTION);
  const names = new TextDecoder('latin1').decode(wasm.subarray(begin, end)).matchAll(/runtime.(\w+)/gs);
  const index = [...names].findIndex(([, found]) => found === name);
  if (index < 0 || index >= 0x80) throw unexpected();
  return index;
}

function section(wasm: Uint8Array, wanted: number): { readonly begin: number; readonly end: number } {
  for (let at = 8; at < wasm.length; ) {
    const [size, begin] = readNumber(wasm, at + 1);
    if (wasm[at] === wanted) return { begin, end: begin + size };
    at = begin + size;
  }
  throw unexpected();
}

/** A number in LEB128 and where it ends. */
function readNumber(bytes: Uint8Array, from: number): readonly [value: number, end: number] {
  let value = 0;
  for (let at = from, scale = 1; at < bytes.length; at++, scale *= 128) {
    const byte = bytes[at] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return [value, at + 1];
  }
  throw unexpected();
}

const unexpected = () =>
  new SolvencyError('INTERNAL', 'The witness calculator is not laid out as this version of the compiler does it.');
