import { accountRoot } from '../account/accountRoot.js';
import { parseSnapshot } from '../formats/snapshot.js';
import { type BookParameters, bookParameters } from '../liabilities/bookParameters.js';
import { checkMark } from '../reserves/checkMark.js';
import type { Policy } from '../reserves/policy.js';
import { policyAssets } from '../reserves/policyAssets.js';
import { buildRiskTable, type RiskTable } from '../risk/riskTable.js';
import { venueId } from '../snapshot/registry.js';
import type { Attestation } from './attestation.js';
import type { BundleReader } from './bundleReader.js';
import { refusal, withReason } from './reasons.js';

/** A snapshot that a verifier has made sure of, as a book sees it. */
export interface AttestedSnapshot {
  readonly table: RiskTable;
  readonly parameters: BookParameters;
  /** by asset id */
  readonly prices: ReadonlyMap<number, bigint>;
}

/**
 * The snapshot behind the risk root, and the account root over the same registry. Reasons: SNAPSHOT_INVALID, RISK_ROOT,
 * VENUE, REGISTRY, ACCOUNT_ROOT_OPENING, POLICY, MARKS, AGE.
 */
export async function verifySnapshot(
  bundle: BundleReader,
  attestation: Attestation,
  policy: Policy,
  now: number,
): Promise<AttestedSnapshot> {
  const { path } = attestation.snapshot;
  const text = await bundle.text(attestation.snapshot);
  const { table, parameters } = await withReason('SNAPSHOT_INVALID', path, () => {
    const made = buildRiskTable(parseSnapshot(text, path));
    return { table: made, parameters: bookParameters(made) };
  });
  if (table.riskRoot !== attestation.riskRoot) {
    throw refusal('RISK_ROOT', 'PROOF_INVALID', path, `hashes to ${table.riskRoot}, which is not the risk root`);
  }
  const { registry, time: snapshotTime } = table.snapshot;
  if (registry.venue !== policy.venue) {
    throw refusal(
      'VENUE',
      'EXPECTATION_NOT_MET',
      path,
      `is of ${registry.venue}, and the policy is for ${policy.venue}`,
    );
  }
  await withReason('POLICY', path, () => policyAssets(policy, registry));

  const opening = attestation.accountRootOpening;
  if (opening.registryHash !== table.opening.registryHash) {
    throw refusal('REGISTRY', 'PROOF_INVALID', 'accountRootOpening', `is over another registry than ${path}`);
  }
  if (opening.venueId !== venueId(registry)) {
    throw refusal('VENUE', 'PROOF_INVALID', 'accountRootOpening', "has another venue's id");
  }
  if (accountRoot(opening) !== attestation.accountRoot) {
    throw refusal('ACCOUNT_ROOT_OPENING', 'PROOF_INVALID', 'accountRootOpening', 'does not hash to the account root');
  }
  requireTimes(Number(opening.time), snapshotTime, policy.maxAge, now);

  for (const { assetId, price } of table.snapshot.assets) {
    const entry = registry.entries.find(({ id }) => id === assetId);
    // an asset without a price of the verifier's is a matter of whether anything is owed or held in it
    if (entry !== undefined && policy.marks.prices.has(entry.symbol)) {
      await withReason('MARKS', path, () => checkMark(policy.marks, entry, price));
    }
  }
  return { table, parameters, prices: new Map([...parameters.assets].map(([id, { price }]) => [id, price])) };
}

/** Accounts valued at prices of another day prove nothing of either day. */
function requireTimes(time: number, snapshotTime: number, maxAge: number, now: number): void {
  const apart = Math.abs(time - snapshotTime);
  if (apart > maxAge) {
    throw refusal(
      'AGE',
      'EXPECTATION_NOT_MET',
      'The account root',
      `lies ${apart} seconds from the snapshot, and the policy allows ${maxAge}`,
    );
  }
  if (Math.max(time, snapshotTime) > now) {
    throw refusal('AGE', 'EXPECTATION_NOT_MET', 'The attestation', 'is dated later than now');
  }
}
