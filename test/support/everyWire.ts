import { combine, constraintHolds, type Witness } from '../../src/r1cs/evaluateR1cs.js';
import type { TestCircuit } from './circuit.js';
import { inverse, reduce } from './field.js';
import { coefficientsByWire } from './jacobian.js';

/** A change of one wire that no constraint notices: to this value, or to any value at all. */
export interface Survivor {
  readonly signal: string;
  readonly value: bigint | 'any';
}

/** The changes d of a wire, apart from 0, that the constraints seen so far allow: all, the one quotient, or none. */
type Allowed = 'any' | readonly [numerator: bigint, denominator: bigint] | 'none';

/**
 * Changes every wire but the constant and the public inputs, one at a time, to every other value of the field, and returns
 * the changes that all constraints accept. For a constraint A B = C and a wire with the coefficients a, b, c, a change by
 * d is accepted if (A + a d)(B + b d) = C + c d, that is a b d = c - a B - b A: no values need to be tried.
 */
export function editEveryWire({ r1cs, symbols }: TestCircuit, witness: Witness): readonly Survivor[] {
  const allowed = new Array<Allowed>(r1cs.wires).fill('any');
  for (const constraint of r1cs.constraints) {
    const [valueA, valueB] = [combine(constraint.a, witness), combine(constraint.b, witness)];
    for (const [wire, [a, b, c]] of coefficientsByWire(constraint)) {
      if (allowed[wire] === 'none') continue;
      const quotient = [reduce(c - a * valueB - b * valueA), reduce(a * b)] as const;
      allowed[wire] = both(allowed[wire] as Allowed, oneConstraint(quotient));
    }
  }
  return allowed.flatMap((changes, wire) => {
    if (changes === 'none' || wire === 0 || (wire > r1cs.outputs && wire <= r1cs.outputs + r1cs.publicInputs))
      return [];
    const value = changes === 'any' ? changes : reduce((witness[wire] as bigint) + changes[0] * inverse(changes[1]));
    return [{ signal: symbols.nameOf(wire), value }];
  });
}

/**
 * The same by trying: gives single wires new values, and holds the constraints that they stand in against each. Returns
 * the changes that all accept. It knows nothing of how a constraint is solved, and so shows what editEveryWire says.
 */
export function tryWires(
  { r1cs, symbols }: TestCircuit,
  witness: Witness,
  wires: readonly number[],
  values: (old: bigint) => readonly bigint[],
): readonly Survivor[] {
  const standsIn = new Map<number, Set<number>>(wires.map((wire) => [wire, new Set()]));
  r1cs.constraints.forEach(({ a, b, c }, index) => {
    for (const part of [a, b, c]) for (const wire of part.wires) standsIn.get(wire)?.add(index);
  });
  const copy = [...witness];
  return wires.flatMap((wire) => {
    const old = witness[wire] as bigint;
    const accepted = values(old)
      .map(reduce)
      .filter((value) => {
        copy[wire] = value;
        return value !== old && [...(standsIn.get(wire) ?? [])].every((index) => constraintHolds(r1cs, index, copy));
      });
    copy[wire] = old;
    return accepted.map((value) => ({ signal: symbols.nameOf(wire), value }));
  });
}

const oneConstraint = ([numerator, denominator]: readonly [bigint, bigint]): Allowed => {
  if (denominator === 0n) return numerator === 0n ? 'any' : 'none';
  return numerator === 0n ? 'none' : [numerator, denominator];
};

function both(left: Allowed, right: Allowed): Allowed {
  if (left === 'any') return right;
  if (right === 'any') return left;
  if (left === 'none' || right === 'none') return 'none';
  return reduce(left[0] * right[1] - right[0] * left[1]) === 0n ? left : 'none';
}
