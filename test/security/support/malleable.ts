import { proofCalldata } from '../../../src/chain/proofCalldata.js';
import type { PointG1, PointG2, ProofPoints } from '../../../src/proof/marginProof.js';
import { curve } from '../../../src/setup/curve.js';
import type { VerificationKey } from '../../../src/setup/verificationKey.js';
import { inverse } from '../../support/field.js';
import { of2 } from './weakKeys.js';

const { G1, G2 } = curve;

/**
 * Another proof of the same signals, by who knows no witness: A / s, s (B + t delta), C + t A. With t = 0 it is the common
 * (A / s, s B, C); with any other no point is the same, as if the prover had proven anew. Points in the order of contracts.
 */
export function rerandomised(key: VerificationKey, submitted: ProofPoints, s: bigint, t: bigint): ProofPoints {
  const proof = proofCalldata(submitted);
  const a = G1.fromObject([...proof.a, 1n]);
  const b = G2.fromObject([...proof.b, [1n, 0n]]);
  const c = G1.fromObject([...proof.c, 1n]);
  const affine1 = (point: Uint8Array): PointG1 =>
    (G1.toObject(G1.toAffine(point)) as bigint[]).slice(0, 2) as unknown as PointG1;
  const affine2 = (point: Uint8Array): PointG2 =>
    (G2.toObject(G2.toAffine(point)) as bigint[][]).slice(0, 2) as unknown as PointG2;
  return proofCalldata({
    a: affine1(G1.timesScalar(a, inverse(s))),
    b: affine2(G2.timesScalar(G2.add(b, G2.timesScalar(of2(key, 'delta'), t)), s)),
    c: affine1(G1.add(c, G1.timesScalar(a, t))),
  });
}
