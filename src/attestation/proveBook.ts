import { SolvencyError } from '../errors.js';
import type { LiabilitiesProof } from '../formats/liabilitiesProof.js';
import { batchInput, batchSignals, stateAfter } from '../liabilities/batchInput.js';
import { type BookParameters, bookParameters } from '../liabilities/bookParameters.js';
import { type ChainState, chainStateHash, FIRST_STATE } from '../liabilities/chainState.js';
import { statementHash } from '../liabilities/liabilitiesStatement.js';
import { liabilitiesTableHash } from '../liabilities/liabilitiesTable.js';
import { liabilitiesTable } from '../liabilities/tableChoice.js';
import { checkGroth16 } from '../proof/groth16.js';
import { startProverPool } from '../proof/proverPool.js';
import { LIABILITIES_SIGNALS } from '../protocol/constants.js';
import type { RiskTable } from '../risk/riskTable.js';
import type { AttestedTable } from './attestation.js';
import { type BookAccess, subtreeRoots, treeChildrenBefore } from './bookAccess.js';
import { type BookPlan, blindingAfter, classOf, plannedBatches } from './bookPlan.js';
import { batchProofPath, openProofs, readRecorded, record } from './bookProofs.js';
import { type CircuitKeys, circuitKeys } from './circuitKeys.js';
import { withFolderLock } from './folderLock.js';

/** How far a run is, counted in batches. */
export interface ProvingProgress {
  readonly total: number;
  /** with a proof that was verified, those of earlier runs included */
  readonly done: number;
  /** of them, those of this run */
  readonly proven: number;
  readonly perMinute: number;
  /** undefined before the first proof of this run */
  readonly secondsLeft: number | undefined;
}

/** What a batch took, for benchmarks. */
export interface BatchTimes {
  readonly batch: number;
  readonly circuit: string;
  readonly inputMs: number;
  readonly witnessMs: number;
  readonly proveMs: number;
}

export interface ProveBookOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ProvingProgress) => void;
  readonly onBatch?: (times: BatchTimes) => void;
}

/** A chain that is proven: the hash of the state after each batch, and the last state opened. */
export interface ProvenBook {
  readonly statesAfter: readonly bigint[];
  readonly last: ChainState;
}

/**
 * Proves every batch of a committed book into `<folder>/proofs/`, in parallel on this machine's cores. Each proof is
 * verified before it is recorded, and recorded whole or not at all; a run that was killed goes on where it ended: what is
 * recorded is verified again and kept, what is not valid is proven anew. Errors: those of loadArtifacts, bookParameters,
 * accountFigures; MISMATCH when the snapshot is not the one that the book was committed under; UNWRITABLE; CANCELLED.
 */
