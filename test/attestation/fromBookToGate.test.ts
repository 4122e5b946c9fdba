import { join } from 'node:path';
import { ZeroHash } from 'ethers';
import { describe, expect, it } from 'vitest';
import { localGate } from '../../scripts/support/localGate.js';
import { bundleProofs } from '../../src/attestation/bundleProofs.js';
import { BOOK_FILES, commitAttestedBook } from '../../src/attestation/commitAttestedBook.js';
import { openAttestedBook } from '../../src/attestation/openAttestedBook.js';
import { proveBook } from '../../src/attestation/proveBook.js';
import { proveStart } from '../../src/attestation/proveStart.js';
import { verifyBundle } from '../../src/attestation/verifyBundle.js';
import { writeAttestation } from '../../src/attestation/writeAttestation.js';
import { inclusionFile } from '../../src/book/inclusion.js';
import { openBook } from '../../src/book/store.js';
import { connectAccountRoots, postAccountRoot, registerVenue } from '../../src/chain/accountRoots.js';
import { contextOf } from '../../src/chain/context.js';
import { deployReserveAttestations, type VerifierInput } from '../../src/chain/deploy.js';
import { allow, connectGate, isSolvent, submissionOf, submitProof } from '../../src/chain/gate.js';
import { chainEntries } from '../../src/chain/proofTree.js';
import {
  attestationStateOf,
  attestDirectly,
  attestUnderBond,
  bundleTree,
  type ChainBundle,
  chainAttestationId,
  challengeEntry,
  challengeProof,
  connectReserveAttestations,
} from '../../src/chain/reserveAttestations.js';
import { parseAccountPackage } from '../../src/formats/accountPackage.js';
import { attestationId } from '../../src/formats/attestation.js';
import { prove } from '../../src/proof/prove.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { loadVerificationKey } from '../../src/setup/artifacts.js';
import { ARTIFACTS, smallestArtifacts } from '../support/artifacts.js';
import { madeUpBook } from '../support/attestedBook.js';
import { OWNER_SECRET, snapshot } from '../support/market.js';
import { useVenue, venueSide } from '../support/venueSide.js';

// The whole way with real parts: an exchange commits its book, proves it, shows reserves on a chain and signs the bundle;
// a verifier replays it, and so does a contract, batch by batch, and another one takes it under a bond; the attested root is
// posted; one of the users proves with their inclusion file that they are solvent, and a gate on that chain believes it.

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
    const [owner, trader, exchangeSigner, bonded] = venue.chain.signers;
    if (!owner || !trader || !exchangeSigner || !bonded) throw new Error('the chain has no accounts');
    const artifacts = await smallestArtifacts();
    const { verificationKey: key, setup, circuit } = artifacts;
    const { modelHash } = table.opening;
    const local = await localGate(owner, { scope: 1n, verifier: { key, setup, circuit }, modelHash });
    const { address } = local.gate;
    const { attestation } = shown;
    await local.postRiskRoot(table);
    expect(attestation.riskRoot).toBe(table.riskRoot);

    // the same proofs on chain, in a contract of real verifiers
    const inputOf = async (name: string): Promise<VerifierInput> => {
      const { verificationKey } = await loadVerificationKey(ARTIFACTS, name);
      return { key: verificationKey, setup: 'development', circuit: name };
    };
    const batchCircuits = [...new Set(attestation.tables.map(({ circuit }) => circuit))];
    const { attestations, verifiers } = await deployReserveAttestations(owner, {
      riskOracle: local.system.riskOracle.address,
      bond: 10n ** 18n,
      demandFee: 10n ** 15n,
      challengeWindow: 86_400n,
      answerWindow: 86_400n,
      start: await inputOf('liabilities-start'),
      batches: await Promise.all(batchCircuits.map(inputOf)),
      closings: [await inputOf('liabilities-opening')],
    });
    const start = await proveStart({ statement: attestation.statement, artifacts: ARTIFACTS });
    const chainBundle: ChainBundle = {
      bundle: await bundleProofs(bundle),
      start: { ...start, signals: start.publicSignals },
      verifiers: new Map([...verifiers].map(([name, deployed]) => [name, deployed.address])),
    };
    const { header } = chainBundle.bundle;
    expect(header.bundleHash).toBe(attestationId(attestation));
    const tableHashes = new Set<bigint>();
    for await (const { signals } of chainBundle.bundle.batches()) tableHashes.add(signals[3] as bigint);
    const asExchange = connectReserveAttestations(attestations.address, exchangeSigner);
    await expect(attestDirectly(asExchange, exchangeSigner.address, chainBundle)).rejects.toMatchObject({
      details: { error: 'EntryRefused' },
    });
    await local.approveTables(table.riskRoot, [...tableHashes]);
    const roots = connectAccountRoots(local.system.accountRoots.address, exchangeSigner);
    await registerVenue(roots, { maxAge: 3000n, attestations: attestations.address });
    const post = {
      venue: exchangeSigner.address,
      root: attestation.accountRoot,
      time: BigInt(time),
      bundleHash: header.bundleHash,
    };
    await expect(postAccountRoot(roots, post)).rejects.toMatchObject({ details: { error: 'NotFinal' } });
    const attested = await attestDirectly(asExchange, exchangeSigner.address, chainBundle);
    expect(await attestationStateOf(asExchange, attested)).toBe('Final');
    await postAccountRoot(roots, post);
    const allowance = { verifier: local.verifier, modelHash, venue: exchangeSigner.address };
    await allow(local.gate, allowance, true);

    // under a bond, by another venue: no proof of the bundle can be challenged
    const asBonded = connectReserveAttestations(attestations.address, bonded);
    const tree = await bundleTree(chainBundle);
    await attestUnderBond(asBonded, header, tree.root);
    const pending = chainAttestationId(bonded.address, header);
    const entries = chainEntries(
      { batches: chainBundle.bundle.batches(), start: chainBundle.start, closing: chainBundle.bundle.closing },
      chainBundle.verifiers,
    );
    let position = 0;
    for await (const entry of entries) {
      const placed = { position: position++, entry, tree };
      await expect(challengeProof(asExchange, pending, placed)).rejects.toMatchObject({
        details: { error: 'ProofIsValid' },
      });
      await expect(challengeEntry(asExchange, pending, placed)).rejects.toMatchObject({
        details: { error: 'NothingWrong' },
      });
    }
    expect(position).toBe(header.count + 2);
    expect(await attestationStateOf(asBonded, pending)).toBe('Pending');

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
    const submission = submissionOf(proof, {
      subject,
      deadline,
      venue: exchangeSigner.address,
      verifier: local.verifier,
    });
    await submitProof(gate, submission);
    expect(await isSolvent(gate, subject)).toBe(true);
  });
});
