/** One asset's balance. `amount` is signed (negative is debt) in units of 10^-amountDecimals, never zero. */
export interface CollateralEntry {
  readonly assetId: number;
  readonly amount: bigint;
}

/** One net position. `size` is signed in units of 10^-amountDecimals, never zero; `cost` is signed in 1e-8 quote. */
export interface PositionEntry {
  readonly instrumentId: number;
  readonly size: bigint;
  readonly cost: bigint;
}

/** What an account holds; both lists have strictly increasing ids. */
export interface Holdings {
  readonly collateral: readonly CollateralEntry[];
  readonly positions: readonly PositionEntry[];
}

/** All that a leaf of the account tree commits to. `accountId` and `salt` are field elements. */
export interface Account extends Holdings {
  readonly ownerCommitment: bigint;
  readonly accountId: bigint;
  readonly salt: bigint;
}