export async function proveBook(
  source: {
    readonly book: BookAccess;
    readonly plan: BookPlan;
    readonly table: RiskTable;
    readonly artifacts: string;
    readonly folder: string;
  },
  { signal, onProgress, onBatch }: ProveBookOptions = {},
): Promise<ProvenBook> {
  const { book, plan, folder } = source;
  if (source.table.riskRoot !== plan.claimed.riskRoot) {
    throw new SolvencyError('MISMATCH', 'The book was committed under another snapshot. Use that one.');
  }
  const pool = startProverPool();
  const cancel = () => pool.close();
  signal?.addEventListener('abort', cancel);
  try {
    await openProofs(folder);
    return await withFolderLock(folder, async () => {
      const parameters = bookParameters(source.table);
      const tables = await preparedTables(plan.tables, parameters, source.artifacts);
      const statement = statementHash(plan.claimed).hash;
      const batches = plannedBatches(plan);
      const meter = progressMeter(batches.length, onProgress);
      const running = new Set<Promise<void>>();
      const failures: unknown[] = [];
      const statesAfter: bigint[] = [];
      let state: ChainState = FIRST_STATE;

      for (const [batch, { table: tableIndex, firstIndex }] of batches.entries()) {
        if (signal?.aborted) throw new SolvencyError('CANCELLED', 'Proving was cancelled. Run it again to go on.');
        if (failures.length > 0) throw failures[0];
        const { shape, table, tableHash, accounts: size, keys } = tables[tableIndex] as PreparedTable;
        const started = performance.now();
        const common = {
          shape,
          parameters,
          table,
          claimed: plan.claimed,
          before: state,
          blindingAfter: blindingAfter(plan, batch),
          firstIndex,
          accounts: await book.accounts(firstIndex, size),
          treeChildren: await treeChildrenBefore(book, firstIndex, shape),
        };
        const after = stateAfter(common, await subtreeRoots(book, firstIndex, shape));
        const signals = [
          chainStateHash(state, statement),
          chainStateHash(after, statement),
          statement,
          tableHash,
          BigInt(firstIndex),
        ];
        statesAfter.push(signals[1] as bigint);
        state = after;
        const path = batchProofPath(batch);
        const recorded = await readRecorded(folder, path);
        if (recorded !== undefined && (await isProofOf(recorded, signals, keys))) {
          meter.kept();
          continue;
        }
        const { input } = batchInput(common);
        requireSignals(
          LIABILITIES_SIGNALS.batch.map((name) => input.signals[name]),
          signals,
        );
        const inputMs = performance.now() - started;
        const proving = (async () => {
          const { proof, witnessMs, proveMs } = await pool.prove(keys.paths, batchSignals(input));
          await checkGroth16(keys.verificationKey, proof, signals);
          await record(folder, path, { circuit: keys.circuit, keyHash: keys.keyHash, publicSignals: signals, proof });
          onBatch?.({ batch, circuit: keys.circuit, inputMs, witnessMs, proveMs });
          meter.proven();
        })();
        const settled: Promise<void> = proving
          .catch((error: unknown) => void failures.push(error))
          .finally(() => running.delete(settled));
        running.add(settled);
        // one batch is made ready while the others are proven
        if (running.size > pool.size) await Promise.race(running);
      }
      await Promise.all(running);
      if (failures.length > 0) throw failures[0];
      return { statesAfter, last: state };
    });
  } finally {
    signal?.removeEventListener('abort', cancel);
    pool.close();
  }
}

interface PreparedTable {
  readonly shape: ReturnType<typeof classOf>['shape'];
  readonly accounts: number;
  readonly table: ReturnType<typeof liabilitiesTable>;
  readonly tableHash: bigint;
  readonly keys: CircuitKeys;
}

async function preparedTables(
  attested: readonly AttestedTable[],
  parameters: BookParameters,
  artifacts: string,
): Promise<readonly PreparedTable[]> {
  const keys = new Map<string, CircuitKeys>();
  // one after the other: a large key takes hundreds of megabytes while it is checked
  for (const { circuit } of attested) {
    if (!keys.has(circuit)) keys.set(circuit, await circuitKeys(artifacts, circuit));
  }
  return attested.map((entry) => {
    const { shape, accounts } = classOf(entry);
    const table = liabilitiesTable(entry.choice, shape, parameters);
    const tableHash = liabilitiesTableHash(table);
    return { shape, accounts, table, tableHash, keys: keys.get(entry.circuit) as CircuitKeys };
  });
}

/** Whether a recorded proof is valid and says what this batch has to say. */
async function isProofOf(recorded: LiabilitiesProof, signals: readonly bigint[], keys: CircuitKeys): Promise<boolean> {
  const same =
    recorded.publicSignals.length === signals.length && signals.every((s, i) => s === recorded.publicSignals[i]);
  if (!same || recorded.keyHash !== keys.keyHash || recorded.circuit !== keys.circuit) return false;
  return checkGroth16(keys.verificationKey, recorded.proof, signals).then(
    () => true,
    () => false,
  );
}

function requireSignals(found: readonly bigint[], expected: readonly bigint[]): void {
  if (found.every((signal, i) => signal === expected[i])) return;
  throw new SolvencyError('MISMATCH', "The book's tree and its accounts do not agree: one of its files was changed.");
}

function progressMeter(total: number, report: ((progress: ProvingProgress) => void) | undefined) {
  const started = performance.now();
  let [done, proven] = [0, 0];
  const tell = () => {
    const minutes = (performance.now() - started) / 60_000;
    const perMinute = minutes > 0 ? proven / minutes : 0;
    const secondsLeft = proven === 0 ? undefined : ((total - done) / perMinute) * 60;
    report?.({ total, done, proven, perMinute, secondsLeft });
  };
  return {
    kept() {
      done += 1;
      tell();
    },
    proven() {
      done += 1;
      proven += 1;
      tell();
    },
  };
}
