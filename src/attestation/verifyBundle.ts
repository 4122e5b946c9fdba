import { attestationId, parseAttestation } from '../formats/attestation.js';
import type { BookTotals } from '../liabilities/bookTotals.js';
import type { CheckedReserves } from '../reserves/checkReserves.js';
import type { ReserveComparison } from '../reserves/compareReserves.js';
import type { Policy } from '../reserves/policy.js';
import type { Registry } from '../snapshot/registry.js';
import { type Attestation, MANIFEST_PATH } from './attestation.js';
import { openBundle } from './bundleReader.js';
import { withReason } from './reasons.js';
import { requireClaimParts } from './requireClaimParts.js';
import { verifyBatches } from './verifyBatches.js';
import { verifyCovered } from './verifyCovered.js';
import { type TrustedCircuit, verifyKeys } from './verifyKeys.js';
import { verifyOpened } from './verifyOpened.js';
import { verifyReserves } from './verifyReserves.js';
import { verifySnapshot } from './verifySnapshot.js';
import { verifyTables } from './verifyTables.js';
import { verifyVenue } from './verifyVenue.js';

/** Everything that a bundle is checked against comes from the caller, and nothing of it from the bundle. */
export interface VerifyInput {
  readonly folder: string;
  readonly policy: Policy;
  /** the caller's own block hash for each chain id */
  readonly blockHashes: ReadonlyMap<number, string>;
  /** seconds since 1970; the clock unless told */
  readonly now?: number;
  /** whether contract wallets count, whose ownership was checked online; they do not unless told */
  readonly countCheckedOnline?: boolean;
}

export interface VerifyProgress {
  /** batches whose proofs were checked */
  readonly done: number;
  readonly total: number;
}

/** How reserves stand to what customers are owed, in each asset and in value. */
export type Verdict = 'covered' | 'covered with loans' | 'not covered';

/** What a bundle shows, all of it checked. Values in 1e-16 quote, times in seconds since 1970. */
export interface VerifiedAttestation {
  readonly id: string;
  readonly attestation: Attestation;
  readonly registry: Registry;
  /** what the snapshot's requirement is: the margin that standing means */
  readonly riskClaim: string;
  readonly snapshotTime: number;
  readonly time: number;
  readonly age: number;
  /** opened: all of them; covered: none */
  readonly totals: BookTotals | null;
  readonly reserves: CheckedReserves;
  /** with the totals; of a covered claim with what it was proven against */
  readonly comparison: ReserveComparison;
  readonly verdict: Verdict;
  readonly keys: readonly { readonly circuit: string; readonly keyHash: string }[];
}

/**
 * Replays an attestation from the files of its bundle. Every failure is a SolvencyError with `details.reason`, see
 * REASONS. An opened attestation whose reserves do not cover its totals is no failure: the verdict says so.
 */
export async function verifyBundle(
  { folder, policy, blockHashes, now = Math.floor(Date.now() / 1000), countCheckedOnline = false }: VerifyInput,
  { onProgress }: { readonly onProgress?: (progress: VerifyProgress) => void } = {},
): Promise<VerifiedAttestation> {
  const bundle = await openBundle(folder);
  const text = await bundle.manifest();
  const attestation = await withReason('MANIFEST_INVALID', MANIFEST_PATH, () => parseAttestation(text, MANIFEST_PATH));
  requireClaimParts(attestation);
  verifyVenue(attestation, policy);
  const circuits = await verifyKeys(bundle, attestation, policy);
  const snapshot = await verifySnapshot(bundle, attestation, policy, now);
  const tables = await verifyTables(attestation, circuits, snapshot.parameters);
  const total = attestation.batches.length;
  const lastState = await verifyBatches(bundle, attestation, tables, (done) => onProgress?.({ done, total }));

  const end = { circuit: circuits.get(attestation.closing.circuit) as TrustedCircuit, snapshot, lastState };
  const totals = attestation.claim === 'opened' ? await verifyOpened(bundle, attestation, end) : null;
  if (totals === null) await verifyCovered(bundle, attestation, end);
  const { checked, comparison } = await verifyReserves(bundle, attestation, {
    totals,
    snapshot,
    policy,
    blockHashes,
    countCheckedOnline,
  });
  const { snapshot: risk } = snapshot.table;
  const time = Number(attestation.accountRootOpening.time);
  return {
    id: attestationId(attestation),
    attestation,
    registry: risk.registry,
    riskClaim: risk.model.claim,
    snapshotTime: risk.time,
    time,
    age: now - time,
    totals,
    reserves: checked,
    comparison,
    verdict: verdictOf(attestation, comparison),
    keys: [...circuits.values()].map(({ circuit, keyHash }) => ({ circuit: circuit.name, keyHash })),
  };
}

/** A covered claim has its verdict from the proof; the comparison says that what it was proven against is there. */
function verdictOf({ claim }: Attestation, { strict, withLoans, value }: ReserveComparison): Verdict {
  if (claim !== 'opened') return claim;
  if (!value.covered) return 'not covered';
  if (strict) return 'covered';
  return withLoans ? 'covered with loans' : 'not covered';
}
