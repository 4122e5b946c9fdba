import { SolvencyError } from '../errors.js';

/** PROOF_INVALID: what `where` names does not show what it claims. */
export const invalidProof = (where: string, why: string, cause?: unknown): SolvencyError =>
  new SolvencyError('PROOF_INVALID', `Reserve evidence refused: ${where}: ${why}.`, { details: { where }, cause });

/** EXPECTATION_NOT_MET: the evidence may be true, and the verifier demands something else. */
export const unmet = (expectation: string, where: string, why: string): SolvencyError =>
  new SolvencyError('EXPECTATION_NOT_MET', `Reserve evidence refused: ${where}: ${why}.`, {
    details: { expectation, where },
  });

/** DUPLICATE: what stands there would be counted twice. */
export const duplicate = (where: string): SolvencyError =>
  new SolvencyError('DUPLICATE', `Reserve evidence refused: ${where} occurs twice and would be counted twice.`, {
    details: { where },
  });
