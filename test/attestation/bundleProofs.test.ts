import { appendFile, cp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Base } from '../../scripts/conformance/caseFile.js';
import { MANIFEST_PATH } from '../../src/attestation/attestation.js';
import { batchProofPath, CLOSING_PROOF_PATH } from '../../src/attestation/bookProofs.js';
import { type BundleProof, type BundleProofs, bundleProofs } from '../../src/attestation/bundleProofs.js';
import { attestationId, parseAttestation } from '../../src/formats/attestation.js';
import { startSignals } from '../../src/liabilities/liabilitiesStart.js';
import { checkGroth16 } from '../../src/proof/groth16.js';
import { LIABILITIES_SIGNALS } from '../../src/protocol/constants.js';
import { parseVerificationKey } from '../../src/setup/verificationKey.js';
import { inCorpus, withCopy } from './corpus.js';

async function all({ batches }: BundleProofs): Promise<readonly BundleProof[]> {
  const found: BundleProof[] = [];
  for await (const batch of batches()) found.push(batch);
  return found;
}

const signal = ({ signals }: BundleProof, name: (typeof LIABILITIES_SIGNALS.batch)[number]): bigint =>
  signals[LIABILITIES_SIGNALS.batch.indexOf(name)] as bigint;

async function isValid(folder: string, { circuit, proof, signals }: BundleProof): Promise<boolean> {
  const path = `keys/${circuit}.json`;
  const key = parseVerificationKey(await readFile(join(folder, path), 'utf8'), path);
  return checkGroth16(key, proof, signals).then(
    () => true,
    () => false,
  );
}

describe('the proofs of a bundle', () => {
  it.each<readonly [Base, string]>([
    ['opened', 'liabilities-opening'],
    ['covered', 'liabilities-coverage-16'],
  ])('%s: a chain from the first state to the closing proof, under the id of the attestation', async (base, closes) => {
    const folder = inCorpus('bases', base);
    const attestation = parseAttestation(await readFile(join(folder, MANIFEST_PATH), 'utf8'), MANIFEST_PATH);
    const bundle = await bundleProofs(folder);
    const { header, closing } = bundle;
    const batches = await all(bundle);

    expect(header).toEqual({
      accountRoot: attestation.accountRoot,
      riskRoot: attestation.riskRoot,
      statement: attestation.statement,
      firstState: startSignals(attestation.statement).firstState,
      lastState: signal(batches.at(-1) as BundleProof, 'stateAfter'),
      count: batches.length,
      bundleHash: attestationId(attestation),
    });
    expect(batches.length).toBeGreaterThan(2);
    expect(batches.map((batch) => signal(batch, 'stateBefore'))).toEqual([
      header.firstState,
      ...batches.slice(0, -1).map((batch) => signal(batch, 'stateAfter')),
    ]);
    expect(batches.every((batch) => signal(batch, 'statement') === header.statement)).toBe(true);
    expect(closing.circuit).toBe(closes);
    expect(closing.signals.slice(0, 4)).toEqual([
      header.lastState,
      header.statement,
      header.accountRoot,
      header.riskRoot,
    ]);
    // each under the circuit whose key accepts it
    for (const proof of [...batches, closing]) expect(await isValid(folder, proof)).toBe(true);
    // read again from the first
    expect(await all(bundle)).toEqual(batches);
  });

  it('are listed though they are false: a challenger wants those', () =>
    withCopy('opened', async (folder) => {
      await cp(inCorpus('cases', 'proof-negated', 'bundle'), folder, { recursive: true });
      const bundle = await bundleProofs(folder);
      const batches = await all(bundle);
      expect(batches.length).toBe(bundle.header.count);
      const valid = await Promise.all(batches.map((batch) => isValid(folder, batch)));
      expect(valid.filter((holds) => !holds).length).toBe(1);
    }));
});

describe('what is no bundle of the manifest’s proofs is refused', () => {
  const refused = (run: Promise<unknown>, reason: string, code: string) =>
    expect(run).rejects.toMatchObject({ code, details: { reason } });

  it('a file that was altered, is missing or is a link', () =>
    withCopy('opened', async (folder) => {
      await appendFile(join(folder, batchProofPath(1)), ' ');
      const bundle = await bundleProofs(folder);
      const batches = bundle.batches();
      expect((await batches.next()).done).toBe(false);
      await refused(batches.next(), 'FILE_ALTERED', 'ARTIFACT_ALTERED');

      await rm(join(folder, batchProofPath(0)));
      await refused(all(bundle), 'FILE_MISSING', 'UNREADABLE');
      await symlink('closing.json', join(folder, batchProofPath(0)));
      await refused(all(bundle), 'FILE_OUTSIDE', 'INVALID_INPUT');

      await appendFile(join(folder, CLOSING_PROOF_PATH), ' ');
      await refused(bundleProofs(folder), 'FILE_ALTERED', 'ARTIFACT_ALTERED');
    }));

  it('a folder without a manifest', () => refused(bundleProofs(inCorpus('cases')), 'MANIFEST_INVALID', 'UNREADABLE'));

  /** The opened bundle with a text of its manifest replaced. */
  const edited = (edit: (manifest: string) => string, run: (folder: string) => Promise<unknown>) =>
    withCopy('opened', async (folder) => {
      const path = join(folder, MANIFEST_PATH);
      const before = await readFile(path, 'utf8');
      const after = edit(before);
      expect(after).not.toBe(before);
      await writeFile(path, after);
      await run(folder);
    });
  const listed = async (folder: string) => all(await bundleProofs(folder));

  it('a proof made with another circuit than the manifest’s', () =>
    edited(
      (text) => text.replace(/("tables": \[\s*\{\s*"circuit": )"liabilities-4x4"/, '$1"liabilities-16x1"'),
      (folder) => refused(listed(folder), 'BATCH_CIRCUIT', 'PROOF_INVALID'),
    ));

  it('a closing proof made with another circuit', () =>
    edited(
      (text) => text.replace(/("closing": \{\s*"circuit": )"liabilities-opening"/, '$1"liabilities-coverage-16"'),
      (folder) => refused(bundleProofs(folder), 'CLOSING_FILE', 'PROOF_INVALID'),
    ));

  it('proofs made with another key than the manifest’s', () =>
    edited(
      (text) => text.replace(/("circuit": "liabilities-4x4",\s*"keyHash": )"[0-9a-f]{64}"/, `$1"${'0'.repeat(64)}"`),
      (folder) => refused(listed(folder), 'BATCH_CIRCUIT', 'PROOF_INVALID'),
    ));

  it('a batch of a table that there is not', () =>
    edited(
      (text) => text.replace(/("batches": \[\s*\{\s*"table": )0/, '$1 7'),
      (folder) => refused(listed(folder), 'TABLE_INVALID', 'INVALID_INPUT'),
    ));
});
