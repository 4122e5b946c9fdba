import { createHash } from 'node:crypto';
import { getBytes, type Wallet } from 'ethers';
import { type Attestation, type BundleFile, MANIFEST_PATH } from '../../src/attestation/attestation.js';
import { batchProofPath, CLOSING_PROOF_PATH } from '../../src/attestation/bookProofs.js';
import { attestationId, serializeAttestation } from '../../src/formats/attestation.js';
import { type LiabilitiesProof, serializeLiabilitiesProof } from '../../src/formats/liabilitiesProof.js';
import { serializeReserveEvidence } from '../../src/formats/reserveEvidence.js';
import { serializeSnapshot } from '../../src/formats/snapshot.js';
import { serializeTotals } from '../../src/formats/totals.js';
import type { ReserveEvidence } from '../../src/reserves/evidence.js';
import { loadVerificationKey } from '../../src/setup/artifacts.js';
import { serializeVerificationKey, type VerificationKey } from '../../src/setup/verificationKey.js';
import { ARTIFACTS, CLOSING, type ClosedChain, type ProvenChain, TABLES, TOTALS_SALT, TOTALS_SHAPE } from './book.js';
import { registry, snapshot } from './market.js';
import { VENUE_KEY } from './reserves.js';

/** The contents of a readonly type, to be changed in a copy. */
export type Mutable<Type> =
  Type extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Mutable<Value>>
    : { -readonly [Key in keyof Type]: Mutable<Type[Key]> };

/** A bundle in the making: a manifest without hashes and signature, and the text of every other file. */
export interface Draft {
  readonly attestation: Mutable<Attestation>;
  readonly files: Map<string, string>;
}

/** A finished bundle: the text of every file by its path. */
export type BundleTexts = ReadonlyMap<string, string>;

const named = (path: string): BundleFile => ({ path, sha256: '0'.repeat(64) });
export const SNAPSHOT_PATH = 'snapshot.json';
export const TOTALS_PATH = 'totals.json';
export const EVIDENCE_PATH = 'evidence.json';
export const keyPath = (circuit: string): string => `keys/${circuit}.json`;

/** The keys that the corpus is proven with. */
export async function corpusKeys(): Promise<
  ReadonlyMap<string, { readonly key: VerificationKey; readonly hash: string }>
> {
  const keys = new Map<string, { key: VerificationKey; hash: string }>();
  for (const circuit of [...TABLES.map(({ circuit }) => circuit), ...Object.values(CLOSING)]) {
    const { verificationKey, keyHash } = await loadVerificationKey(ARTIFACTS, circuit);
    keys.set(circuit, { key: verificationKey, hash: keyHash });
  }
  return keys;
}

/** A bundle as the venue would make it: `closed` is the proof of an opened claim, or all of a covered one. */
export async function draftOf(
  chain: ProvenChain,
  closed: LiabilitiesProof | ClosedChain,
  evidence: ReserveEvidence,
): Promise<Draft> {
  const covering = 'covered' in closed ? closed : undefined;
  const closing = 'covered' in closed ? closed.proof : closed;
  const keys = await corpusKeys();
  const circuits = [...TABLES.map(({ circuit }) => circuit), closing.circuit];
  const files = new Map([
    [SNAPSHOT_PATH, serializeSnapshot(snapshot)],
    [EVIDENCE_PATH, serializeReserveEvidence(evidence)],
    [CLOSING_PROOF_PATH, serializeLiabilitiesProof(closing)],
    ...chain.batches.map(({ proof }, i): [string, string] => [batchProofPath(i), serializeLiabilitiesProof(proof)]),
    ...circuits.map((circuit): [string, string] => [
      keyPath(circuit),
      serializeVerificationKey(keys.get(circuit)?.key as VerificationKey),
    ]),
  ]);
  if (covering === undefined) {
    files.set(TOTALS_PATH, serializeTotals({ salt: TOTALS_SALT, shape: TOTALS_SHAPE, totals: chain.totals }, registry));
  }
  const attestation: Attestation = {
    software: 'zk-solvency conformance',
    venue: registry.venue,
    claim: covering === undefined ? 'opened' : covering.loans === null ? 'covered' : 'covered with loans',
    accountRoot: chain.claimed.accountRoot,
    accountRootOpening: chain.root,
    riskRoot: chain.claimed.riskRoot,
    statement: chain.statement,
    venueStart: chain.venueStart,
    accounts: Number(chain.totals.customers.accounts),
    tables: TABLES,
    batches: chain.batches.map(({ table, firstIndex, stateAfter }, i) => ({
      table,
      firstIndex,
      stateAfter,
      proof: named(batchProofPath(i)),
    })),
    closing: { circuit: closing.circuit, proof: named(CLOSING_PROOF_PATH) },
    verificationKeys: circuits.map((circuit) => ({
      circuit,
      keyHash: keys.get(circuit)?.hash as string,
      file: named(keyPath(circuit)),
    })),
    snapshot: named(SNAPSHOT_PATH),
    evidence: named(EVIDENCE_PATH),
    totals: covering === undefined ? named(TOTALS_PATH) : null,
    loans: covering?.loans ?? null,
    covered: covering?.covered ?? null,
    signature: `0x${'0'.repeat(130)}`,
  };
  return { attestation: attestation as Mutable<Attestation>, files };
}

/** A copy to forge. */
export const copyOf = (draft: Draft): Draft => structuredClone(draft);

/** Hashes every file anew and signs: what a venue can always do. */
export async function seal({ attestation, files }: Draft, key: Wallet = VENUE_KEY): Promise<BundleTexts> {
  const hashed = (file: BundleFile): BundleFile => {
    const text = files.get(file.path);
    return text === undefined ? file : { path: file.path, sha256: createHash('sha256').update(text).digest('hex') };
  };
  const complete: Attestation = {
    ...attestation,
    batches: attestation.batches.map((batch) => ({ ...batch, proof: hashed(batch.proof) })),
    closing: { ...attestation.closing, proof: hashed(attestation.closing.proof) },
    verificationKeys: attestation.verificationKeys.map((entry) => ({ ...entry, file: hashed(entry.file) })),
    snapshot: hashed(attestation.snapshot),
    evidence: hashed(attestation.evidence),
    totals: attestation.totals === null ? null : hashed(attestation.totals),
  };
  const signature = await key.signMessage(getBytes(attestationId(complete)));
  return new Map([...files, [MANIFEST_PATH, serializeAttestation({ ...complete, signature })]]);
}
