import { type Signer, Wallet } from 'ethers';
import {
  connectAccountRoots,
  postAccountRoot,
  registerVenue,
  revokeAccountRoot,
} from '../../src/chain/accountRoots.js';
import { deploySystem, type SystemDeployment, type VerifierInput } from '../../src/chain/deploy.js';
import { allow, connectGate, type Gate, type GatePolicy } from '../../src/chain/gate.js';
import { approveTables, connectRiskOracle, postRiskRoot } from '../../src/chain/riskOracle.js';
import { signSnapshot, signTables } from '../../src/chain/riskOracleMessages.js';
import { snapshotPost } from '../../src/chain/snapshotPost.js';
import type { RiskTable } from '../../src/risk/riskTable.js';

const HOUR = 3600n;
/** How long roots can be used: less than proofs count. */
const ROOT_AGE = 3000n;
/** What the gate wants: a margin ratio of 100% at least, not older than an hour, and half an hour to answer a call. */
export const LOCAL_POLICY: GatePolicy = {
  minThresholdBps: 10_000n,
  minEquityFloor: 0n,
  maxAge: HOUR,
  maxRootGap: 600n,
  riskGrace: 600n,
  callPeriod: 1800n,
};

/** A gate on a local chain whose owner is the venue too. */
export interface LocalGate {
  /** connected as the owner */
  readonly gate: Gate;
  readonly system: SystemDeployment;
  /** address of the venue */
  readonly venue: string;
  /** address of the verifier */
  readonly verifier: string;
  postAccountRoot(root: bigint, time: bigint, bundleHash?: string): Promise<void>;
  /** Posts the root of a snapshot with its quorum's signatures. */
  postRiskRoot(table: RiskTable): Promise<void>;
  /** Has the quorum stand for tables of a book's proof. */
  approveTables(root: bigint, tableHashes: readonly bigint[]): Promise<void>;
  revokeAccountRoot(root: bigint): Promise<void>;
}

/** Deploys a gate that takes proofs of one circuit under a model, for the accounts of the signer as venue. */
export async function localGate(
  owner: Signer,
  input: { readonly scope: bigint; readonly verifier: VerifierInput; readonly modelHash: bigint },
): Promise<LocalGate> {
  const [signer, reviewer] = [Wallet.createRandom(), Wallet.createRandom()];
  const venue = await owner.getAddress();
  const chainId = (await owner.provider?.getNetwork())?.chainId ?? 0n;
  const system = await deploySystem(owner, {
    owner: venue,
    scope: input.scope,
    policy: LOCAL_POLICY,
    oracle: {
      maxAge: ROOT_AGE,
      maxJumpBps: 1_000n,
      guardian: venue,
      signers: [signer.address],
      threshold: 1n,
      reviewers: [reviewer.address],
      reviewThreshold: 1n,
    },
    verifiers: [input.verifier],
  });
  const gate = connectGate(system.gate.address, owner);
  const roots = connectAccountRoots(system.accountRoots.address, owner);
  const oracle = connectRiskOracle(system.riskOracle.address, owner);
  const verifier = system.verifiers.get(input.verifier.circuit)?.address ?? '';
  const domain = { chainId, oracle: system.riskOracle.address };
  await registerVenue(roots, { maxAge: ROOT_AGE });
  await allow(gate, { verifier, modelHash: input.modelHash, venue }, true);
  return {
    gate,
    system,
    venue,
    verifier,
    postAccountRoot: async (root, time, bundleHash = `0x${'01'.repeat(32)}`) => {
      await postAccountRoot(roots, { venue, root, time, bundleHash });
    },
    postRiskRoot: async (table) => {
      const post = snapshotPost(table);
      const signatures = await signSnapshot([signer], domain, post);
      await postRiskRoot(oracle, post, signatures, await signSnapshot([reviewer], domain, post));
    },
    approveTables: async (root, tableHashes) => {
      const approval = { root, tableHashes };
      await approveTables(oracle, approval, await signTables([signer], domain, approval));
    },
    revokeAccountRoot: async (root) => {
      await revokeAccountRoot(roots, venue, root);
    },
  };
}
