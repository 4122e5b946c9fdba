import type { Account, Holdings } from '../account/account.js';

/** One account of a venue's book, before it has a place in the tree. */
export interface BookAccount {
  /** what the user knows, see accountId.ts */
  readonly identifier: string;
  readonly accountId: bigint;
  readonly ownerCommitment: bigint;
  /** false: the venue made the owner, so nobody can prove with this account */
  readonly provable: boolean;
  /** the venue's own: totalled apart from its customers' */
  readonly venueOwned: boolean;
  readonly holdings: Holdings;
}

/** An account of a committed book. */
export interface CommittedAccount extends BookAccount {
  /** place in the account tree */
  readonly index: number;
  readonly salt: bigint;
}

/** What the leaf of a committed account commits to. */
export const leafAccount = ({ holdings, ownerCommitment, accountId, salt }: CommittedAccount): Account => ({
  ...holdings,
  ownerCommitment,
  accountId,
  salt,
});

/** Random bytes; only tests give others than those of the system. */
export type RandomBytes = (count: number) => Uint8Array;
