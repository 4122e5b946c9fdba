import { join } from 'node:path';
import { ZeroHash } from 'ethers';
import { describe, expect, it } from 'vitest';
import { localGate } from '../../scripts/support/localGate.js';
import { BOOK_FILES, commitAttestedBook } from '../../src/attestation/commitAttestedBook.js';
import { openAttestedBook } from '../../src/attestation/openAttestedBook.js';
import { proveBook } from '../../src/attestation/proveBook.js';
import { verifyBundle } from '../../src/attestation/verifyBundle.js';
import { writeAttestation } from '../../src/attestation/writeAttestation.js';
import { inclusionFile } from '../../src/book/inclusion.js';
import { openBook } from '../../src/book/store.js';
import { contextOf } from '../../src/chain/context.js';
import { connectGate, isSolvent, submissionOf, submitProof } from '../../src/chain/gate.js';
import { parseAccountPackage } from '../../src/formats/accountPackage.js';
import { attestationId } from '../../src/formats/attestation.js';
import { prove } from '../../src/proof/prove.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { ARTIFACTS, smallestArtifacts } from '../support/artifacts.js';
import { madeUpBook } from '../support/attestedBook.js';
import { OWNER_SECRET, snapshot } from '../support/market.js';
import { useVenue, venueSide } from '../support/venueSide.js';

// The whole way with real parts: an exchange commits its book, proves it, shows reserves on a chain and signs the bundle;
// a verifier replays it; one of its users proves with their inclusion file that they are solvent, and a gate on that chain
// believes it because it knows the attested root.

const exchange = useVenue();

describe('from the book of an exchange to a gate', () => {
  it('one root carries the attestation and a margin proof under it', async () => {
    const { work, chain: venue } = exchange;
    const time = (await venue.chain.provider.getBlock('latest'))?.timestamp ?? 0;
    const table = buildRiskTable({ ...snapshot, time });
    const folder = join(work, 'book');
    const accounts = madeUpBook(5);
    const { plan } = await commitAttestedBook(folder, {
      accounts: async function* () {
        yield* accounts;
      },
      table,
      size: 'small',
      time,
    });

    const shownBy = await venueSide(venue, plan, time);
    const { policy, blockHashes } = shownBy;

    const opened = await openAttestedBook(folder);
    const bundle = join(work, 'bundle');
    const proven = await proveBook({ ...opened, artifacts: ARTIFACTS, folder: bundle });
    await writeAttestation({
      ...opened,
      folder: bundle,
      claim: 'opened',
      proven,
      artifacts: ARTIFACTS,
      ...shownBy,
    });
    opened.close();

    const shown = await verifyBundle({ folder: bundle, policy, blockHashes });
    expect(shown.verdict).toBe('covered');
    expect(shown.totals?.customers.accounts).toBe(5n);

    // the inclusion file of a user is what they prove with
    const store = await openBook(join(folder, BOOK_FILES.store));
    const account = parseAccountPackage(
      inclusionFile(store, snapshot.registry, 'user 0'),
      'user-0.json',
      snapshot.registry,
    );
    store.close();
    const [owner, trader] = venue.chain.signers;
    if (owner === undefined || trader === undefined) throw new Error('the chain has no accounts');
    const artifacts = await smallestArtifacts();
    const { verificationKey: key, setup, circuit } = artifacts;
    const { modelHash } = table.opening;
    const local = await localGate(owner, { scope: 1n, verifier: { key, setup, circuit }, modelHash });
    const { address } = local.gate;
    const { attestation } = shown;
    await local.postAccountRoot(attestation.accountRoot, BigInt(time), attestationId(attestation));
    await local.postRiskRoot(table);
    expect(attestation.riskRoot).toBe(table.riskRoot);

    const deadline = BigInt(time + 3600);
    const subject = trader.address;
    const context = contextOf({
      chainId: venue.chain.chainId,
      gate: address,
      consumer: address,
      subject,
      actionHash: ZeroHash,
      deadline,
    });
    const proof = await prove({
      account,
      ownerSecret: OWNER_SECRET,
      table,
      request: { thresholdBps: 10_000n, equityFloor: 0n, scope: 1n, context },
      artifacts,
    });
    const gate = connectGate(address, trader);
    expect(await isSolvent(gate, subject)).toBe(false);
    const submission = submissionOf(proof, { subject, deadline, venue: local.venue, verifier: local.verifier });
    await submitProof(gate, submission);
    expect(await isSolvent(gate, subject)).toBe(true);
  });
});
