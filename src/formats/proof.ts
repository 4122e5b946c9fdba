import { z } from 'zod';
import type { PublicSignals } from '../margin/opening.js';
import { type MarginProof, SETUPS } from '../proof/marginProof.js';
import { PUBLIC_SIGNALS } from '../protocol/constants.js';
import { accountRootOpeningFields, openingFromFields, openingToFields } from './accountRootOpening.js';
import { circuitName, fieldElement, sha256Text } from './fields.js';
import { pointsFromFields, pointsToFields, proofPointsFields } from './proofPoints.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';

export const proofSchema = fileSchema('proof', {
  circuit: circuitName,
  keyHash: sha256Text,
  setup: z.enum(SETUPS, `must be one of ${SETUPS.join(', ')}`),
  publicSignals: z.strictObject(bySignal(() => fieldElement)),
  proof: proofPointsFields,
  accountRootOpening: accountRootOpeningFields,
});

/**
 * Reads `zk-solvency/proof`. Public signals are below the scalar field's order and coordinates below the base field's,
 * so nothing is reduced later; whether points lie on their curves is the verifier's part. Errors: readFormat's.
 */
export function parseProof(text: string, where: string): MarginProof {
  const file = readFormat(proofSchema, text, { name: 'proof', where });
  return {
    circuit: file.circuit,
    keyHash: file.keyHash,
    setup: file.setup,
    publicSignals: bySignal((signal) => BigInt(file.publicSignals[signal])),
    proof: pointsFromFields(file.proof),
    accountRootOpening: openingFromFields(file.accountRootOpening),
  };
}

export function serializeProof(proof: MarginProof): string {
  const fields: Omit<z.infer<typeof proofSchema>, 'format' | 'version'> = {
    circuit: proof.circuit,
    keyHash: proof.keyHash,
    setup: proof.setup,
    publicSignals: bySignal((signal) => proof.publicSignals[signal].toString()),
    proof: pointsToFields(proof.proof),
    accountRootOpening: openingToFields(proof.accountRootOpening),
  };
  return writeFormat('proof', fields);
}

/** An object with one value per public signal, in their order. */
function bySignal<Value>(value: (signal: keyof PublicSignals) => Value): Record<keyof PublicSignals, Value> {
  return Object.fromEntries(PUBLIC_SIGNALS.map((signal) => [signal, value(signal)])) as Record<
    keyof PublicSignals,
    Value
  >;
}
