import { join } from 'node:path';
import { ZeroHash } from 'ethers';
import { describe, expect, it } from 'vitest';
import { BOOK_FILES, commitAttestedBook } from '../../src/attestation/commitAttestedBook.js';
import { openAttestedBook } from '../../src/attestation/openAttestedBook.js';
import { proveBook } from '../../src/attestation/proveBook.js';
import { verifyBundle } from '../../src/attestation/verifyBundle.js';
import { writeAttestation } from '../../src/attestation/writeAttestation.js';
import { inclusionFile } from '../../src/book/inclusion.js';
import { openBook } from '../../src/book/store.js';
import { contextOf } from '../../src/chain/context.js';
import { deployGate, deployVerifier } from '../../src/chain/deploy.js';
import {
  connectGate,
  isSolvent,
  postAccountRoot,
  postRiskRoot,
  setPublisher,
  setVerifier,
  submitProof,
} from '../../src/chain/gate.js';
import { parseAccountPackage } from '../../src/formats/accountPackage.js';
import { signalList } from '../../src/proof/marginProof.js';
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
    const gatePolicy = {
      minThresholdBps: 10_000n,
      minEquityFloor: 0n,
      scope: 1n,
      maxAge: 3600n,
      maxRootGap: 600n,
      riskGrace: 600n,
    };
    const { address } = await deployGate(owner, { owner: owner.address, policy: gatePolicy });
    const { verificationKey, circuit } = artifacts;
    const verifier = await deployVerifier(owner, { key: verificationKey, setup: 'development', circuit });
    const gate = connectGate(address, owner);
    await setPublisher(gate, owner.address, true);
    await setVerifier(gate, verifier.address, table.opening.modelHash, true);
    await postAccountRoot(gate, shown.attestation.accountRoot, BigInt(time));
    await postRiskRoot(gate, shown.attestation.riskRoot, BigInt(time), table.opening.modelHash);

    const deadline = BigInt(time + 3600);
    const subject = trader.address;
    const context = contextOf({ chainId: venue.chain.chainId, gate: address, subject, actionHash: ZeroHash, deadline });
    const proof = await prove({
      account,
      ownerSecret: OWNER_SECRET,
      table,
      request: { thresholdBps: 10_000n, equityFloor: 0n, scope: 1n, context },
      artifacts,
    });
    expect(await isSolvent(gate, subject)).toBe(false);
    await submitProof(connectGate(address, trader), {
      verifier: verifier.address,
      proof: proof.proof,
      publicSignals: signalList(proof.publicSignals),
      actionHash: ZeroHash,
      deadline,
    });
    expect(await isSolvent(gate, subject)).toBe(true);
  });
});
