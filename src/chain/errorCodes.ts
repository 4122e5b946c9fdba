import type { ExtractAbiErrorNames } from 'abitype';
import type { ErrorCode } from '../errors.js';
import type { abis } from './abi/index.js';

/** Names of the errors of all our contracts. */
export type ContractErrorName = {
  [Name in keyof typeof abis]: ExtractAbiErrorNames<(typeof abis)[Name]>;
}[keyof typeof abis];

/** What an error of a contract means: a code of this library, or how to tell it from the error's arguments, and words. */
export interface Refusal {
  readonly code: ErrorCode | ((args: readonly unknown[]) => ErrorCode);
  readonly words: string;
}

/** IReserveAttestations.Fault.Proof */
const FAULT_PROOF = 11n;

const proof = (words: string): Refusal => ({ code: 'PROOF_INVALID', words });
const expectation = (words: string): Refusal => ({ code: 'EXPECTATION_NOT_MET', words });
const stale = (words: string): Refusal => ({ code: 'STALE_SNAPSHOT', words });
const input = (words: string): Refusal => ({ code: 'INVALID_INPUT', words });
const duplicate = (words: string): Refusal => ({ code: 'DUPLICATE', words });
const chain = (words: string): Refusal => ({ code: 'CHAIN', words });

/**
 * The one table from errors of contracts to codes of this library: a proof that a contract refuses has the code with which
 * `verify` would refuse it. Malformed arguments are INVALID_INPUT; who may call, when, and what with is CHAIN.
 */
