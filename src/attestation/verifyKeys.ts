import type { Policy } from '../reserves/policy.js';
import { type CircuitInstance, circuitByName, type SignalKind } from '../setup/circuits.js';
import { keyHash, parseVerificationKey, type VerificationKey } from '../setup/verificationKey.js';
import type { Attestation } from './attestation.js';
import type { BundleReader } from './bundleReader.js';
import { refusal, withReason } from './reasons.js';

/** A circuit that proofs of the bundle are made with, and the key that the verifier trusts for it. */
export interface TrustedCircuit {
  readonly circuit: CircuitInstance;
  readonly key: VerificationKey;
  readonly keyHash: string;
}

/**
 * The keys of all circuits that the attestation names. They come from the bundle, but only when the policy pins their
 * hash for that circuit: a key of the venue's choice proves anything. Reasons: CIRCUIT_UNKNOWN, CLOSING_CIRCUIT,
 * KEY_MISSING, KEY_INVALID, KEY_INSECURE, KEY_NOT_PINNED.
 */
export async function verifyKeys(
  bundle: BundleReader,
  attestation: Attestation,
  policy: Policy,
): Promise<ReadonlyMap<string, TrustedCircuit>> {
  const closingKind = attestation.claim === 'opened' ? 'liabilitiesOpening' : 'liabilitiesCoverage';
  const circuits = new Map<string, CircuitInstance>();
  for (const [index, { circuit }] of attestation.tables.entries()) {
    circuits.set(circuit, await circuitOf(circuit, 'liabilitiesBatch', `tables[${index}]`));
  }
  const { circuit: closing } = attestation.closing;
  circuits.set(closing, await circuitOf(closing, closingKind, 'closing'));

  const trusted = new Map<string, TrustedCircuit>();
  for (const [name, circuit] of circuits) {
    const [named, second] = attestation.verificationKeys.filter((entry) => entry.circuit === name);
    if (named === undefined || second !== undefined) {
      const count = named === undefined ? 'no' : 'more than one';
      throw refusal('KEY_MISSING', 'INVALID_INPUT', `verificationKeys`, `holds ${count} key of ${name}`);
    }
    const { path } = named.file;
    const text = await bundle.text(named.file);
    const key = await withReason(
      ({ code }) => (code === 'INSECURE_KEY' ? 'KEY_INSECURE' : 'KEY_INVALID'),
      path,
      () => parseVerificationKey(text, path),
    );
    if (key.nPublic !== circuit.publicSignals.length) {
      throw refusal(
        'KEY_INVALID',
        'INVALID_INPUT',
        path,
        `is not for the ${circuit.publicSignals.length} signals of ${name}`,
      );
    }
    const hash = keyHash(key);
    if (hash !== named.keyHash || hash !== policy.verificationKeys.get(name)) {
      throw refusal(
        'KEY_NOT_PINNED',
        'EXPECTATION_NOT_MET',
        path,
        `has the hash ${hash}, which is not the one that manifest and policy name for ${name}`,
      );
    }
    trusted.set(name, { circuit, key, keyHash: hash });
  }
  return trusted;
}

async function circuitOf(name: string, kind: SignalKind, where: string): Promise<CircuitInstance> {
  const circuit = await withReason('CIRCUIT_UNKNOWN', where, () => circuitByName(name));
  if (circuit.signalKind === kind) return circuit;
  const reason = where === 'closing' ? 'CLOSING_CIRCUIT' : 'CIRCUIT_UNKNOWN';
  throw refusal(reason, 'INVALID_INPUT', where, `names ${name}, which is not a circuit for that`);
}
