import { accountRoot } from '../account/accountRoot.js';
import type { AccountPackage } from '../account/accountTree.js';
import { packageRoot } from '../account/accountTree.js';
import { ownerCommitment } from '../account/ownerCommitment.js';
import { SolvencyError } from '../errors.js';
import { evaluate } from '../margin/evaluate.js';
import { requireClaim } from '../margin/explain.js';
import { circuitInput, circuitNeeds } from '../margin/families.js';
import type { ProofRequest } from '../margin/opening.js';
import { requireField } from '../numbers/requireField.js';
import type { RiskTable } from '../risk/riskTable.js';
import type { Artifacts } from '../setup/artifacts.js';
import { type CircuitInstance, circuitByName, requireSlots } from '../setup/circuits.js';
import { checkGroth16 } from './groth16.js';
import { type MarginProof, type ProofPoints, signalList } from './marginProof.js';
import { type Prover, snarkjsProver } from './prover.js';
import { calculateWitness } from './witness.js';

/** The steps of a proof, in order, for a progress display. */
export type ProveStep = 'evaluate' | 'witness' | 'prove' | 'verify';

export interface ProveInput {
  readonly account: AccountPackage;
  readonly ownerSecret: bigint;
  readonly table: RiskTable;
  readonly request: ProofRequest;
  readonly artifacts: Artifacts;
}

export interface ProveOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: ProveStep) => void;
  readonly prover?: Prover;
  /** refuse a snapshot older than this many seconds (STALE_SNAPSHOT) */
  readonly maxAge?: number;
  /** seconds since 1970 that ages are counted from; the clock unless told */
  readonly now?: number;
}

/**
 * Proves that an account meets a claim. The reference model runs first and says why not (INSOLVENT, BELOW_FLOOR,
 * UNKNOWN_INSTRUMENT, OUT_OF_RANGE, NOT_REPRESENTABLE, DUPLICATE, TOO_MANY_POSITIONS, TOO_MANY_ASSETS, MISMATCH,
 * STALE_SNAPSHOT); the finished proof is verified before it is returned. The witness is overwritten once the prover is
 * done; the account and the secret are JavaScript numbers, which nothing can overwrite.
 */
export async function prove(input: ProveInput, options: ProveOptions = {}): Promise<MarginProof> {
  const { account, ownerSecret, table, request, artifacts } = input;
  const { signal, onProgress, prover = snarkjsProver } = options;
  const circuit = circuitByName(artifacts.circuit);

  onProgress?.('evaluate');
  requireFresh(table, options);
  requireFamily(circuit, table);
  requireField('ownerSecret', ownerSecret);
  requireField('scope', request.scope);
  requireField('context', request.context);
  const evaluation = evaluate(account.account, table);
  requireSlots(circuit, circuitNeeds(account.account, table));
  requireConsistent(account, ownerSecret, table);
  requireClaim(evaluation, request);

  onProgress?.('witness');
  const { publicSignals, signals } = circuitInput({ account, ownerSecret, table, request }, circuit.capacity);
  const witness = await calculateWitness(artifacts.wasm, signals);
  let proof: ProofPoints;
  try {
    onProgress?.('prove');
    proof = await prover.prove(artifacts.zkey, witness, signal);
  } finally {
    witness.fill(0);
  }

  onProgress?.('verify');
  await checkGroth16(artifacts.verificationKey, proof, signalList(publicSignals));
  return {
    circuit: artifacts.circuit,
    keyHash: artifacts.keyHash,
    setup: artifacts.setup,
    publicSignals,
    proof,
    accountRootOpening: account.root,
  };
}

function requireFresh({ snapshot }: RiskTable, { maxAge, now = Math.floor(Date.now() / 1000) }: ProveOptions): void {
  if (maxAge === undefined || now - snapshot.time <= maxAge) return;
  throw new SolvencyError('STALE_SNAPSHOT', `The snapshot is older than ${maxAge} seconds. Take a newer one.`, {
    details: { age: now - snapshot.time, maxAge },
  });
}

function requireFamily({ name, family }: CircuitInstance, { snapshot }: RiskTable): void {
  if (snapshot.model.family === family) return;
  throw new SolvencyError(
    'MISMATCH',
    `The circuit ${name} proves the model ${family}, and the snapshot is of the model ${snapshot.model.family}.`,
    { details: { circuit: name, family: snapshot.model.family } },
  );
}

function requireConsistent(account: AccountPackage, ownerSecret: bigint, table: RiskTable): void {
  if (ownerCommitment(ownerSecret) !== account.account.ownerCommitment) {
    throw new SolvencyError(
      'MISMATCH',
      'The identity is not the owner of this account. Use the one given to the venue.',
    );
  }
  if (!leadsToItsRoot(account)) {
    throw new SolvencyError('MISMATCH', 'The account package is damaged: its path does not lead to its account root.');
  }
  if (account.root.registryHash !== table.opening.registryHash) {
    throw new SolvencyError('MISMATCH', "The snapshot is made for another registry than the venue's account root.");
  }
}

/** A package that no parser has read may have a place beyond the tree, or none at all. */
function leadsToItsRoot(account: AccountPackage): boolean {
  try {
    return packageRoot(account) === accountRoot(account.root);
  } catch {
    return false;
  }
}
