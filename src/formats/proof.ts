import { z } from 'zod';
import type { PublicSignals } from '../margin/opening.js';
import { type MarginProof, type PointG1, SETUPS } from '../proof/marginProof.js';
import { PUBLIC_SIGNALS } from '../protocol/constants.js';
import { accountRootOpeningFields, openingFromFields, openingToFields } from './accountRootOpening.js';
import { circuitName, coordinate, fieldElement, sha256Text } from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';

const pointG1 = z.tuple([coordinate, coordinate]);

export const proofSchema = fileSchema('proof', {
  circuit: circuitName,
  keyHash: sha256Text,
  setup: z.enum(SETUPS, `must be one of ${SETUPS.join(', ')}`),
  publicSignals: z.strictObject(bySignal(() => fieldElement)),
  proof: z.strictObject({ a: pointG1, b: z.tuple([pointG1, pointG1]), c: pointG1 }),
  accountRootOpening: accountRootOpeningFields,
});

/**
 * Reads `zk-solvency/proof`. Public signals are below the scalar field's order and coordinates below the base field's,
 * so nothing is reduced later; whether points lie on their curves is the verifier's part. Errors: readFormat's.
 */
export function parseProof(text: string, where: string): MarginProof {
  const file = readFormat(proofSchema, text, { name: 'proof', where });
  const { a, b, c } = file.proof;
  return {
    circuit: file.circuit,
    keyHash: file.keyHash,
    setup: file.setup,
    publicSignals: bySignal((signal) => BigInt(file.publicSignals[signal])),
    proof: { a: pairOf(a), b: [pairOf(b[0]), pairOf(b[1])], c: pairOf(c) },
    accountRootOpening: openingFromFields(file.accountRootOpening),
  };
}

export function serializeProof(proof: MarginProof): string {
  const { a, b, c } = proof.proof;
  const fields: Omit<z.infer<typeof proofSchema>, 'format' | 'version'> = {
    circuit: proof.circuit,
    keyHash: proof.keyHash,
    setup: proof.setup,
    publicSignals: bySignal((signal) => proof.publicSignals[signal].toString()),
    proof: { a: textOf(a), b: [textOf(b[0]), textOf(b[1])], c: textOf(c) },
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

const pairOf = ([x, y]: readonly [string, string]): PointG1 => [BigInt(x), BigInt(y)];
const textOf = ([x, y]: PointG1): [string, string] => [x.toString(), y.toString()];
