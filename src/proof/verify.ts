import { accountRoot } from '../account/accountRoot.js';
import { SolvencyError } from '../errors.js';
import { buildRiskTable, type RiskTable } from '../risk/riskTable.js';
import { assertUsableKey, keyHash, type VerificationKey } from '../setup/verificationKey.js';
import { deriveSnapshot } from '../snapshot/derive.js';
import { type Derivation, isDerivedClaim } from '../snapshot/derived/claim.js';
import { checkGroth16 } from './groth16.js';
import { type MarginProof, signalList } from './marginProof.js';

/** What a verifier demands of a proof; a valid proof that does not meet it fails. */
export interface Expectations {
  /** the account root that the verifier trusts */
  readonly accountRoot: bigint;
  /** the snapshot that the verifier trusts: its root is recomputed from it, never taken from the prover */
  readonly table: RiskTable;
  /** what to derive from it, in order, when the proof shall show another claim than its own; nothing unless told */
  readonly derivations?: readonly Derivation[];
  /** the lowest margin ratio to accept, in basis points */
  readonly minimumThresholdBps: bigint;
  /** the lowest equity floor to accept, in 1e-16 quote units */
  readonly minimumEquityFloor: bigint;
  readonly scope: bigint;
  readonly context: bigint;
  /** neither the accounts nor the snapshot may be older than this many seconds */
  readonly maxAge?: number;
  /** seconds since 1970 that ages are counted from; the clock unless told */
  readonly now?: number;
  /** hash of the verification key that the verifier trusts */
  readonly keyHash: string;
}

/**
 * Checks a proof against a verifier's expectations and the pairing equation. Throws EXPECTATION_NOT_MET naming the
 * expectation, INSECURE_KEY, or PROOF_INVALID, and what provenTable throws; returns what was shown.
 */
export async function verify(
  proof: MarginProof,
  key: VerificationKey,
  expected: Expectations,
): Promise<{
  readonly claim: string;
  /** of the snapshot that the proof was made under */
  readonly riskRoot: bigint;
  readonly thresholdBps: bigint;
  readonly equityFloor: bigint;
  readonly nullifier: bigint;
}> {
  const { publicSignals: signals } = proof;
  const { now = Math.floor(Date.now() / 1000), maxAge } = expected;
  const table = provenTable(expected);

  demand(keyHash(key) === expected.keyHash, 'keyHash', 'the verification key is not the one you trust');
  // a trusted hash says which key it is, and not that it is a sound one
  assertUsableKey(key);
  demand(proof.keyHash === expected.keyHash, 'keyHash', 'the proof was made for another key');
  demand(signals.accountRoot === expected.accountRoot, 'accountRoot', 'the proof is about another account root');
  demand(signals.riskRoot === table.riskRoot, 'snapshot', 'the proof was made under another snapshot or derivation');
  demand(signals.thresholdBps >= expected.minimumThresholdBps, 'threshold', 'the proven margin ratio is too low');
  demand(signals.equityFloor >= expected.minimumEquityFloor, 'floor', 'the proven equity floor is too low');
  demand(signals.scope === expected.scope, 'scope', 'the proof was made for another scope');
  demand(signals.context === expected.context, 'context', 'the proof is bound to another context');
  if (maxAge !== undefined) {
    // the opening is only facts of the venue, and worth nothing unless it hashes to the trusted root
    demand(
      accountRoot(proof.accountRootOpening) === expected.accountRoot,
      'accountRoot',
      'its opening is of another root',
    );
    for (const [what, time] of [
      ['the account root', Number(proof.accountRootOpening.time)],
      ['the snapshot', table.snapshot.time],
    ] as const) {
      demand(time <= now, 'maxAge', `${what} lies in the future`);
      demand(now - time <= maxAge, 'maxAge', `${what} is older than ${maxAge} seconds`);
    }
  }
  await checkGroth16(key, proof.proof, signalList(signals));
  return {
    claim: table.snapshot.model.claim,
    riskRoot: table.riskRoot,
    thresholdBps: signals.thresholdBps,
    equityFloor: signals.equityFloor,
    nullifier: signals.nullifier,
  };
}

/**
 * The table that a proof must be made under. A derived snapshot is refused as the one to begin with (INVALID_INPUT): who
 * checked that it follows from the venue's parameters? A prover's would bring its own rates under a fair name. Otherwise
 * throws what deriveSnapshot throws.
 */
function provenTable({ table, derivations = [] }: Pick<Expectations, 'table' | 'derivations'>): RiskTable {
  const { claim } = table.snapshot.model;
  if (isDerivedClaim(claim)) {
    throw new SolvencyError(
      'INVALID_INPUT',
      `The snapshot's claim "${claim}" says that it was derived from another. Give the base snapshot that you trust, and the derivation: the rest is computed here.`,
      { details: { claim } },
    );
  }
  return derivations.length === 0 ? table : buildRiskTable(derivations.reduce(deriveSnapshot, table.snapshot));
}

function demand(met: boolean, expectation: string, why: string): void {
  if (met) return;
  throw new SolvencyError('EXPECTATION_NOT_MET', `The proof does not meet the expectation "${expectation}": ${why}.`, {
    details: { expectation },
  });
}
