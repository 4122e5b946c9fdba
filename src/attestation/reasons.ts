import { type ErrorCode, type ErrorDetails, SolvencyError } from '../errors.js';

/**
 * Why an attestation or an inclusion file is refused, as words that stay the same and that other implementations can be
 * held to: `details.reason` of the error. The texts are what conformance/README.md says of them.
 */
export const REASONS = {
  // the bundle
  FILE_MISSING: 'a file that the manifest names is not there',
  FILE_OUTSIDE: 'a file of the bundle is a link, no plain file, no text in UTF-8, or too large',
  FILE_ALTERED: 'a file does not have the hash that the manifest names',
  MANIFEST_INVALID: 'the manifest is missing or not well formed',
  CLAIM: 'the manifest holds what its claim does not have, or lacks what it has',
  SIGNATURE: "the venue's key did not sign this attestation",
  VENUE: "the attestation is another venue's than the policy's",
  POLICY: 'the policy names assets that the registry does not have',
  // verification keys
  KEY_MISSING: 'a circuit has no verification key in the manifest, or two',
  KEY_INVALID: 'a verification key is not well formed or not for the signals of its circuit',
  KEY_INSECURE: 'proofs of false statements are known to exist under a verification key',
  KEY_NOT_PINNED: 'a verification key is not the one that the policy pins for its circuit',
  // snapshot, registry, account root
  SNAPSHOT_INVALID:
    'the snapshot is not well formed, breaks a rule of its model, or is of a model that no book is valued with',
  RISK_ROOT: 'the snapshot does not hash to the risk root',
  REGISTRY: "the account root commits to another registry than the snapshot's",
  ACCOUNT_ROOT_OPENING: 'the account root is not the hash of its opening',
  MARKS: "a price lies outside the policy's marks",
  AGE: 'snapshot and account root lie too far apart, or in the future',
  // tables and batches
  CIRCUIT_UNKNOWN: 'there is no such circuit, or it is one for something else',
  TABLE_INVALID: 'a table names rows that the snapshot does not have, or does not fit its circuit',
  BATCH_ORDER: 'a batch begins before the one ahead of it ends',
  BATCH_ALIGNMENT: "a batch does not begin at a multiple of its circuit's accounts, or ends outside the tree",
  VENUE_BOUNDARY: "the venue's own accounts begin inside a batch",
  BATCH_FILE: 'the file of a proof is not well formed',
  BATCH_CIRCUIT: 'the file of a proof names another circuit or key than the manifest',
  BATCH_SIGNALS: 'a proof has another number of signals than its circuit',
  BATCH_CHAIN: 'a batch does not begin where the chain stands, or ends elsewhere than the manifest says',
  STATEMENT: 'a batch is about another statement',
  BATCH_TABLE: 'a batch was proven under another table than the snapshot gives',
  BATCH_PLACE: 'a batch is about other places of the tree',
  BATCH_PROOF: 'the proof of a batch is not valid',
  // the end of the chain
  CLOSING_CIRCUIT: 'the closing circuit is not one for the claim',
  CLOSING_FILE: 'the file of the closing proof is not well formed, or names another circuit or key',
  CLOSING_SIGNALS: 'the closing proof is about something else than the manifest',
  CLOSING_PROOF: 'the closing proof is not valid',
  ACCOUNTS: "the number of customers' accounts is another",
  // what is claimed
  TOTALS_INVALID: 'the totals are not well formed, name ids twice or that the snapshot lacks, or do not fit their rows',
  TOTALS_RANGE: 'a total is larger than a book can have, or has the wrong sign',
  TOTALS_HASH: 'the totals are not those that were claimed before the proof',
  TOTALS_DEBTOR: 'the largest debtor is another one than was claimed before the proof',
  TOTALS_SUM: 'the totals are not the sums over the accounts',
  OPEN_INTEREST: 'long and short of an instrument do not balance',
  COVERED_ROWS: 'the reserves or loans of a covered claim name ids twice, in disorder or that the snapshot lacks',
  COVERED_RANGE: 'a value of a covered claim is out of range',
  // reserves
  RESERVES_INVALID: 'the evidence is not well formed',
  RESERVES_BLOCK: "the evidence is not of the verifier's block",
  RESERVES_AGE: 'a block lies too far from the attestation',
  RESERVES_TOKEN: 'the evidence names a token that the policy does not count',
  RESERVES_SLOT: "the evidence names another storage slot than the policy's",
  RESERVES_DUPLICATE: 'a chain, an address or a token occurs twice',
  RESERVES_PROOF: 'a signature or a state proof is not valid for this attestation',
  RESERVES_EXCEEDED: 'a covered claim was proven against more than the evidence shows',
  NOT_COVERED: 'the totals are shown, and reserves do not cover them, not even less the loans',
  // inclusion
  INCLUSION_INVALID: 'the inclusion file is not well formed',
  INCLUSION_REGISTRY: 'the inclusion file is of another venue or registry than the snapshot',
  INCLUSION_ROOT: 'what the file says does not lead to the account root',
  INCLUSION_VENUE: "the account is filed among the venue's own, where it does not count as a customer's",
  INCLUSION_ACCOUNT: 'the account is not the one of the identifier',
  INCLUSION_FIGURES: 'the account cannot be valued under the snapshot',
} as const;

export type Reason = keyof typeof REASONS;

/** The error of a refusal. `where` names the file or place; what is private never stands in it. */
export const refusal = (
  reason: Reason,
  code: ErrorCode,
  where: string,
  what: string,
  details: ErrorDetails = {},
): SolvencyError => new SolvencyError(code, `${where} ${what}.`, { details: { reason, where, ...details } });

/** Runs a step and puts the reason to what it throws; an error that has one of REASONS keeps it. */
export async function withReason<Result>(
  reason: Reason | ((error: SolvencyError) => Reason),
  where: string,
  step: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SolvencyError) || Object.hasOwn(REASONS, String(error.details['reason']))) throw error;
    const word = typeof reason === 'string' ? reason : reason(error);
    throw new SolvencyError(error.code, error.message, {
      details: { where, ...error.details, reason: word },
      ownerOnly: error.ownerOnly,
      cause: error,
    });
  }
}
