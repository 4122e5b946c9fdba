import type { AccountRootOpening } from '../account/accountRoot.js';
import type { TableChoice } from '../liabilities/tableChoice.js';

/**
 * What an attestation shows. opened: all totals, which anybody compares with reserves. covered: that reserves cover
 * liabilities, totals hidden. covered with loans: the same after subtracting what accounts with standing owe.
 */
export const CLAIMS = ['opened', 'covered', 'covered with loans'] as const;
export type AttestationClaim = (typeof CLAIMS)[number];

/** The manifest of a bundle: the one file that is not named in it. */
export const MANIFEST_PATH = 'attestation.json';

/** A file of a bundle, by its path inside it. */
export interface BundleFile {
  readonly path: string;
  readonly sha256: string;
}

/** One of the public choices of rows that batches use, for one circuit. */
export interface AttestedTable {
  readonly circuit: string;
  readonly choice: TableChoice;
}

/** One batch: its table, its place, the hash of the chain's state after it, its proof. */
export interface AttestedBatch {
  /** index in the attestation's tables */
  readonly table: number;
  readonly firstIndex: number;
  readonly stateAfter: bigint;
  readonly proof: BundleFile;
}

/** What the claim with loans publishes: by asset, 1e-16 quote, what is subtracted; and the largest single debtor. */
export interface Loans {
  readonly largestDebtor: bigint;
  readonly subtracted: ReadonlyMap<number, bigint>;
}

/**
 * What a covered claim was proven against: values in 1e-16 quote. A verifier computes reserves of their own from the
 * evidence, and what was proven against must not exceed them.
 */
export interface Covered {
  /** all reserves after haircuts */
  readonly reserveValue: bigint;
  /** in the order of the closing circuit's rows, without the padding */
  readonly reserves: readonly { readonly id: number; readonly value: bigint }[];
}

/** The manifest of a bundle: what is stated, and the hash of every file that shows it. */
export interface Attestation {
  /** name and version of what made it */
  readonly software: string;
  readonly venue: string;
  readonly claim: AttestationClaim;
  readonly accountRoot: bigint;
  readonly accountRootOpening: AccountRootOpening;
  readonly riskRoot: bigint;
  /** hash of the liabilities statement that every batch carries */
  readonly statement: bigint;
  /** first place of the venue's own accounts */
  readonly venueStart: number;
  /** customers' accounts */
  readonly accounts: number;
  readonly tables: readonly AttestedTable[];
  readonly batches: readonly AttestedBatch[];
  readonly closing: { readonly circuit: string; readonly proof: BundleFile };
  /** of every circuit that proofs are made with */
  readonly verificationKeys: readonly {
    readonly circuit: string;
    readonly keyHash: string;
    readonly file: BundleFile;
  }[];
  readonly snapshot: BundleFile;
  /** opened: totals; covered: none */
  readonly totals: BundleFile | null;
  readonly loans: Loans | null;
  readonly covered: Covered | null;
  readonly evidence: BundleFile;
  /** the venue's signature over the attestation's id */
  readonly signature: string;
}
