import { getBytes, hashMessage, recoverAddress, Signature } from 'ethers';
import { attestationId } from '../formats/attestation.js';
import type { Policy } from '../reserves/policy.js';
import { type Attestation, MANIFEST_PATH } from './attestation.js';
import { refusal } from './reasons.js';

/**
 * Checks that the attestation is the policy's venue's and signed with its key (EIP-191 over the 32 bytes of the id; of
 * the two forms of a signature only the one with the low s). The id leaves out the proofs, which anybody may
 * rerandomise: they stand or fall by themselves. Reasons: VENUE, SIGNATURE.
 */
export function verifyVenue(attestation: Attestation, { venue, venueKey }: Policy): void {
  if (attestation.venue !== venue) {
    throw refusal(
      'VENUE',
      'EXPECTATION_NOT_MET',
      MANIFEST_PATH,
      `is of ${attestation.venue}, and the policy is for ${venue}`,
    );
  }
  if (signerOf(attestation) !== venueKey) {
    throw refusal(
      'SIGNATURE',
      'PROOF_INVALID',
      MANIFEST_PATH,
      `is not signed by the venue's key ${venueKey}, or was changed after it was signed`,
    );
  }
}

function signerOf(attestation: Attestation): string | undefined {
  const { signature } = attestation;
  if (!/(1b|1c)$/.test(signature)) return undefined;
  try {
    return recoverAddress(hashMessage(getBytes(attestationId(attestation))), Signature.from(signature));
  } catch {
    // r or s is no coordinate or scalar, or s is the higher of the two
    return undefined;
  }
}
