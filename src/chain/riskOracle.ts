import type { ContractRunner, TransactionReceipt } from 'ethers';
import { riskOracleAbi } from './abi/riskOracle.js';
import { type ContractClient, connect, type ResultOf } from './contractClient.js';
import type { SnapshotPost, TablesApproval } from './riskOracleMessages.js';

/** A RiskOracle. Its functions beside those below are called with `read` and `send`. */
export type RiskOracle = ContractClient<typeof riskOracleAbi>;

/** A risk root as it was posted; all zero if it never was: IRiskOracle.RiskRoot. */
export type PostedRiskRoot = ResultOf<typeof riskOracleAbi, 'riskRoot'>;

/** The contract at an address. Reading needs a provider, everything else a signer. */
export const connectRiskOracle = (address: string, runner: ContractRunner): RiskOracle =>
  connect(riskOracleAbi, address, runner);

/**
 * Posts a risk root that a quorum has signed (signSnapshot, sortSignatures); `reviews` are the reviewers' signatures, needed
 * when a mark jumps, appears or is missing. Anybody may send it.
 */
export const postRiskRoot = (
  oracle: RiskOracle,
  post: SnapshotPost,
  signatures: readonly string[],
  reviews: readonly string[] = [],
): Promise<TransactionReceipt> => {
  const marks = post.marks.map(({ instrument, price }) => ({ instrument: BigInt(instrument), price }));
  return oracle.send('post', [{ ...post, marks }, signatures, reviews]);
};

/** Approves tables of books' proofs for a posted root, which a quorum has signed (signTables). Anybody may send it. */
export const approveTables = (
  oracle: RiskOracle,
  { root, tableHashes }: TablesApproval,
  signatures: readonly string[],
): Promise<TransactionReceipt> => oracle.send('approveTables', [root, tableHashes, signatures]);

/** Revokes a risk root for good, posted or not. Only the guardian or the owner. */
export const revokeRiskRoot = (oracle: RiskOracle, root: bigint): Promise<TransactionReceipt> =>
  oracle.send('revoke', [root]);

/** A root as it was posted. */
export const riskRootOf = (oracle: RiskOracle, root: bigint): Promise<PostedRiskRoot> =>
  oracle.read('riskRoot', [root]);

/** The newest root of a model, revoked or not; zero before the first. */
export const latestRiskRoot = (oracle: RiskOracle, modelHash: bigint): Promise<bigint> =>
  oracle.read('latestRoot', [modelHash]);
