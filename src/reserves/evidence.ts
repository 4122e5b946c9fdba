/** Nodes of a Merkle-Patricia trie from the root down, each its RLP in 0x hexadecimal, as eth_getProof gives them. */
export type TrieProof = readonly string[];

/** How an address shows that the venue controls it, over the ownership message of the attestation. */
export type Ownership =
  | { readonly kind: 'eip191' | 'eip712'; readonly signature: string }
  | {
      /** a contract wallet: whether it accepts the signature is a call, which no state proof replays */
      readonly kind: 'eip1271';
      readonly signature: string;
      /** what the collector saw, in words; nothing in it is checked offline */
      readonly checkedOnline: string;
    };

/** What one address holds of one token. */
export interface BalanceEvidence {
  /** the contract, or null for the native coin */
  readonly token: string | null;
  /** storage key of the balance, 32 bytes; null for the native coin. It must be the one that the policy leads to. */
  readonly slot: string | null;
  /** of the slot in the contract's storage; for the native coin, of the address in the state */
  readonly proof: TrieProof;
}

export interface AddressEvidence {
  readonly address: string;
  readonly ownership: Ownership;
  readonly balances: readonly BalanceEvidence[];
}

export interface ChainEvidence {
  readonly chainId: number;
  /** RLP of the block header, whose keccak256 is the block's hash */
  readonly header: string;
  /** the token contracts of the balances, each once: their accounts hold the storage roots */
  readonly contracts: readonly { readonly token: string; readonly accountProof: TrieProof }[];
  readonly addresses: readonly AddressEvidence[];
}

/** What a venue's addresses held, at one block of each chain. Evidence of several chains is joined by joining `chains`. */
export interface ReserveEvidence {
  readonly chains: readonly ChainEvidence[];
}
