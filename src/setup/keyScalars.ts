import {
  COEFFICIENT_FACTOR,
  ELEMENT_BYTES,
  inverse,
  MAX_DOMAIN_POWER,
  modulo,
  power,
  rootOfUnity,
  toBytes,
  toMontgomeryBytes,
} from './bn254Field.js';
import type { R1cs } from './r1csFile.js';
import { damaged } from './sectionFile.js';
import type { WasmCurve } from './wasmCurve.js';
import { COEFFICIENT_BYTES } from './zkeyFormat.js';

/** The trapdoor of a key: whoever knows it can prove any statement. All are nonzero modulo r. */
export interface DevelopmentSecrets {
  readonly tau: bigint;
  readonly alpha: bigint;
  readonly beta: bigint;
  readonly delta: bigint;
}

/** The size of the domain: a power of two with a row for every constraint, every public signal and the constant 1. */
export function domainSize({ constraints, publics }: R1cs): number {
  const rows = constraints + publics + 1;
  const size = 2 ** Math.max(1, Math.ceil(Math.log2(rows)));
  if (size > 2 ** (MAX_DOMAIN_POWER - 1)) throw damaged('r1cs', 'it has more constraints than BN254 has room for');
  return size;
}

/** Vectors of plain scalars, little-endian, each to be multiplied with a generator. */
export interface WireScalars {
  /** A_s(tau), B_s(tau): per wire */
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  /** beta A_s + alpha B_s + C_s: as it is for the constant and the public wires, divided by delta for the others */
  readonly publics: Uint8Array;
  readonly privates: Uint8Array;
}

/**
 * The points' scalars of section H: L_(2j+1)(tau) - w^(2j+1) tau^(2N-1) / 2N, divided by delta, with L and w of the domain
 * of size 2N. The subtrahend is the part of the Lagrange polynomial that has the power 2N - 1, which a Powers of Tau
 * file does not hold; the prover's quotient never needs it.
 */
export function hScalars(curve: WasmCurve, size: number, { tau, delta }: DevelopmentSecrets): Uint8Array {
  const double = 2 * size;
  const root = rootOfUnity(double);
  const scale = inverse(BigInt(double) * delta);
  const inverses = inverseDifferences(curve, size, tau, root, modulo(root * root));
  const { frm_mul, frm_sub } = curve.field;

  const vanishing = element(curve, (power(tau, BigInt(double)) - 1n) * scale);
  const highest = element(curve, power(tau, BigInt(double - 1)) * scale);
  const step = element(curve, root * root);
  // plain, so that the products are
  const node = curve.allocate(ELEMENT_BYTES);
  curve.bytes(node, ELEMENT_BYTES).set(toBytes(root));
  for (let j = 0; j < size; j++) {
    const at = inverses + j * ELEMENT_BYTES;
    frm_mul(at, vanishing, at);
    frm_sub(at, highest, at);
    frm_mul(at, node, at);
    frm_mul(node, step, node);
  }
  return curve.bytes(inverses, size * ELEMENT_BYTES).slice();
}

/** Address of the Lagrange polynomials of the domain of that size at tau, in Montgomery form. */
function lagrangeBasis(curve: WasmCurve, size: number, tau: bigint): number {
  const root = rootOfUnity(size);
  const basis = inverseDifferences(curve, size, tau, 1n, root);
  const { frm_mul } = curve.field;
  const step = element(curve, root);
  const numerator = element(curve, (power(tau, BigInt(size)) - 1n) * inverse(BigInt(size)));
  for (let i = 0; i < size; i++) {
    const at = basis + i * ELEMENT_BYTES;
    frm_mul(at, numerator, at);
    frm_mul(numerator, step, numerator);
  }
  return basis;
}

/** Address of 1 / (tau - first step^i) for i below count, in Montgomery form. */
function inverseDifferences(curve: WasmCurve, count: number, tau: bigint, first: bigint, step: bigint): number {
  const { frm_mul, frm_sub, frm_batchInverse } = curve.field;
  const vector = curve.allocate(count * ELEMENT_BYTES);
  const tauAt = element(curve, tau);
  const stepAt = element(curve, step);
  const node = element(curve, first);
  for (let i = 0; i < count; i++) {
    frm_sub(tauAt, node, vector + i * ELEMENT_BYTES);
    frm_mul(node, stepAt, node);
  }
  curve.reserve((count + 2) * ELEMENT_BYTES);
  frm_batchInverse(vector, ELEMENT_BYTES, count, vector, ELEMENT_BYTES);
  return vector;
}

function element(curve: WasmCurve, value: bigint): number {
  const address = curve.allocate(ELEMENT_BYTES);
  curve.bytes(address, ELEMENT_BYTES).set(toMontgomeryBytes(value));
  return address;
}

