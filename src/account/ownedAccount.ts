import { constrain } from '../numbers/constraint.js';
import { accountLeaf } from './accountLeaf.js';
import type { AccountOpening } from './accountOpening.js';
import { accountRoot } from './accountRoot.js';
import { accountTreeRoot } from './accountTreeRoot.js';
import { collateralList } from './collateralList.js';
import { nullifier } from './nullifier.js';
import { ownerCommitment } from './ownerCommitment.js';
import { positionList } from './positionList.js';

/** Which slots of an account hold something, and what they are about. */
export interface OwnedSlots {
  readonly collateralUsed: readonly bigint[];
  readonly collateralId: readonly bigint[];
  readonly positionUsed: readonly bigint[];
  readonly positionId: readonly bigint[];
}

/** Twin of OwnedAccount: the account behind the public signals, in the slots of the opening. */
export function ownedAccount(
  account: AccountOpening,
  signals: { readonly accountRoot: bigint; readonly nullifier: bigint; readonly scope: bigint },
): OwnedSlots {
  // 1. the account's lists
  const collateral = collateralList(account.collateralCount, account.collateral);
  const positions = positionList(account.positionCount, account.positions);

  // 2. the leaf, which only its owner can open
  const leaf = accountLeaf({
    ownerCommitment: ownerCommitment(account.ownerSecret),
    accountId: account.accountId,
    collateralHash: collateral.hash,
    positionsHash: positions.hash,
    salt: account.salt,
  });

  // 3. the leaf stands in the tree behind accountRoot
  const root = accountRoot({
    venueId: account.venueId,
    registryHash: account.registryHash,
    treeRoot: accountTreeRoot(leaf, account.leafIndex, account.treeChildren),
    time: account.time,
  });
  constrain(root === signals.accountRoot, 'OwnedAccount', 'the account root is another');

  // 4. the owner's nullifier in this scope
  const owned = nullifier(account.ownerSecret, signals.scope);
  constrain(owned === signals.nullifier, 'OwnedAccount', 'the nullifier is another');

  return {
    collateralUsed: collateral.used,
    collateralId: collateral.id,
    positionUsed: positions.used,
    positionId: positions.id,
  };
}
