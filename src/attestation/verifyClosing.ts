import { parseLiabilitiesProof } from '../formats/liabilitiesProof.js';
import { checkGroth16 } from '../proof/groth16.js';
import type { Attestation } from './attestation.js';
import type { BundleReader } from './bundleReader.js';
import { type Reason, refusal, withReason } from './reasons.js';
import type { TrustedCircuit } from './verifyKeys.js';

/**
 * Checks the closing proof against the signals that the verifier has computed, in the order of the circuit.
 * `reasonOf` says what a signal that differs shows. Reasons: CLOSING_FILE, CLOSING_PROOF, and those of `reasonOf`.
 */
export async function verifyClosing(
  bundle: BundleReader,
  { closing }: Attestation,
  { circuit, key, keyHash }: TrustedCircuit,
  expected: readonly bigint[],
  reasonOf: (signal: string) => Reason,
): Promise<void> {
  const { path } = closing.proof;
  const text = await bundle.text(closing.proof);
  const proof = await withReason('CLOSING_FILE', path, () => parseLiabilitiesProof(text, path));
  if (proof.circuit !== circuit.name || proof.keyHash !== keyHash) {
    throw refusal('CLOSING_FILE', 'PROOF_INVALID', path, `was not made with ${circuit.name} and its key`);
  }
  if (proof.publicSignals.length !== expected.length) {
    throw refusal('CLOSING_SIGNALS', 'PROOF_INVALID', path, `has ${proof.publicSignals.length} signals`);
  }
  const at = expected.findIndex((signal, i) => signal !== proof.publicSignals[i]);
  if (at >= 0) {
    const signal = circuit.publicSignals[at] as string;
    throw refusal(reasonOf(signal), 'PROOF_INVALID', path, `has another ${signal} than follows from the bundle`, {
      signal,
    });
  }
  await withReason('CLOSING_PROOF', path, () => checkGroth16(key, proof.proof, expected));
}
