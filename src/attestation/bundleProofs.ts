import { attestationId, parseAttestation } from '../formats/attestation.js';
import { parseLiabilitiesProof } from '../formats/liabilitiesProof.js';
import { chainStateHash, FIRST_STATE } from '../liabilities/chainState.js';
import type { ProofPoints } from '../proof/marginProof.js';
import { type Attestation, type BundleFile, MANIFEST_PATH } from './attestation.js';
import { type BundleReader, openBundle } from './bundleReader.js';
import { type Reason, refusal, withReason } from './reasons.js';

/** A proof of a bundle as a contract takes it. */
export interface BundleProof {
  /** name of the circuit instance */
  readonly circuit: string;
  readonly proof: ProofPoints;
  /** in the circuit's order */
  readonly signals: readonly bigint[];
}

/** What a chain of proofs is about. */
export interface BundleHeader {
  readonly accountRoot: bigint;
  readonly riskRoot: bigint;
  /** hash of the liabilities statement */
  readonly statement: bigint;
  /** hash of the state in which nothing was counted yet, under the statement */
  readonly firstState: bigint;
  /** hash of the state after the last batch */
  readonly lastState: bigint;
  /** batches */
  readonly count: number;
  /** the attestation's id, 0x and 64 hexadecimal digits */
  readonly bundleHash: string;
}

/** The proofs of a bundle in the order of its chain. */
export interface BundleProofs {
  readonly header: BundleHeader;
  /** Reads one batch after the other, from the first each time: a whole day's book has hundreds of thousands. */
  batches(): AsyncGenerator<BundleProof>;
  readonly closing: BundleProof;
}

/**
 * Lists the proofs of a bundle for a contract. Every file is checked against its hash in the manifest, and every proof
 * against the circuit and key that the manifest names for it. Whether proofs are valid and their signals fit together is
 * not: a venue verifies its bundle first, with verifyBundle, and a challenger wants the false ones too. The proof of the
 * start is made by proveStart, since a bundle has none. Reasons: MANIFEST_INVALID, FILE_*, BATCH_FILE, BATCH_CIRCUIT,
 * TABLE_INVALID, CLOSING_FILE.
 */
export async function bundleProofs(folder: string): Promise<BundleProofs> {
  const bundle = await openBundle(folder);
  const text = await bundle.manifest();
  const attestation = await withReason('MANIFEST_INVALID', MANIFEST_PATH, () => parseAttestation(text, MANIFEST_PATH));
  return {
    header: headerOf(attestation),
    batches: () => batchesOf(bundle, attestation),
    closing: await readProof(bundle, attestation, {
      file: attestation.closing.proof,
      circuit: attestation.closing.circuit,
      malformed: 'CLOSING_FILE',
      another: 'CLOSING_FILE',
    }),
  };
}

function headerOf(attestation: Attestation): BundleHeader {
  const { accountRoot, riskRoot, statement, batches } = attestation;
  const firstState = chainStateHash(FIRST_STATE, statement);
  return {
    accountRoot,
    riskRoot,
    statement,
    firstState,
    lastState: batches.at(-1)?.stateAfter ?? firstState,
    count: batches.length,
    bundleHash: attestationId(attestation),
  };
}

async function* batchesOf(bundle: BundleReader, attestation: Attestation): AsyncGenerator<BundleProof> {
  for (const [batch, { table: index, proof: file }] of attestation.batches.entries()) {
    const table = attestation.tables[index];
    if (table === undefined) {
      throw refusal('TABLE_INVALID', 'INVALID_INPUT', `batches[${batch}]`, 'names a table that there is not', {
        batch,
      });
    }
    yield await readProof(bundle, attestation, {
      file,
      circuit: table.circuit,
      malformed: 'BATCH_FILE',
      another: 'BATCH_CIRCUIT',
    });
  }
}

/** The circuit decides which verifier a contract asks: the file's own word is not taken for it. */
async function readProof(
  bundle: BundleReader,
  { verificationKeys }: Attestation,
  named: {
    readonly file: BundleFile;
    readonly circuit: string;
    readonly malformed: Reason;
    readonly another: Reason;
  },
): Promise<BundleProof> {
  const { file, circuit } = named;
  const text = await bundle.text(file);
  const found = await withReason(named.malformed, file.path, () => parseLiabilitiesProof(text, file.path));
  const key = verificationKeys.find((entry) => entry.circuit === circuit);
  if (found.circuit !== circuit || found.keyHash !== key?.keyHash) {
    throw refusal(named.another, 'PROOF_INVALID', file.path, `was not made with ${circuit} and its key`);
  }
  return { circuit, proof: found.proof, signals: found.publicSignals };
}
