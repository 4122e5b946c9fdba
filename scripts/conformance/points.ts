import { type ProofCalldata, proofCalldata } from '../../src/chain/proofCalldata.js';
import type { PointG1, ProofPoints } from '../../src/proof/marginProof.js';
import { curve } from '../../src/setup/curve.js';
import type { VerificationKey } from '../../src/setup/verificationKey.js';
import { proofArithmetic } from '../../test/support/bn254.js';

const arithmetic = await proofArithmetic();

const fromCalldata = ({ a, b, c }: ProofCalldata): ProofPoints => ({ a, b: proofCalldata({ a, b, c }).b, c });

/** (A / s, s B, C): another valid proof of the same signals. */
export const rerandomised = (proof: ProofPoints, s: bigint): ProofPoints =>
  fromCalldata(arithmetic.rerandomised(proofCalldata(proof), s));

/** B plus a point of small order, outside of the subgroup. */
export const outsideSubgroup = (proof: ProofPoints): ProofPoints =>
  fromCalldata(arithmetic.withSmallOrderPoint(proofCalldata(proof)));

/** A proof of any signals under a key whose delta is its gamma: A = alpha, B = beta, C = -(IC0 + sum of signals x IC). */
export function forgedUnder(key: VerificationKey, signals: readonly bigint[]): ProofPoints {
  const { G1 } = curve;
  const [constant, ...weights] = key.IC.map((point) => G1.fromObject(point.map(BigInt)));
  const inputs = weights.reduce(
    (sum, point, i) => G1.add(sum, G1.timesScalar(point, signals[i] as bigint)),
    constant as Uint8Array,
  );
  const pair = ([x, y]: readonly (string | bigint)[]): PointG1 => [BigInt(x as string), BigInt(y as string)];
  const [b0, b1] = key.vk_beta_2;
  return {
    a: pair(key.vk_alpha_1),
    b: [pair(b0 as readonly string[]), pair(b1 as readonly string[])],
    c: pair(G1.toObject(G1.toAffine(G1.neg(inputs))) as bigint[]),
  };
}
