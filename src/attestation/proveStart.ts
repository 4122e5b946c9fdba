import { SolvencyError } from '../errors.js';
import type { LiabilitiesProof } from '../formats/liabilitiesProof.js';
import { startSignals } from '../liabilities/liabilitiesStart.js';
import { startCircuit } from '../liabilities/startCircuit.js';
import { FIELD_ORDER, LIABILITIES_SIGNALS } from '../protocol/constants.js';
import { proveSingle } from './proveSingle.js';

/**
 * Proves which state a chain under a statement starts with, for a contract, which cannot hash it; a bundle needs no such
 * proof. Errors: those of proveSingle, OUT_OF_RANGE for a statement that is no field element.
 */
export async function proveStart(source: {
  /** hash of the statement, as attestations carry it */
  readonly statement: bigint;
  readonly artifacts: string;
}): Promise<LiabilitiesProof> {
  const { statement, artifacts } = source;
  // the library would take it modulo r, and prove another statement
  if (statement < 0n || statement >= FIELD_ORDER) {
    throw new SolvencyError('OUT_OF_RANGE', 'The statement must be a number from 0 to r - 1.');
  }
  const signals = startSignals(statement);
  return proveSingle(
    artifacts,
    startCircuit.name,
    { ...signals },
    LIABILITIES_SIGNALS.start.map((name) => signals[name]),
  );
}
