import { parseAttestation } from '../formats/attestation.js';
import { parseSnapshot } from '../formats/snapshot.js';
import { buildRiskTable } from '../risk/riskTable.js';
import { MANIFEST_PATH } from './attestation.js';
import { openBundle } from './bundleReader.js';
import type { InclusionExpectations } from './checkInclusion.js';
import { refusal, withReason } from './reasons.js';

/**
 * What inclusion files are checked against, from a bundle that is not verified here: `verifyBundle` does that. Reasons:
 * MANIFEST_INVALID, FILE_*, SNAPSHOT_INVALID, RISK_ROOT.
 */
export async function readBundleRoots(folder: string): Promise<InclusionExpectations> {
  const bundle = await openBundle(folder);
  const text = await bundle.manifest();
  const { accountRoot, riskRoot, venueStart, snapshot } = await withReason('MANIFEST_INVALID', MANIFEST_PATH, () =>
    parseAttestation(text, MANIFEST_PATH),
  );
  const snapshotText = await bundle.text(snapshot);
  const table = await withReason('SNAPSHOT_INVALID', snapshot.path, () =>
    buildRiskTable(parseSnapshot(snapshotText, snapshot.path)),
  );
  if (table.riskRoot !== riskRoot) {
    throw refusal('RISK_ROOT', 'PROOF_INVALID', snapshot.path, 'does not hash to the risk root of the bundle');
  }
  return { accountRoot, table, venueStart };
}
