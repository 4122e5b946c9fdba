/**
 * zk-solvency as a library: commit accounts, build snapshots, evaluate, prove and verify; commit, prove and verify a book.
 * Money is always bigint; units are named in each type.
 */
export type { Account, CollateralEntry, Holdings, PositionEntry } from './account/account.js';
export { type AccountRootOpening, accountRoot } from './account/accountRoot.js';
export {
  type AccountPackage,
  buildAccountTree,
  commitAccounts,
  packageRoot,
  pathOf,
  type TreePath,
} from './account/accountTree.js';
export { leafOf } from './account/leaf.js';
export { nullifier } from './account/nullifier.js';
export { ownerCommitment } from './account/ownerCommitment.js';
export { checkHoldings } from './account/slots.js';
export type { Attestation, AttestationClaim } from './attestation/attestation.js';
export { type BundleProof, type BundleProofs, bundleProofs } from './attestation/bundleProofs.js';
export { type CheckedInclusion, checkInclusion } from './attestation/checkInclusion.js';
export { commitAttestedBook } from './attestation/commitAttestedBook.js';
export { openAttestedBook } from './attestation/openAttestedBook.js';
export { type ProvingProgress, proveBook } from './attestation/proveBook.js';
export { proveStart } from './attestation/proveStart.js';
export { REASONS, type Reason } from './attestation/reasons.js';
export { type VerifiedAttestation, verifyBundle } from './attestation/verifyBundle.js';
export { writeAttestation } from './attestation/writeAttestation.js';
export { type Assessment, assess } from './backtest/assessment.js';
export { conditionalCoverage, independence, proportionOfFailures } from './backtest/coverage.js';
export type { MarginRule } from './backtest/marginRule.js';
export { type Position, positionOf } from './backtest/position.js';
export { procyclicality } from './backtest/procyclicality.js';
export { type MarginDay, rollingBacktest, spanOf } from './backtest/rolling.js';
export { accountIdOf } from './book/accountId.js';
export type { BookAccount } from './book/bookAccount.js';
export { takeIn } from './book/intake/takeIn.js';
export {
  type AccountRoots,
  accountRootOf,
  connectAccountRoots,
  type PostedAccountRoot,
  postAccountRoot,
  registerVenue,
  revokeAccountRoot,
  type VenueRegistration,
} from './chain/accountRoots.js';
export { actionHash, type ContextInput, contextOf } from './chain/context.js';
export { type ContractClient, connect } from './chain/contractClient.js';
export {
  type AttestationsConfig,
  type Deployment,
  deployAccountRoots,
  deployChainlinkMarkCheck,
  deployGate,
  deployReserveAttestations,
  deployRiskOracle,
  deployScopeRegistry,
  deploySystem,
  deployVerifier,
  type OracleConfig,
  type SystemConfig,
  type SystemDeployment,
  type VerifierInput,
} from './chain/deploy.js';
export {
  type Allowance,
  allow,
  connectGate,
  dueSubjects,
  type Gate,
  type GatePolicy,
  type GateRecord,
  isSolvent,
  policyOf,
  recordOf,
  type Status,
  type Submission,
  secondsLeft,
  statusOf,
  submissionCalldata,
  submissionOf,
  submitProof,
  submitProofs,
  syncStatuses,
  useProof,
} from './chain/gate.js';
export { proofCalldata } from './chain/proofCalldata.js';
export { type ChainEntry, chainEntries, chainEntry, type ProofTree, proofLeaf, proofTree } from './chain/proofTree.js';
export {
  type AttestationState,
  answerDemand,
  attestationStateOf,
  attestDirectly,
  attestUnderBond,
  bundleTree,
  type ChainBundle,
  chainAttestationId,
  challengeChain,
  challengeEntry,
  challengeProof,
  connectReserveAttestations,
  demandEntry,
  type PlacedEntry,
  type ReserveAttestations,
} from './chain/reserveAttestations.js';
export {
  approveTables,
  connectRiskOracle,
  latestRiskRoot,
  type PostedRiskRoot,
  postRiskRoot,
  type RiskOracle,
  revokeRiskRoot,
  riskRootOf,
} from './chain/riskOracle.js';
export {
  type OracleDomain,
  type SnapshotMark,
  type SnapshotPost,
  signSnapshot,
  signTables,
  snapshotTypedData,
  sortSignatures,
  type TablesApproval,
  type TypedData,
  tablesTypedData,
} from './chain/riskOracleMessages.js';
export { snapshotPost } from './chain/snapshotPost.js';
export type { PriceHistory } from './engine/history.js';
export { buildEngineSnapshot } from './engine/snapshot/buildEngineSnapshot.js';
export type { EngineModel } from './engine/snapshot/engineModel.js';
export type { Market } from './engine/snapshot/market.js';
export { type ErrorCode, SolvencyError } from './errors.js';
export { parseAccount, serializeAccount } from './formats/account.js';
export { parseAccountPackage, serializeAccountPackage } from './formats/accountPackage.js';
export { attestationId, parseAttestation } from './formats/attestation.js';
export { type EngineModelFields, parseEngineModel, serializeEngineModel } from './formats/engineModel.js';
export { type HistoryFields, parseHistory, serializeHistory } from './formats/history.js';
export { type Identity, parseIdentity, serializeIdentity } from './formats/identity.js';
export { type MarketFields, parseMarket, serializeMarket } from './formats/market.js';
export { parseParameters, serializeParameters } from './formats/parameters.js';
export { parsePolicy, serializePolicy } from './formats/policy.js';
export { parsePrices, serializePrices } from './formats/prices.js';
export { parseProof, serializeProof } from './formats/proof.js';
export { parseRegistry, serializeRegistry } from './formats/registry.js';
export { parseReserveEvidence, serializeReserveEvidence } from './formats/reserveEvidence.js';
export { parseSnapshot, serializeSnapshot } from './formats/snapshot.js';
export { textHash } from './hash/textHash.js';
export { type Evaluation, evaluate, leverage, marginRatio } from './margin/evaluate.js';
export type { ProofRequest, PublicSignals } from './margin/opening.js';
export { findInvalidProof } from './proof/groth16Batch.js';
export type { MarginProof, ProofPoints, Setup } from './proof/marginProof.js';
export { type ProveInput, type ProveOptions, type ProveStep, prove } from './proof/prove.js';
export { type Prover, snarkjsProver } from './proof/prover.js';
export { type Expectations, verify } from './proof/verify.js';
export { checkReserves } from './reserves/checkReserves.js';
export { collectEvidence } from './reserves/collectEvidence.js';
export { compareReserves } from './reserves/compareReserves.js';
export type { Policy } from './reserves/policy.js';
export { buildRiskTable, type RiskTable } from './risk/riskTable.js';
export {
  type Artifacts,
  artifactsFromMemory,
  buildArtifacts,
  loadArtifacts,
  loadVerificationKey,
} from './setup/artifacts.js';
export { CIRCUITS, type CircuitInstance, circuitByName } from './setup/circuits.js';
export {
  assertUsableKey,
  keyHash,
  parseVerificationKey,
  serializeVerificationKey,
  type VerificationKey,
} from './setup/verificationKey.js';
export { buildSnapshot } from './snapshot/build.js';
export { deriveSnapshot } from './snapshot/derive.js';
export type { Derivation } from './snapshot/derived/claim.js';
export { diffAccount } from './snapshot/diff/diffAccount.js';
export { diffSnapshots, type SnapshotDiff } from './snapshot/diff/diffSnapshots.js';
export { type Explanation, explainSnapshot } from './snapshot/explain/explainSnapshot.js';
export type { Parameters, Prices, TierParameters } from './snapshot/parameters.js';
export { type Registry, type RegistryEntry, registryHash, venueId } from './snapshot/registry.js';
export type { Model, Snapshot } from './snapshot/snapshot.js';
export { validateSnapshot } from './snapshot/validate.js';
export { liquidationPrice } from './tiered/liquidationPrice.js';
export { binanceParameters } from './venues/binance/parameters.js';
export { hyperliquidParameters } from './venues/hyperliquid/parameters.js';
