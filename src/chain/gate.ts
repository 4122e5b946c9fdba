import { Contract, type ContractRunner, type TransactionReceipt } from 'ethers';
import { SolvencyError } from '../errors.js';
import type { ProofPoints } from '../proof/marginProof.js';
import { chainError } from './chainError.js';
import { GATE_ABI } from './gateAbi.js';
import { proofCalldata } from './proofCalldata.js';

/** What a gate's proofs must reach; times in seconds, the floor in 1e-16 quote units. */
export interface GatePolicy {
  readonly minThresholdBps: bigint;
  readonly minEquityFloor: bigint;
  readonly scope: bigint;
  /** how long a subject counts as solvent after the older of its two roots */
  readonly maxAge: bigint;
  /** most seconds between the times of the two roots of a proof */
  readonly maxRootGap: bigint;
  /** how long a risk root still counts after a newer one was posted */
  readonly riskGrace: bigint;
}

/** What a subject last proved; all zero if nothing. */
export interface GateStatus {
  readonly accountTime: bigint;
  readonly riskTime: bigint;
  readonly solventUntil: bigint;
  readonly thresholdBps: bigint;
  readonly equityFloor: bigint;
  readonly accountRoot: bigint;
  readonly riskRoot: bigint;
}

/** A proof as it goes to a gate; its context must name the signer, the action and the deadline. */
export interface Submission {
  /** address of the verifier of the proof's circuit */
  readonly verifier: string;
  readonly proof: ProofPoints;
  /** in the order of PUBLIC_SIGNALS */
  readonly publicSignals: readonly bigint[];
  /** 32 bytes, 0x-prefixed; zero for no action */
  readonly actionHash: string;
  /** last second at which the proof may be submitted */
  readonly deadline: bigint;
}

/** The gate at an address. Reading needs a provider, everything else a signer. Methods are used by the functions below. */
export const connectGate = (address: string, runner: ContractRunner): Contract =>
  new Contract(address, GATE_ABI, runner);

/** Lets an address post roots, or no more. Only the owner. */
export const setPublisher = (gate: Contract, publisher: string, allowed: boolean): Promise<TransactionReceipt> =>
  send(gate, 'setPublisher', [publisher, allowed], 'the change of a publisher');

/** Accepts a verifier for the risk roots of a model, or no more. Only the owner. */
export const setVerifier = (
  gate: Contract,
  verifier: string,
  modelHash: bigint,
  allowed: boolean,
): Promise<TransactionReceipt> => send(gate, 'setVerifier', [verifier, modelHash, allowed], 'the change of a verifier');

/** Posts an account root with its time. Only a publisher. */
export const postAccountRoot = (gate: Contract, root: bigint, time: bigint): Promise<TransactionReceipt> =>
  send(gate, 'postAccountRoot', [root, time], 'the account root');

/** Posts a risk root with its time and model hash. Only a publisher; times never go back. */
export const postRiskRoot = (
  gate: Contract,
  root: bigint,
  time: bigint,
  modelHash: bigint,
): Promise<TransactionReceipt> => send(gate, 'postRiskRoot', [root, time, modelHash], 'the risk root');

/** Revokes an account root for good. Only a publisher or the owner. */
export const revokeAccountRoot = (gate: Contract, root: bigint): Promise<TransactionReceipt> =>
  send(gate, 'revokeAccountRoot', [root], 'the revocation');

/** Revokes a risk root for good. Only a publisher or the owner. */
export const revokeRiskRoot = (gate: Contract, root: bigint): Promise<TransactionReceipt> =>
  send(gate, 'revokeRiskRoot', [root], 'the revocation');

/**
 * Submits a proof as the gate's signer. CHAIN with the contract's error in `details.error` when it is refused:
 * DeadlinePassed, WrongContext, WrongScope, ThresholdTooLow, EquityFloorTooLow, UnknownAccountRoot, UnknownRiskRoot,
 * AccountRootIsRevoked, RiskRootIsRevoked, RiskRootSuperseded, VerifierNotAccepted, RootTimesTooFarApart, Stale,
 * RootTimeWentBack, NullifierTaken, SubjectBoundElsewhere, ProofInvalid, NotEnoughGas or PrecompileFailed.
 */
export const submitProof = (gate: Contract, submission: Submission): Promise<TransactionReceipt> => {
  const { verifier, proof, publicSignals, actionHash, deadline } = submission;
  return send(gate, 'submit', [verifier, proofCalldata(proof), publicSignals, actionHash, deadline], 'the proof');
};

/** Whether the subject has a proof that still counts: in time, and with neither root revoked. */
export const isSolvent = async (gate: Contract, subject: string): Promise<boolean> =>
  (await read(gate, 'isSolvent', [subject])) as boolean;

/** What the subject last proved. Says nothing about revocation: see isSolvent. */
export async function statusOf(gate: Contract, subject: string): Promise<GateStatus> {
  const status = (await read(gate, 'statusOf', [subject])) as GateStatus;
  return {
    accountTime: status.accountTime,
    riskTime: status.riskTime,
    solventUntil: status.solventUntil,
    thresholdBps: status.thresholdBps,
    equityFloor: status.equityFloor,
    accountRoot: status.accountRoot,
    riskRoot: status.riskRoot,
  };
}

/** The policy of a gate. */
export async function policyOf(gate: Contract): Promise<GatePolicy> {
  const policy = (await read(gate, 'policy', [])) as GatePolicy;
  return {
    minThresholdBps: policy.minThresholdBps,
    minEquityFloor: policy.minEquityFloor,
    scope: policy.scope,
    maxAge: policy.maxAge,
    maxRootGap: policy.maxRootGap,
    riskGrace: policy.riskGrace,
  };
}

async function read(gate: Contract, method: string, args: readonly unknown[]): Promise<unknown> {
  try {
    return await gate.getFunction(method).staticCall(...args);
  } catch (cause) {
    throw chainError(cause, gate.interface, `the call of ${method}`);
  }
}

async function send(
  gate: Contract,
  method: string,
  args: readonly unknown[],
  what: string,
): Promise<TransactionReceipt> {
  try {
    const transaction = await gate.getFunction(method).send(...args);
    const receipt = await transaction.wait();
    if (receipt === null) throw new SolvencyError('CHAIN', `There is no receipt for ${what}.`);
    return receipt;
  } catch (cause) {
    throw chainError(cause, gate.interface, what);
  }
}
