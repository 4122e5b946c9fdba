import { z } from 'zod';
import type { PointG1, ProofPoints } from '../proof/marginProof.js';
import { coordinate } from './fields.js';

const pointG1 = z.tuple([coordinate, coordinate]);

/** The three points of a Groth16 proof, as they stand inside other files. */
export const proofPointsFields = z.strictObject({ a: pointG1, b: z.tuple([pointG1, pointG1]), c: pointG1 });

export const pointsFromFields = ({ a, b, c }: z.infer<typeof proofPointsFields>): ProofPoints => ({
  a: pairOf(a),
  b: [pairOf(b[0]), pairOf(b[1])],
  c: pairOf(c),
});

export const pointsToFields = ({ a, b, c }: ProofPoints): z.infer<typeof proofPointsFields> => ({
  a: textOf(a),
  b: [textOf(b[0]), textOf(b[1])],
  c: textOf(c),
});

const pairOf = ([x, y]: readonly [string, string]): PointG1 => [BigInt(x), BigInt(y)];
const textOf = ([x, y]: PointG1): [string, string] => [x.toString(), y.toString()];
