import { getAddress, recoverAddress, Signature, ZeroAddress } from 'ethers';
import type { Ownership } from './evidence.js';
import { type OwnershipClaim, ownershipDigest } from './ownershipMessage.js';
import { invalidProof } from './refusal.js';

/** 'signed' was checked here; 'checked online' rests on whoever made the call. */
export type OwnershipLabel = 'signed' | 'checked online';

/** Half the order of secp256k1: of s and n - s only the lower is accepted, so that a signature has one form. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/**
 * Checks that the owner of the claim's address signed it. PROOF_INVALID for a signature by another, over another
 * attestation, chain or address, or of a form that is not the one of 65 bytes with a low s.
 */
export function verifyOwnership(ownership: Ownership, claim: OwnershipClaim): OwnershipLabel {
  const where = `chain ${claim.chainId}, address ${claim.address}`;
  // on chain, a recovery that fails gives the zero address: it owns nothing
  if (claim.address.toLowerCase() === ZeroAddress) throw invalidProof(where, 'nobody controls the zero address');
  if (ownership.kind === 'eip1271') return 'checked online';
  const form = /^0x([0-9a-f]{64})([0-9a-f]{64})(1b|1c)$/i.exec(ownership.signature);
  if (form === null) throw invalidProof(where, 'a signature must be 65 bytes: r, s, and a v of 27 or 28');
  if (BigInt(`0x${form[2]}`) > HALF_ORDER) {
    throw invalidProof(where, 'the signature has a high s, and only its other form, with a low one, is accepted');
  }
  const digest = ownershipDigest(ownership.kind, claim);
  if (recovered(digest, ownership.signature) !== getAddress(claim.address.toLowerCase())) {
    throw invalidProof(
      where,
      `the ${ownership.kind} signature is not this address's over this attestation (venue, account root, time) on this chain`,
    );
  }
  return 'signed';
}

function recovered(digest: string, signature: string): string | undefined {
  try {
    return recoverAddress(digest, Signature.from(signature));
  } catch {
    // r or s is no coordinate or scalar
    return undefined;
  }
}
