import { expect } from 'vitest';
import { ConstraintViolation } from '../../src/numbers/constraint.js';
import { accepts, type TestCircuit } from './circuit.js';

/**
 * Holds a circuit against its twin on one input: the R1CS accepts the unchecked witness exactly when the twin does not
 * throw ConstraintViolation, and then the outputs agree. `outputs` names the circuit's outputs in the twin's order.
 * Returns whether both accepted.
 */
export async function expectTwin(
  circuit: TestCircuit,
  inputs: Record<string, unknown>,
  twin: () => readonly bigint[],
  outputs: readonly string[],
): Promise<boolean> {
  const witness = await circuit.witness(inputs);
  const expected = resultOf(twin);
  expect(accepts(circuit, witness), 'circuit and twin disagree on whether there is a witness').toBe(
    expected !== undefined,
  );
  if (expected === undefined) return false;
  expect(outputs.map((name) => circuit.get(witness, `main.${name}`))).toEqual(expected);
  return true;
}

/** Whether a twin that only checks finds a witness: it throws ConstraintViolation where there is none. */
export function hasWitness(twin: () => void): boolean {
  const ran = resultOf(() => {
    twin();
    return [];
  });
  return ran !== undefined;
}

function resultOf(twin: () => readonly bigint[]): readonly bigint[] | undefined {
  try {
    return twin();
  } catch (error) {
    if (error instanceof ConstraintViolation) return undefined;
    throw error;
  }
}
