import { SolvencyError } from '../errors.js';
import { FIELD_ORDER } from '../protocol/constants.js';
import { BASE_FIELD_ORDER } from '../setup/bn254Field.js';
import { curve } from '../setup/curve.js';
import type { VerificationKey } from '../setup/verificationKey.js';
import { keyPoint1, keyPoint2 } from './keyPoints.js';
import type { PointG1, ProofPoints } from './marginProof.js';

/**
 * Checks a proof: PROOF_INVALID unless the pairing equation holds. Beyond the library's own verifier it refuses signals
 * and coordinates that are not canonical (the library reduces r + 3 to 3), and a B outside the subgroup of order r.
 */
export async function checkGroth16(
  key: VerificationKey,
  proof: ProofPoints,
  signals: readonly bigint[],
): Promise<void> {
  const { a, b, c } = readProof(key, proof, signals);
  const { G1 } = curve;
  const inputs = signals.reduce(
    (sum, signal, i) => G1.add(sum, G1.timesScalar(keyPoint1(key.IC[i + 1] as readonly string[]), signal)),
    keyPoint1(key.IC[0] as readonly string[]),
  );
  // e(A, B) = e(alpha, beta) e(inputs, gamma) e(C, delta)
  const holds = await curve.pairingEq(
    G1.neg(a),
    b,
    inputs,
    keyPoint2(key.vk_gamma_2),
    c,
    keyPoint2(key.vk_delta_2),
    keyPoint1(key.vk_alpha_1),
    keyPoint2(key.vk_beta_2),
  );
  if (!holds) throw invalid('the pairing equation does not hold');
}

/** The points of a proof for the curve module; PROOF_INVALID where they or the signals are not canonical and valid. */
export function readProof(key: VerificationKey, proof: ProofPoints, signals: readonly bigint[]) {
  if (signals.length + 1 !== key.IC.length) throw invalid('it has another number of public signals than the key');
  // a number, a string or a list would be converted like a bigint: one signal would have many forms
  if (signals.some((signal) => typeof signal !== 'bigint' || signal < 0n || signal >= FIELD_ORDER)) {
    throw invalid('a public signal is not below r');
  }
  const { G1, G2 } = curve;
  const a = G1.fromObject(affine(proof.a));
  const b = G2.fromObject([...proof.b.map(canonical), [1n, 0n]]);
  const c = G1.fromObject(affine(proof.c));
  // (0, 0) is the library's infinity, which it counts among the points of the curve; contracts refuse it
  if (G1.isZero(a) || G1.isZero(c) || G2.isZero(b)) throw invalid('a point is at infinity');
  if (!G1.isValid(a) || !G1.isValid(c) || !G2.isValid(b)) throw invalid('a point is not on its curve');
  if (!G2.isZero(G2.timesScalar(b, FIELD_ORDER))) throw invalid('B is outside the subgroup of order r');
  return { a, b, c };
}

const affine = (point: PointG1): readonly bigint[] => [...canonical(point), 1n];

/** PROOF_INVALID unless coordinates are bigints below the field order. */
function canonical<Coordinates extends readonly bigint[]>(coordinates: Coordinates): Coordinates {
  if (coordinates.every((value) => typeof value === 'bigint' && value >= 0n && value < BASE_FIELD_ORDER))
    return coordinates;
  throw invalid('a coordinate is not below the field order');
}

const invalid = (why: string) => new SolvencyError('PROOF_INVALID', `The proof is not valid: ${why}.`);