export const REFUSALS = {
  // a proof
  ProofInvalid: proof('the proof is invalid'),
  EntryRefused: {
    code: ([, fault]) => (fault === FAULT_PROOF ? 'PROOF_INVALID' : 'EXPECTATION_NOT_MET'),
    words: 'a proof of the book is not what the attestation says it is',
  },

  // what a proof shows is not what is asked
  WrongContext: expectation('the proof is for another chain, gate, consumer, subject, action or deadline'),
  WrongScope: expectation('the proof is for another scope'),
  WrongAction: expectation('the proof is for another action'),
  ActionExpected: expectation('the proof is for no action'),
  ActionNotExpected: expectation('the proof is for an action, so it goes to the contract that carries the action out'),
  ThresholdTooLow: expectation('the proven margin ratio is below the policy'),
  EquityFloorTooLow: expectation('the proven equity is below the policy'),
  UnknownAccountRoot: expectation('the venue never posted the account root of the proof'),
  UnknownRiskRoot: expectation('the risk root was never posted'),
  AccountRootIsRevoked: expectation('the account root was revoked'),
  RiskRootIsRevoked: expectation('the risk root was revoked'),
  RiskRootSuperseded: expectation('a newer risk root was posted, and its grace has passed: prove against that one'),
  RootTimesTooFarApart: expectation('the times of the two roots lie too far apart'),
  RootTimeWentBack: expectation('the subject has already proven against a later root'),
  NotAllowed: expectation('the verifier is not allowed for the model of this risk root and this venue'),
  ProofAlreadyUsed: expectation('the proof was used for its action before'),
  NullifierTaken: expectation('another subject uses this account owner in the scope'),
  SubjectBoundElsewhere: expectation('the subject is bound to another account owner in the scope'),
  SubjectNotBound: expectation('the subject has to submit a first proof itself'),
  NothingNew: expectation('the subject has proven against these roots itself'),
  NotTheSubject: expectation('the caller is not the subject of the proof'),
  NotSolvent: expectation('the subject is not solvent at the gate'),
  NotFinal: expectation("the venue's attestation of this root is not final"),
  MarkJumped: expectation('a mark jumped, and the reviewers have not signed'),
  MarkAppeared: expectation('a mark is new, and the reviewers have not signed'),
  MarksVanished: expectation('marks are missing, and the reviewers have not signed'),
  ListedMarkMissing: expectation('an instrument with a feed has no mark'),
  MarkOffFeed: expectation('a mark is off its feed'),
  NotInQuorum: expectation('a signature is by somebody else, or of other data'),
  QuorumNotReached: expectation('there are too few signatures'),
  NotCovered: expectation('the collateral would not cover the loan'),

  // a root that is too old
  Stale: stale('a root is too old'),

  // arguments
  InvalidPolicy: input('no gate can have this policy'),
  VenueNotFit: input('the venue is not registered, or its roots last longer than the policy lets proofs count'),
  NotAContract: input('there is no contract at this address'),
  InvalidBatch: input('a batch has at least one proof, all of one verifier'),
  InvalidScope: input('the scope is not below the order of the field'),
  InvalidRoot: input('a root is above zero and below the order of the field'),
  InvalidMaxAge: input('roots last 1 to 2^32 seconds'),
  InvalidBundleHash: input('no attestation has this id'),
  InvalidThreshold: input('a quorum needs at least one member and at most all of them'),
  DuplicateMember: input('an account is in the quorums twice'),
  ZeroAddress: input('an account is zero'),
  SignersNotAscending: input('signatures have to be in the order of their signers'),
  ECDSAInvalidSignature: input('a signature is malformed'),
  ECDSAInvalidSignatureLength: input('a signature has another length than 65 bytes'),
  ECDSAInvalidSignatureS: input('a signature is in its second form'),
  NoMarks: input('a snapshot has marks'),
  MarksNotAscending: input('marks have to be in the order of their ids'),
  ZeroMark: input('a mark is zero'),
  InvalidConfig: input('a setting is out of bounds'),
  UnusableVerifier: input('a verifier cannot be used for its kind'),
  WrongInstrument: input('the check is for another instrument'),
  InvalidHeader: input('the header is malformed'),
  InvalidBatches: input('the batches are none, or not as many as their signals'),
  NoSuchPosition: input('the attestation has no proof at this position'),
  NotInTree: input('the entry does not stand at this position of the tree'),
  MalformedEntry: input('verifier or signals are already wrong: challenge the entry'),
  WrongValue: input('another value has to be sent along'),
  InvalidTerms: input('no lender can have these terms'),
  ZeroAmount: input('the amount is zero'),
  InvalidShortString: input('a name is malformed'),
  StringTooLong: input('a name is too long'),
  SafeCastOverflowedUintDowncast: input('a number is too large'),
  OwnableInvalidOwner: input('the owner is zero'),

  // what is there already
  AlreadyRegistered: duplicate('the venue is registered'),
  RootAlreadyPosted: duplicate('the venue has posted this root'),
  RootAlreadyRevoked: duplicate('the venue has revoked this root'),
  RiskRootAlreadyPosted: duplicate('the root was posted before'),
  AlreadyAttested: duplicate('the venue has attested this root and bundle'),
  AlreadyDemanded: duplicate('the entry was demanded before'),

  // who
  OwnableUnauthorizedAccount: chain('only the owner may do this'),
  NotAGate: chain('the registry has not admitted the gate'),
  NotRegistered: chain('the venue is not registered'),
  NotThePoster: chain('only the venue or its poster may do this'),
  NotTheGuardian: chain('only the guardian or the owner may do this'),
  NotTheVenue: chain('only the venue of the attestation may do this'),
  NotListed: chain('the instrument has no feed'),

  // when
  DeadlinePassed: chain('the deadline of the proof has passed'),
  TimeInFuture: chain('the time of the root lies ahead of the chain'),
  OutageTooSoon: chain('the roots came back from an outage a moment ago: try again in some minutes'),
  TimeWentBack: chain('a root of a later time was posted'),
  RiskOraclePaused: chain('the risk oracle is paused'),
  EnforcedPause: chain('the contract is paused'),
  ExpectedPause: chain('the contract is not paused'),
  WrongState: chain('the attestation stands elsewhere'),
  BatchesLeft: chain('batches are still to be sent'),
  NothingWrong: chain('the entry is as it has to be, by what this challenge is about'),
  ProofIsValid: chain('the proof is valid'),
  TooLateToDemand: chain('the time for demands has passed'),
  NotDemanded: chain('no demand for the entry is open'),
  TooLateToAnswer: chain('the time for the answer has passed'),
  TimeToAnswer: chain('there is still time for an answer'),
  RoundIncomplete: chain('the feed has no answer'),
  InvalidAnswer: chain('the answer of the feed is no price'),
  AnswerInFuture: chain('the answer of the feed is from the future'),
  StaleAnswer: chain('the answer of the feed is too old'),
  InvalidPrice: chain('the answer of the feed is no price'),
  StalePrice: chain('the answer of the feed is too old'),
  NotLiquidatable: chain('the loan is covered'),
  NothingToSeize: chain('for that amount there is nothing to gain'),
  ReentrancyGuardReentrantCall: chain('the call came back into the contract'),

  // gas and funds
  NotEnoughGas: chain('the call needs more gas'),
  PrecompileFailed: chain('the pairing failed: a point is outside of its group, or the chain has no such pairing'),
  CheckUnfinished: chain('the check of the proof ended without an answer'),
  NoBond: chain('the bond is not here'),
  NothingToWithdraw: chain('there is nothing to withdraw'),
  NotEnoughLiquidity: chain('there is not so much to lend'),
  NotEnoughCollateral: chain('there is not so much collateral'),
  SafeERC20FailedOperation: chain('the token refused'),
  TransferNotExact: chain('the token moved another amount'),
  FailedCall: chain('the account takes no ether'),
  InsufficientBalance: chain('the contract has not so much ether'),
} as const satisfies Readonly<Record<ContractErrorName, Refusal>>;

/** The code of a refusal with these arguments. */
export const codeOf = ({ code }: Refusal, args: readonly unknown[]): ErrorCode =>
  typeof code === 'function' ? code(args) : code;
