/**
 * zk-solvency as a library: commit accounts, build snapshots, evaluate, prove and verify.
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
export { type ContextInput, contextOf } from './chain/context.js';
export { type Deployment, deployGate, deployVerifier } from './chain/deploy.js';
export { connectGate, statusOf, submitProof } from './chain/gate.js';
export { proofCalldata } from './chain/proofCalldata.js';
export { type ErrorCode, SolvencyError } from './errors.js';
export { parseAccount, serializeAccount } from './formats/account.js';
export { parseAccountPackage, serializeAccountPackage } from './formats/accountPackage.js';
export { type Identity, parseIdentity, serializeIdentity } from './formats/identity.js';
export { parseParameters, serializeParameters } from './formats/parameters.js';
export { parsePrices, serializePrices } from './formats/prices.js';
export { parseProof, serializeProof } from './formats/proof.js';
export { parseRegistry, serializeRegistry } from './formats/registry.js';
export { parseSnapshot, serializeSnapshot } from './formats/snapshot.js';
export { textHash } from './hash/textHash.js';
export { type Evaluation, evaluate, leverage, marginRatio } from './margin/evaluate.js';
export type { ProofRequest, PublicSignals } from './margin/opening.js';
export type { MarginProof, ProofPoints, Setup } from './proof/marginProof.js';
export { type ProveInput, type ProveOptions, type ProveStep, prove } from './proof/prove.js';
export { type Prover, snarkjsProver } from './proof/prover.js';
export { type Expectations, verify } from './proof/verify.js';
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
export type { Parameters, Prices, TierParameters } from './snapshot/parameters.js';
export { type Registry, type RegistryEntry, registryHash, venueId } from './snapshot/registry.js';
export type { Model, Snapshot } from './snapshot/snapshot.js';
export { validateSnapshot } from './snapshot/validate.js';
export { liquidationPrice } from './tiered/liquidationPrice.js';
export { binanceParameters } from './venues/binance/parameters.js';
export { hyperliquidParameters } from './venues/hyperliquid/parameters.js';
