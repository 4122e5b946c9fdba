import { z } from 'zod';
import type { ProofPoints } from '../proof/marginProof.js';
import { circuitName, fieldElement, sha256Text } from './fields.js';
import { pointsFromFields, pointsToFields, proofPointsFields } from './proofPoints.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';

const MAX_SIGNALS = 64;

export const liabilitiesProofSchema = fileSchema('liabilities-proof', {
  circuit: circuitName,
  keyHash: sha256Text,
  publicSignals: z.array(fieldElement).max(MAX_SIGNALS, `must have at most ${MAX_SIGNALS} signals`),
  proof: proofPointsFields,
});

/** One proof of a book: of a batch, or of its closing. Signals are in the circuit's order. */
export interface LiabilitiesProof {
  /** name of the circuit instance */
  readonly circuit: string;
  /** which key the prover used; a verifier takes its key by the hash that they pinned, never by this one */
  readonly keyHash: string;
  readonly publicSignals: readonly bigint[];
  readonly proof: ProofPoints;
}

/** Reads `zk-solvency/liabilities-proof`. Errors: readFormat's. */
export function parseLiabilitiesProof(text: string, where: string): LiabilitiesProof {
  const file = readFormat(liabilitiesProofSchema, text, { name: 'liabilities-proof', where });
  return {
    circuit: file.circuit,
    keyHash: file.keyHash,
    publicSignals: file.publicSignals.map(BigInt),
    proof: pointsFromFields(file.proof),
  };
}

export const serializeLiabilitiesProof = ({ circuit, keyHash, publicSignals, proof }: LiabilitiesProof): string =>
  writeFormat('liabilities-proof', {
    circuit,
    keyHash,
    publicSignals: publicSignals.map(String),
    proof: pointsToFields(proof),
  } satisfies Omit<z.infer<typeof liabilitiesProofSchema>, 'format' | 'version'>);
