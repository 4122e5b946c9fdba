import { randomBytes } from 'node:crypto';
import { FIELD_ORDER } from '../protocol/constants.js';
import { curve } from '../setup/curve.js';
import { assertUsableKey, type VerificationKey } from '../setup/verificationKey.js';
import { checkGroth16, readProof } from './groth16.js';
import { keyPoint1, keyPoint2 } from './keyPoints.js';
import type { ProofPoints } from './marginProof.js';

/** A proof with its public signals in the order of its circuit. */
export interface SignedProof {
  readonly proof: ProofPoints;
  readonly signals: readonly bigint[];
}

/** Bits of the random factors: a batch with a false proof in it passes with a chance of 2^-128. */
const FACTOR_BYTES = 16;

/**
 * Checks proofs of one circuit at once, with n + 3 pairings in place of 4n: the sum of all pairing equations, each times
 * a random factor. Returns the index of the first proof that is not valid, or undefined: when the sum fails, proofs are
 * looked at one by one to name it. INSECURE_KEY for a key under which proofs of false statements are known to exist.
 */
export async function findInvalidProof(
  key: VerificationKey,
  proofs: readonly SignedProof[],
): Promise<number | undefined> {
  assertUsableKey(key);
  if (proofs.length === 0) return undefined;
  if (await allValid(key, proofs)) return undefined;
  for (const [index, { proof, signals }] of proofs.entries()) {
    const valid = await checkGroth16(key, proof, signals).then(
      () => true,
      () => false,
    );
    if (!valid) return index;
  }
  return undefined;
}

async function allValid(key: VerificationKey, proofs: readonly SignedProof[]): Promise<boolean> {
  const { G1 } = curve;
  const constants = key.IC.map(keyPoint1);
  const inputs = Array<bigint>(constants.length).fill(0n);
  const pairs: Uint8Array[] = [];
  let sumOfC = G1.zero;
  let sumOfFactors = 0n;
  for (const { proof, signals } of proofs) {
    let points: ReturnType<typeof readProof>;
    try {
      points = readProof(key, proof, signals);
    } catch {
      return false;
    }
    const factor = (BigInt(`0x${randomBytes(FACTOR_BYTES).toString('hex')}`) % (FIELD_ORDER - 1n)) + 1n;
    sumOfFactors += factor;
    inputs[0] = sumOfFactors;
    signals.forEach((signal, i) => {
      inputs[i + 1] = ((inputs[i + 1] as bigint) + factor * signal) % FIELD_ORDER;
    });
    sumOfC = G1.add(sumOfC, G1.timesScalar(points.c, factor));
    pairs.push(G1.neg(G1.timesScalar(points.a, factor)), points.b);
  }
  const sumOfInputs = constants.reduce(
    (sum, point, i) => G1.add(sum, G1.timesScalar(point, (inputs[i] as bigint) % FIELD_ORDER)),
    G1.zero,
  );
  return curve.pairingEq(
    ...pairs,
    G1.timesScalar(keyPoint1(key.vk_alpha_1), sumOfFactors % FIELD_ORDER),
    keyPoint2(key.vk_beta_2),
    sumOfInputs,
    keyPoint2(key.vk_gamma_2),
    sumOfC,
    keyPoint2(key.vk_delta_2),
  );
}
