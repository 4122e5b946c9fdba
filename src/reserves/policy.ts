import type { Rational } from '../numbers/rational.js';

/** Where a token contract keeps the balances of its holders. */
export interface BalanceLayout {
  /** how the mapping's key is hashed: keccak256(key . slot) or keccak256(slot . key) */
  readonly order: 'solidity' | 'vyper';
  /** the mapping's slot, below 2^256 */
  readonly slot: bigint;
  /** how many low bits of the word are the balance: 256 unless the contract packs something above it */
  readonly bits: number;
}

/** One thing that counts for an asset; several may, such as a coin and its wrapped and bridged forms. */
export interface PolicyToken {
  /** symbol in the venue's registry */
  readonly asset: string;
  readonly chainId: number;
  /** the contract, checksummed; null is the chain's native coin */
  readonly token: string | null;
  readonly decimals: number;
  /** null exactly for the native coin */
  readonly balance: BalanceLayout | null;
}

/** How much a snapshot's prices may differ from the verifier's own. */
export interface MarkPolicy {
  /** largest relative difference, parts per million of the verifier's price */
  readonly assetsPpm: bigint;
  /** by asset symbol, in quote units; above zero */
  readonly prices: ReadonlyMap<string, Rational>;
  /** what becomes of an asset without a price here */
  readonly unpinned: 'accept' | 'refuse';
}

/**
 * What a verifier pins. It never comes from the exchange: with a token, a slot, a price or a key of its own choice an
 * exchange proves whatever it likes.
 */
export interface Policy {
  readonly venue: string;
  /** checksummed address that signs the venue's attestations */
  readonly venueKey: string;
  readonly tokens: readonly PolicyToken[];
  /** parts per million that count in the comparison of values, by asset symbol; an asset that is missing counts zero */
  readonly haircuts: ReadonlyMap<string, bigint>;
  /** symbols whose reserves count zero in every comparison, since the venue can make as many as it likes */
  readonly issuedByVenue: ReadonlySet<string>;
  readonly marks: MarkPolicy;
  /** by circuit name: the hash of the verification key, as keyHash gives it */
  readonly verificationKeys: ReadonlyMap<string, string>;
  /** most seconds between the attestation's time and the timestamp of each block, before or after */
  readonly maxAge: number;
}
