import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getBytes, Wallet } from 'ethers';
import type { AccountRootOpening } from '../account/accountRoot.js';
import { SolvencyError } from '../errors.js';
import { writeFileAtomic } from '../files.js';
import { attestationId, serializeAttestation } from '../formats/attestation.js';
import { serializeLiabilitiesProof } from '../formats/liabilitiesProof.js';
import { serializeReserveEvidence } from '../formats/reserveEvidence.js';
import { serializeSnapshot } from '../formats/snapshot.js';
import { serializeTotals } from '../formats/totals.js';
import type { BookTotals } from '../liabilities/bookTotals.js';
import { statementHash } from '../liabilities/liabilitiesStatement.js';
import { packageVersion } from '../package.js';
import { RATE_SCALE } from '../protocol/constants.js';
import { checkReserves } from '../reserves/checkReserves.js';
import { compareReserves } from '../reserves/compareReserves.js';
import type { ReserveEvidence } from '../reserves/evidence.js';
import type { Policy } from '../reserves/policy.js';
import type { RiskTable } from '../risk/riskTable.js';
import { loadVerificationKey } from '../setup/artifacts.js';
import { serializeVerificationKey } from '../setup/verificationKey.js';
import type { TieredSnapshot } from '../snapshot/snapshot.js';
import {
  type Attestation,
  type AttestationClaim,
  type AttestedBatch,
  type BundleFile,
  MANIFEST_PATH,
} from './attestation.js';
import { type BookPlan, plannedBatches } from './bookPlan.js';
import { batchProofPath, CLOSING_PROOF_PATH } from './bookProofs.js';
import { closeBook } from './closeBook.js';
import { customerLiabilities } from './customerLiabilities.js';
import type { ProvenBook } from './proveBook.js';

export interface AttestationSource {
  /** the bundle: proveBook's folder */
  readonly folder: string;
  readonly claim: AttestationClaim;
  readonly plan: BookPlan;
  readonly totals: BookTotals;
  readonly root: AccountRootOpening;
  readonly table: RiskTable;
  readonly proven: ProvenBook;
  readonly evidence: ReserveEvidence;
  /** of the verifiers whom the attestation is for: it says which tokens count, and how much */
  readonly policy: Policy;
  readonly blockHashes: ReadonlyMap<number, string>;
  readonly artifacts: string;
  /** the venue's signing key, 0x hexadecimal */
  readonly venueKey: string;
}

/**
 * Closes a proven book and completes its bundle: closing proof, totals if they are opened, verification keys, snapshot,
 * evidence, and last the signed manifest, so that a bundle with a manifest is whole. Evidence is checked as a verifier
 * will. Errors: those of checkReserves, compareReserves and closeBook, INVALID_INPUT for a venue key that is none.
 */
export async function writeAttestation(source: AttestationSource): Promise<Attestation> {
  const { folder, claim, plan, totals, root, table, policy, artifacts } = source;
  const signer = walletOf(source.venueKey);
  const { snapshot } = table;
  const reserves = await countedReserves(source);
  const closed = await closeBook({ ...source, reserves });

  const write = async (path: string, text: string): Promise<BundleFile> => {
    await writeFileAtomic(join(folder, path), text);
    return { path, sha256: sha256(text) };
  };
  await mkdir(join(folder, 'keys'), { recursive: true });
  const circuits = [...new Set([...plan.tables.map(({ circuit }) => circuit), closed.circuit])];
  const unsigned: Attestation = {
    software: `zk-solvency ${packageVersion}`,
    venue: policy.venue,
    claim,
    accountRoot: plan.claimed.accountRoot,
    accountRootOpening: root,
    riskRoot: plan.claimed.riskRoot,
    statement: statementHash(plan.claimed).hash,
    venueStart: Number(plan.claimed.venueStart),
    accounts: Number(totals.customers.accounts),
    tables: plan.tables,
    batches: await attestedBatches(source),
    closing: {
      circuit: closed.circuit,
      proof: await write(CLOSING_PROOF_PATH, serializeLiabilitiesProof(closed.proof)),
    },
    verificationKeys: await Promise.all(
      circuits.map(async (circuit) => {
        const { verificationKey, keyHash } = await loadVerificationKey(artifacts, circuit);
        return {
          circuit,
          keyHash,
          file: await write(`keys/${circuit}.json`, serializeVerificationKey(verificationKey)),
        };
      }),
    ),
    snapshot: await write('snapshot.json', serializeSnapshot(snapshot)),
    evidence: await write('evidence.json', serializeReserveEvidence(source.evidence)),
    totals:
      claim === 'opened'
        ? await write(
            'totals.json',
            serializeTotals({ salt: plan.totalsSalt, shape: plan.totalsShape, totals }, snapshot.registry),
          )
        : null,
    loans: closed.loans,
    covered: closed.covered,
    signature: '',
  };
  const signature = await signer.signMessage(getBytes(attestationId(unsigned)));
  const attestation = { ...unsigned, signature };
  await write(MANIFEST_PATH, serializeAttestation(attestation));
  return attestation;
}

/** The batches with the hashes of their proofs, one after another: a large book has more than a process can open. */
async function attestedBatches({ folder, plan, proven }: AttestationSource): Promise<readonly AttestedBatch[]> {
  const attested: AttestedBatch[] = [];
  for (const [batch, { table, firstIndex }] of plannedBatches(plan).entries()) {
    const path = batchProofPath(batch);
    const proof = { path, sha256: sha256(await readFile(join(folder, path))) };
    attested.push({ table, firstIndex, stateAfter: proven.statesAfter[batch] as bigint, proof });
  }
  return attested;
}

/** What evidence shows, as a verifier with this policy counts it: by asset, and all after haircuts. */
async function countedReserves({ evidence, policy, plan, root, table, totals, blockHashes }: AttestationSource) {
  const { registry, assets } = table.snapshot as TieredSnapshot;
  const attestation = { venue: policy.venue, accountRoot: plan.claimed.accountRoot, time: Number(root.time) };
  const checked = await checkReserves({ evidence, policy, registry, attestation, blockHashes });
  const compared = compareReserves({
    reserves: checked.assets,
    liabilities: customerLiabilities(totals),
    prices: new Map(assets.map(({ assetId, price }) => [assetId, price])),
    policy,
    registry,
    countCheckedOnline: false,
  });
  return {
    byAsset: new Map(compared.assets.map(({ assetId, value }) => [assetId, value])),
    // cut to whole units of 1e-16: a proof against less is a proof against more
    value: compared.assets.reduce((sum, { value, haircut }) => sum + value * haircut.ppm, 0n) / RATE_SCALE,
  };
}

function walletOf(key: string): Wallet {
  try {
    return new Wallet(key);
  } catch {
    // the library's message may quote the key
    throw new SolvencyError('INVALID_INPUT', "The venue's signing key must be 32 bytes in 0x hexadecimal.");
  }
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
