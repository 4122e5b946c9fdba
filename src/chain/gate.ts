import { type ContractRunner, type TransactionReceipt, ZeroHash } from 'ethers';
import type { PublicSignals } from '../margin/opening.js';
import { type MarginProof, type ProofPoints, signalList } from '../proof/marginProof.js';
import { solvencyGateAbi } from './abi/solvencyGate.js';
import { type ArgumentsOf, type ContractClient, connect, type ResultOf } from './contractClient.js';
import { proofCalldata } from './proofCalldata.js';

/** A SolvencyGate. Its functions beside those below are called with `read` and `send`. */
export type Gate = ContractClient<typeof solvencyGateAbi>;

/** What a gate's proofs must reach; times in seconds, the floor in 1e-16 quote units: ISolvencyGate.Policy. */
export type GatePolicy = ResultOf<typeof solvencyGateAbi, 'policy'>;

/** What a subject last proved; all zero if nothing: ISolvencyGate.Record. */
export type GateRecord = ResultOf<typeof solvencyGateAbi, 'recordOf'>;

/** Where a subject stands, in the order of ISolvencyGate.Status. */
export const STATUSES = ['Unknown', 'Healthy', 'MarginCall', 'Liquidatable'] as const;
export type Status = (typeof STATUSES)[number];

/** A proof as it goes to a gate; its context names the gate, the consumer, the subject, the action and the deadline. */
export interface Submission {
  /** address of whom the proof makes solvent */
  readonly subject: string;
  /** last second at which the proof may be submitted */
  readonly deadline: bigint;
  /** address under which the venue posted the account root */
  readonly venue: string;
  /** address of the verifier of the proof's circuit */
  readonly verifier: string;
  readonly proof: ProofPoints;
  readonly publicSignals: PublicSignals;
  /** 32 bytes, 0x-prefixed; zero for no action */
  readonly actionHash: string;
}

/** A submission as contracts take it. */
export type SubmissionCalldata = ArgumentsOf<typeof solvencyGateAbi, 'submit'>[0];

/** A verifier's circuit under a model with a venue's accounts: what a gate allows. */
export interface Allowance {
  readonly verifier: string;
  readonly modelHash: bigint;
  readonly venue: string;
}

/** Subjects that are asked for at once. */
const PAGE = 500n;
const HOUR = 3600n;

/** The gate at an address. Reading needs a provider, everything else a signer. */
export const connectGate = (address: string, runner: ContractRunner): Gate => connect(solvencyGateAbi, address, runner);

/** The submission of a proof that was made for the context of no action, or of `actionHash`. */
export const submissionOf = (
  { proof, publicSignals }: MarginProof,
  rest: Pick<Submission, 'subject' | 'deadline' | 'venue' | 'verifier'> & { readonly actionHash?: string },
): Submission => ({ actionHash: ZeroHash, ...rest, proof, publicSignals });

/** What a function of a contract takes that uses a proof for an action: the last argument of SolvencyLender.borrowProven. */
export const submissionCalldata = (submission: Submission): SubmissionCalldata => ({
  ...submission,
  proof: proofCalldata(submission.proof),
  // as many as there are names
  publicSignals: signalList(submission.publicSignals) as SubmissionCalldata['publicSignals'],
});

/** Lets a verifier count for proofs under a model against roots of a venue, or no more. Only the owner. */
export const allow = (
  gate: Gate,
  { verifier, modelHash, venue }: Allowance,
  allowed: boolean,
): Promise<TransactionReceipt> => gate.send('allow', [verifier, modelHash, venue, allowed]);

/**
 * Submits a proof of the gate's signer. PROOF_INVALID, EXPECTATION_NOT_MET or STALE_SNAPSHOT as `verify` would say, CHAIN
 * for a deadline that has passed, a paused oracle or a starved call; `details.error` is the contract's error.
 */
export const submitProof = (gate: Gate, submission: Submission): Promise<TransactionReceipt> =>
  gate.send('submit', [submissionCalldata(submission)]);

/**
 * Submits proofs of many subjects, all by one verifier. Anybody, once each subject has submitted one itself; what is sent for
 * it is of later roots.
 */
export const submitProofs = (gate: Gate, submissions: readonly Submission[]): Promise<TransactionReceipt> =>
  gate.send('submitMany', [submissions.map(submissionCalldata)]);

/**
 * Uses a proof up for the action that the gate's signer carries out. Contracts do this themselves, in the function that
 * takes the submission; here the signer is the proof's consumer.
 */
export const useProof = (gate: Gate, submission: Submission): Promise<TransactionReceipt> =>
  gate.send('useProof', [submissionCalldata(submission)]);

/** Whether the subject may act on its last proof: in time, with neither root revoked and the oracle not paused. */
export const isSolvent = (gate: Gate, subject: string): Promise<boolean> => gate.read('isSolvent', [subject]);

/** Where the subject stands; deadlines stand still while no root can be had. */
export const statusOf = async (gate: Gate, subject: string): Promise<Status> =>
  // the contract has no other
  STATUSES[Number(await gate.read('statusOf', [subject]))] as Status;

/** Seconds with usable roots until the subject's status changes. */
export const secondsLeft = (gate: Gate, subject: string): Promise<bigint> => gate.read('secondsLeft', [subject]);

/** What the subject last proved. Says nothing about revocation: see isSolvent. */
export const recordOf = (gate: Gate, subject: string): Promise<GateRecord> => gate.read('recordOf', [subject]);

/** The policy of a gate. */
export const policyOf = (gate: Gate): Promise<GatePolicy> => gate.read('policy', []);

/**
 * Subjects whose last proof ends within the hour that holds a time, in no order. Whom of them to call, statusOf says; who is
 * called early, by a revocation, is known from the events of the sources.
 */
export async function dueSubjects(gate: Gate, time: bigint): Promise<readonly string[]> {
  const hour = time / HOUR;
  // a subject that renews changes the places of others, so all pages are of one block
  const block = await gate.latestBlock();
  const due: string[] = [];
  for (let offset = 0n; ; offset += PAGE) {
    const page = await gate.read('dueIn', [hour, offset, PAGE], block);
    due.push(...page);
    if (BigInt(page.length) < PAGE) return due;
  }
}

/** Has StatusChanged emitted for those of the subjects whose status has changed since it last was. Anybody. */
export const syncStatuses = (gate: Gate, subjects: readonly string[]): Promise<TransactionReceipt> =>
  gate.send('sync', [subjects]);
