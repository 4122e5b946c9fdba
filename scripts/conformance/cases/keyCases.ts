import { CLOSING_PROOF_PATH } from '../../../src/attestation/bookProofs.js';
import { keyHash, serializeVerificationKey, type VerificationKey } from '../../../src/setup/verificationKey.js';
import { CLOSING } from '../book.js';
import { corpusKeys, type Draft, keyPath } from '../draft.js';
import { forgedUnder } from '../points.js';
import { type BundleSpec, editJson, editProof, forgery, type Workshop } from '../workshop.js';

/** Verification keys and circuits. */
export async function keyCases(workshop: Workshop): Promise<readonly BundleSpec[]> {
  const keys = await corpusKeys();
  const keyOf = (circuit: string): VerificationKey => keys.get(circuit)?.key as VerificationKey;
  const put = ({ attestation, files }: Draft, circuit: string, key: VerificationKey, stated = keyHash(key)): void => {
    files.set(keyPath(circuit), serializeVerificationKey(key));
    for (const entry of attestation.verificationKeys) if (entry.circuit === circuit) entry.keyHash = stated;
  };
  const SMALL = 'liabilities-4x4';
  const own = keyOf(SMALL);
  const other: VerificationKey = { ...own, vk_alpha_1: own.IC[0] as VerificationKey['vk_alpha_1'] };
  return Promise.all([
    forgery(
      workshop,
      [
        'key-gamma-is-delta',
        'KEY_INSECURE',
        'A key without a contribution, and a closing proof for totals of the forger’s choice made from the key alone',
      ],
      (draft) => {
        const key = keyOf(CLOSING.opening);
        const weak = { ...key, vk_delta_2: key.vk_gamma_2 };
        put(draft, CLOSING.opening, weak);
        editProof(draft, CLOSING_PROOF_PATH, (proof) => {
          proof.publicSignals[9] = 1n;
          proof.proof = forgedUnder(weak, proof.publicSignals);
          proof.keyHash = keyHash(weak);
        });
      },
    ),
    forgery(
      workshop,
      ['key-point-off-curve', 'KEY_INSECURE', 'A point of the key is not on the curve'],
      ({ files }) => {
        editJson(files, keyPath(SMALL), (key) => {
          key.vk_alpha_1[1] = '7';
        });
      },
    ),
    forgery(workshop, ['key-of-the-venue', 'KEY_NOT_PINNED', 'A sound key, of the venue’s own setup'], (draft) =>
      put(draft, SMALL, other),
    ),
    forgery(
      workshop,
      ['key-under-a-pinned-hash', 'KEY_NOT_PINNED', 'A key of the venue’s own under the hash of the pinned one'],
      (draft) => put(draft, SMALL, other, keyHash(own)),
    ),
    forgery(
      workshop,
      ['key-of-another-circuit', 'KEY_NOT_PINNED', 'A key that is pinned, for another circuit with as many signals'],
      (draft) => put(draft, SMALL, keyOf('liabilities-16x1')),
    ),
    forgery(workshop, ['key-for-other-signals', 'KEY_INVALID', 'The key of the closing circuit for a batch'], (draft) =>
      put(draft, SMALL, keyOf(CLOSING.opening)),
    ),
    forgery(
      workshop,
      ['key-not-a-key', 'KEY_INVALID', 'A key with a coordinate that is not below the order of the base field'],
      ({ files }) => {
        editJson(files, keyPath(SMALL), (key) => {
          key.IC[0][0] = '9'.repeat(77);
        });
      },
    ),
    forgery(workshop, ['key-left-out', 'KEY_MISSING', 'No key for one of the circuits'], ({ attestation }) => {
      attestation.verificationKeys = attestation.verificationKeys.slice(1);
    }),
    forgery(workshop, ['key-twice', 'KEY_MISSING', 'Two keys for one circuit'], ({ attestation }) => {
      const [first] = attestation.verificationKeys;
      if (first !== undefined) attestation.verificationKeys = [...attestation.verificationKeys, first];
    }),
    forgery(workshop, ['circuit-unknown', 'CIRCUIT_UNKNOWN', 'A circuit that there is not'], ({ attestation }) => {
      for (const table of attestation.tables) table.circuit = table.circuit.replace('4x4', '4x5');
    }),
    forgery(
      workshop,
      ['circuit-of-margin-proofs', 'CIRCUIT_UNKNOWN', 'A circuit that proves something else'],
      ({ attestation }) => {
        for (const table of attestation.tables) table.circuit = 'tiered-8';
      },
    ),
    forgery(
      workshop,
      [
        'closing-circuit-of-another-claim',
        'CLOSING_CIRCUIT',
        'An opened claim closed with the circuit of covered ones',
      ],
      ({ attestation }) => {
        attestation.closing.circuit = CLOSING.coverage;
      },
    ),
  ]);
}