const COEFFICIENTS_PER_PIECE = 16384;

/**
 * One pass over the constraints: sums the columns of A, B and C at tau, and hands the entries of A and B, in the form of
 * the key file's coefficient section, to `write` in pieces that it must use before it returns to the caller.
 * UNREADABLE when the constraints do not fit the file's header.
 */
export async function wireScalars(
  curve: WasmCurve,
  r1cs: R1cs,
  size: number,
  { tau, alpha, beta, delta }: DevelopmentSecrets,
  write: (entries: Uint8Array) => Promise<void>,
): Promise<WireScalars> {
  const { frm_add, frm_mul, frm_fromMontgomery } = curve.field;
  const { wires, publics, constraints } = r1cs;
  const basis = lagrangeBasis(curve, size, tau);
  const sums = [0, 1, 2].map(() => curve.allocate(wires * ELEMENT_BYTES)) as [number, number, number];
  const product = curve.allocate(ELEMENT_BYTES);
  const one = curve.allocate(ELEMENT_BYTES);
  curve.bytes(one, ELEMENT_BYTES).set(toBytes(1n));
  const factor = element(curve, COEFFICIENT_FACTOR);
  const chunk = curve.allocate(COEFFICIENTS_PER_PIECE * COEFFICIENT_BYTES);
  const factors = [
    [beta, alpha, 1n].map((value) => element(curve, value)),
    [beta, alpha, 1n].map((value) => element(curve, value * inverse(delta))),
  ];

  // nothing is allocated below, so that the view holds
  const memory = curve.bytes(0, 0).buffer;
  const view = new DataView(memory);
  let entries = 0;
  const addEntry = (matrix: number, row: number, wire: number, coefficient: number): void => {
    const at = chunk + entries * COEFFICIENT_BYTES;
    view.setUint32(at, matrix, true);
    view.setUint32(at + 4, row, true);
    view.setUint32(at + 8, wire, true);
    frm_mul(coefficient, factor, at + 12);
    entries++;
  };
  const flush = async (): Promise<void> => {
    await write(new Uint8Array(memory, chunk, entries * COEFFICIENT_BYTES));
    entries = 0;
  };

  let position = r1cs.address;
  const end = r1cs.address + r1cs.length;
  for (let row = 0; row < constraints; row++) {
    for (let matrix = 0; matrix < 3; matrix++) {
      if (position + 4 > end) throw damaged('r1cs', 'it ends early');
      const terms = view.getUint32(position, true);
      position += 4;
      if (position + terms * (4 + ELEMENT_BYTES) > end) throw damaged('r1cs', 'it ends early');
      for (let term = 0; term < terms; term++) {
        const wire = view.getUint32(position, true);
        const coefficient = position + 4;
        position = coefficient + ELEMENT_BYTES;
        if (wire >= wires) throw damaged('r1cs', 'a constraint names an unknown wire');
        const sum = (sums[matrix] as number) + wire * ELEMENT_BYTES;
        // plain times Montgomery is plain
        frm_mul(coefficient, basis + row * ELEMENT_BYTES, product);
        frm_add(sum, product, sum);
        if (matrix < 2) {
          addEntry(matrix, row, wire, coefficient);
          if (entries === COEFFICIENTS_PER_PIECE) await flush();
        }
      }
    }
  }
  // A row of its own for the constant and each public signal makes their columns independent, without which a proof
  // could be changed into one for other public signals.
  for (let wire = 0; wire <= publics; wire++) {
    const row = constraints + wire;
    frm_fromMontgomery(basis + row * ELEMENT_BYTES, product);
    frm_add(sums[0] + wire * ELEMENT_BYTES, product, sums[0] + wire * ELEMENT_BYTES);
    addEntry(0, row, wire, one);
    if (entries === COEFFICIENTS_PER_PIECE) await flush();
  }
  await flush();

  const copy = (address: number): Uint8Array => new Uint8Array(memory, address, wires * ELEMENT_BYTES).slice();
  const a = copy(sums[0]);
  const b = copy(sums[1]);
  for (let wire = 0; wire < wires; wire++) {
    const used = factors[wire <= publics ? 0 : 1] as number[];
    // into the column of C, whose values are no longer needed
    const target = sums[2] + wire * ELEMENT_BYTES;
    frm_mul(target, used[2] as number, target);
    for (const matrix of [0, 1] as const) {
      frm_mul(sums[matrix] + wire * ELEMENT_BYTES, used[matrix] as number, product);
      frm_add(target, product, target);
    }
  }
  const split = (publics + 1) * ELEMENT_BYTES;
  const combined = copy(sums[2]);
  return { a, b, publics: combined.slice(0, split), privates: combined.slice(split) };
}
