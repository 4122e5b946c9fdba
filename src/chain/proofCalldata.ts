import { SolvencyError } from '../errors.js';
import type { PointG1, PointG2, ProofPoints } from '../proof/marginProof.js';

/** A proof as the contracts take it: like ProofPoints, but with the imaginary part of each G2 coordinate first. */
export interface ProofCalldata {
  readonly a: PointG1;
  readonly b: PointG2;
  readonly c: PointG1;
}

const WORD = 1n << 256n;

/**
 * The arguments a, b, c of `verify`: the pairing precompile takes the two parts of G2 coordinates the other way round.
 * PROOF_INVALID where a coordinate is no number of 256 bits. One beyond the field order passes: a challenger has to show a
 * venue's bad proof as it is, and contracts refuse it.
 */
export const proofCalldata = ({ a, b, c }: ProofPoints): ProofCalldata => ({
  a: words(a),
  b: [swapped(b[0]), swapped(b[1])],
  c: words(c),
});

function swapped(coordinate: PointG1): PointG1 {
  const [real, imaginary] = words(coordinate);
  return [imaginary, real];
}

function words(coordinates: PointG1): PointG1 {
  if (coordinates.every((value) => typeof value === 'bigint' && value >= 0n && value < WORD)) return coordinates;
  throw new SolvencyError('PROOF_INVALID', 'The proof is not valid: a coordinate is no number of 256 bits.');
}
