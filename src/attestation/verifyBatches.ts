import { type LiabilitiesProof, parseLiabilitiesProof } from '../formats/liabilitiesProof.js';
import { chainStateHash, FIRST_STATE } from '../liabilities/chainState.js';
import { findInvalidProof, type SignedProof } from '../proof/groth16Batch.js';
import { ACCOUNT_TREE_DEPTH, LIABILITIES_SIGNALS, TREE_ARITY } from '../protocol/constants.js';
import type { Attestation, AttestedBatch } from './attestation.js';
import type { BundleReader } from './bundleReader.js';
import { type Reason, refusal, withReason } from './reasons.js';
import type { TrustedCircuit } from './verifyKeys.js';
import type { VerifiedTable } from './verifyTables.js';

/** Proofs of one circuit that are checked at once: a whole day's book has hundreds of thousands. */
const PROOFS_AT_ONCE = 256;

/** What a signal that is not the expected one shows, by the order of LIABILITIES_SIGNALS.batch. */
const SIGNAL_REASONS: readonly Reason[] = ['BATCH_CHAIN', 'BATCH_CHAIN', 'STATEMENT', 'BATCH_TABLE', 'BATCH_PLACE'];

interface WaitingProofs {
  readonly trusted: TrustedCircuit;
  readonly proofs: SignedProof[];
  readonly batches: number[];
}

/**
 * Goes through the chain of batches from its fixed first state and checks every proof. Returns the last state's hash.
 * Between two batches there may be places that no batch is about. They hold no account: the first state's tree is empty,
 * a batch changes its own places alone, and the closing proof shows that the tree after the last one is the committed one.
 */
export async function verifyBatches(
  bundle: BundleReader,
  attestation: Attestation,
  tables: readonly VerifiedTable[],
  onProgress: (done: number) => void,
): Promise<bigint> {
  requirePlaces(attestation, tables);
  const waiting = new Map<string, WaitingProofs>();
  let state = chainStateHash(FIRST_STATE, attestation.statement);
  let done = 0;
  const check = async ({ trusted, proofs, batches }: WaitingProofs): Promise<void> => {
    const invalid = await findInvalidProof(trusted.key, proofs);
    if (invalid !== undefined) {
      const batch = batches[invalid] as number;
      throw refusal('BATCH_PROOF', 'PROOF_INVALID', pathOf(attestation, batch), 'is no valid proof of its signals', {
        batch,
      });
    }
    done += proofs.splice(0).length;
    batches.splice(0);
    onProgress(done);
  };

  for (const [index, batch] of attestation.batches.entries()) {
    const table = tables[batch.table] as VerifiedTable;
    const proof = await readProof(bundle, batch, table);
    const expected = [state, batch.stateAfter, attestation.statement, table.tableHash, BigInt(batch.firstIndex)];
    requireSignals(proof, expected, batch.proof.path, index);

    const name = table.circuit.name;
    const group = waiting.get(name) ?? { trusted: table, proofs: [], batches: [] };
    waiting.set(name, group);
    group.proofs.push({ proof: proof.proof, signals: proof.publicSignals });
    group.batches.push(index);
    if (group.proofs.length === PROOFS_AT_ONCE) await check(group);
    state = batch.stateAfter;
  }
  for (const group of waiting.values()) await check(group);
  return state;
}

const pathOf = ({ batches }: Attestation, index: number): string => (batches[index] as AttestedBatch).proof.path;

/** Every batch stands behind the one ahead of it, where its circuit can begin, and on one side of the book. */
function requirePlaces({ batches, venueStart }: Attestation, tables: readonly VerifiedTable[]): void {
  let next = 0;
  for (const [batch, { table: index, firstIndex }] of batches.entries()) {
    const where = `batches[${batch}]`;
    const table = tables[index];
    if (table === undefined) {
      throw refusal('TABLE_INVALID', 'INVALID_INPUT', where, 'names a table that there is not', { batch });
    }
    const end = firstIndex + table.accounts;
    if (firstIndex % table.accounts !== 0 || end > TREE_ARITY ** ACCOUNT_TREE_DEPTH) {
      throw refusal('BATCH_ALIGNMENT', 'PROOF_INVALID', where, `cannot begin at ${firstIndex}`, { batch });
    }
    if (firstIndex < next) {
      throw refusal('BATCH_ORDER', 'PROOF_INVALID', where, `begins at ${firstIndex}, before ${next}`, { batch });
    }
    // the circuit puts a whole batch to the side of its first place
    if (firstIndex < venueStart && venueStart < end) {
      throw refusal('VENUE_BOUNDARY', 'PROOF_INVALID', where, "holds customers' and the venue's own accounts", {
        batch,
      });
    }
    next = end;
  }
}

async function readProof(
  bundle: BundleReader,
  { proof: file }: AttestedBatch,
  { circuit, keyHash }: VerifiedTable,
): Promise<LiabilitiesProof> {
  const text = await bundle.text(file);
  const proof = await withReason('BATCH_FILE', file.path, () => parseLiabilitiesProof(text, file.path));
  if (proof.circuit !== circuit.name || proof.keyHash !== keyHash) {
    throw refusal('BATCH_CIRCUIT', 'PROOF_INVALID', file.path, `was not made with ${circuit.name} and its key`);
  }
  return proof;
}

function requireSignals(
  { publicSignals }: LiabilitiesProof,
  expected: readonly bigint[],
  where: string,
  batch: number,
): void {
  if (publicSignals.length !== expected.length) {
    throw refusal('BATCH_SIGNALS', 'PROOF_INVALID', where, `has ${publicSignals.length} signals`, { batch });
  }
  const at = expected.findIndex((signal, i) => signal !== publicSignals[i]);
  if (at < 0) return;
  const signal = LIABILITIES_SIGNALS.batch[at] as string;
  throw refusal(SIGNAL_REASONS[at] as Reason, 'PROOF_INVALID', where, `has another ${signal} than it has to`, {
    batch,
    signal,
  });
}
