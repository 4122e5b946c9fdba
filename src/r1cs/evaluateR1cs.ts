import { FIELD_ORDER } from '../protocol/constants.js';
import type { LinearCombination, R1cs } from './readR1cs.js';

/** A value per wire, wire 0 being 1. */
export type Witness = readonly bigint[];

/** Value of a linear combination, congruent to it and not reduced: most are sums of few small terms. */
export const combine = ({ wires, coefficients }: LinearCombination, witness: Witness): bigint => {
  let sum = 0n;
  for (let term = 0; term < wires.length; term++) {
    const value = witness[wires[term] as number] as bigint;
    if (value === 0n) continue;
    const coefficient = coefficients[term] as bigint;
    sum += coefficient === 1n ? value : coefficient * value;
  }
  return sum;
};

/** Whether one constraint holds. */
export function constraintHolds(r1cs: R1cs, index: number, witness: Witness): boolean {
  const constraint = r1cs.constraints[index];
  if (constraint === undefined) throw new RangeError(`there is no constraint ${index}`);
  const { a, b, c } = constraint;
  const [left, right] = [combine(a, witness), combine(b, witness)];
  const product = left === 0n || right === 0n ? 0n : left === 1n ? right : right === 1n ? left : left * right;
  const difference = product - combine(c, witness);
  return difference === 0n || difference % FIELD_ORDER === 0n;
}

/** Indices of the constraints that a witness breaks, in order; stops after `limit` of them. */
export function brokenConstraints(r1cs: R1cs, witness: Witness, limit = 1): readonly number[] {
  if (witness.length !== r1cs.wires)
    throw new RangeError(`a witness has ${r1cs.wires} wires, this one ${witness.length}`);
  if (witness[0] !== 1n) throw new RangeError('wire 0 is the constant 1');
  const broken: number[] = [];
  for (let index = 0; index < r1cs.constraints.length && broken.length < limit; index++) {
    if (!constraintHolds(r1cs, index, witness)) broken.push(index);
  }
  return broken;
}
