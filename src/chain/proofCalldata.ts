import { canonical } from '../proof/groth16.js';
import type { PointG1, PointG2, ProofPoints } from '../proof/marginProof.js';

/** A proof as the contracts take it: like ProofPoints, but with the imaginary part of each G2 coordinate first. */
export interface ProofCalldata {
  readonly a: PointG1;
  readonly b: PointG2;
  readonly c: PointG1;
}

const swapped = (coordinate: PointG1): PointG1 => {
  const [real, imaginary] = canonical(coordinate);
  return [imaginary, real];
};

/**
 * The arguments a, b, c of `verify`: the pairing precompile takes the two parts of G2 coordinates the other way round.
 * PROOF_INVALID where a coordinate is not below the base field's order.
 */
export const proofCalldata = ({ a, b, c }: ProofPoints): ProofCalldata => ({
  a: canonical(a),
  b: [swapped(b[0]), swapped(b[1])],
  c: canonical(c),
});
