import type { Account, Holdings } from './account.js';
import { accountLeaf } from './accountLeaf.js';
import { collateralList } from './collateralList.js';
import { positionList } from './positionList.js';
import { checkHoldings, collateralSlots, positionSlots } from './slots.js';

/** Hashes of the two lists of an account; throws what checkHoldings throws. */
export function holdingsHashes(holdings: Holdings): {
  readonly collateralHash: bigint;
  readonly positionsHash: bigint;
} {
  checkHoldings(holdings);
  const { collateral, positions } = holdings;
  return {
    collateralHash: collateralList(BigInt(collateral.length), collateralSlots(holdings, collateral.length)).hash,
    positionsHash: positionList(BigInt(positions.length), positionSlots(holdings, positions.length)).hash,
  };
}

/** The leaf that commits to an account. */
export const leafOf = (account: Account): bigint => accountLeaf({ ...account, ...holdingsHashes(account) });
