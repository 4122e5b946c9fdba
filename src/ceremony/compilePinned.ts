import { SolvencyError } from '../errors.js';
import type { CircuitInstance } from '../setup/circuits.js';
import { type CompiledCircuit, compileCircuit } from '../setup/compileCircuit.js';
import { hashFile } from '../setup/hashFile.js';

/** What a ceremony needs to know of a circuit. */
export type CeremonyCircuit = Pick<
  CircuitInstance,
  'name' | 'file' | 'template' | 'parameters' | 'publicSignals' | 'r1cs'
>;

/**
 * Compiles a circuit from its sources, and refuses one that is not the pinned one: a key for another circuit proves other
 * statements under this one's name. Errors: MISMATCH, COMPILE_FAILED, CANCELLED.
 */
export async function compilePinned(
  circuit: CeremonyCircuit,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<CompiledCircuit> {
  const compiled = await compileCircuit(circuit, folder, signal === undefined ? {} : { signal });
  await requirePinned(circuit, compiled.r1cs);
  return compiled;
}

/** MISMATCH unless the compiled circuit is the one that circuits.json pins. */
export async function requirePinned({ name, r1cs }: CeremonyCircuit, path: string): Promise<void> {
  if ((await hashFile(path)) === r1cs.sha256) return;
  throw new SolvencyError(
    'MISMATCH',
    `The sources of ${name} compile to another circuit than circuits.json pins. Use the sources of a release.`,
    { details: { circuit: name } },
  );
}
