import type { LiabilitiesProof } from '../formats/liabilitiesProof.js';
import { checkGroth16 } from '../proof/groth16.js';
import { startProverPool } from '../proof/proverPool.js';
import { circuitKeys } from './circuitKeys.js';

/**
 * One proof of a book that is no batch, in a process of its own; it is verified before it is returned. Errors: those of
 * loadArtifacts, INTERNAL when the prover fails, PROOF_INVALID.
 */
export async function proveSingle(
  artifacts: string,
  circuit: string,
  inputs: Readonly<Record<string, unknown>>,
  publicSignals: readonly bigint[],
): Promise<LiabilitiesProof> {
  const { paths, verificationKey, keyHash } = await circuitKeys(artifacts, circuit);
  const pool = startProverPool(1);
  try {
    const { proof } = await pool.prove(paths, inputs);
    await checkGroth16(verificationKey, proof, publicSignals);
    return { circuit, keyHash, publicSignals, proof };
  } finally {
    pool.close();
  }
}
