import { SolvencyError } from '../errors.js';
import { ACCOUNT_TREE_DEPTH, TAGS, TREE_ARITY } from '../protocol/constants.js';
import { buildTree, childrenAbove, type Tree } from '../tree/tree.js';
import type { Account } from './account.js';
import { type AccountRootOpening, accountRoot } from './accountRoot.js';
import { accountTreeRoot } from './accountTreeRoot.js';
import { leafOf } from './leaf.js';
import { isLongSalt } from './salt.js';

/** Where an account stands in a tree: its place, and per level the seven siblings on the way up. */
export interface TreePath {
  readonly index: number;
  readonly siblings: readonly (readonly bigint[])[];
}

/** What `prove` needs of a venue for one account: the leaf's opening, its path, and the opening of the account root. */
export interface AccountPackage {
  readonly account: Account;
  readonly path: TreePath;
  readonly root: AccountRootOpening;
}

/** Builds the tree over leaves (places without an account hold 0). */
export const buildAccountTree = (leaves: readonly bigint[]): Tree =>
  buildTree(TAGS.accountNode, ACCOUNT_TREE_DEPTH, leaves);

/** Roots of subtrees without any account, by height, the whole tree's last. */
export const EMPTY_ACCOUNT_NODES: readonly bigint[] = buildAccountTree([]).empty;

/** The path of one place. */
export function pathOf(tree: Tree, index: number): TreePath {
  const siblings = childrenAbove(tree, index).map((children, level) => {
    const own = Math.floor(index / TREE_ARITY ** level) % TREE_ARITY;
    return children.filter((_, place) => place !== own);
  });
  return { index, siblings };
}

/** All eight children per level, the account's own node put among its siblings. */
export function pathChildren(leaf: bigint, path: TreePath): readonly (readonly bigint[])[] {
  const levels: bigint[][] = [];
  let node = leaf;
  let index = path.index;
  for (const siblings of path.siblings) {
    const children = [...siblings.slice(0, index % TREE_ARITY), node, ...siblings.slice(index % TREE_ARITY)];
    levels.push(children);
    node = buildTree(TAGS.accountNode, 1, children).root;
    index = Math.floor(index / TREE_ARITY);
  }
  return levels;
}

/** The account root that a package leads to; throws ConstraintViolation when its index is outside the tree. */
export function packageRoot({ account, path, root }: AccountPackage): bigint {
  const leaf = leafOf(account);
  const treeRoot = accountTreeRoot(leaf, BigInt(path.index), pathChildren(leaf, path));
  return accountRoot({ ...root, treeRoot });
}

/**
 * Commits accounts to a tree in the order given and makes each one's package. OUT_OF_RANGE for a salt of less than 128 bits:
 * whoever has a neighbour's leaf, as every user does, would find a small balance in it by trying.
 */
export function commitAccounts(
  accounts: readonly Account[],
  venue: { readonly venueId: bigint; readonly registryHash: bigint; readonly time: bigint },
): readonly AccountPackage[] {
  const short = accounts.findIndex(({ salt }) => !isLongSalt(salt));
  if (short >= 0) {
    throw new SolvencyError(
      'OUT_OF_RANGE',
      `accounts[${short}] has a salt of less than 128 bits. Draw 248 random bits.`,
      {
        details: { index: short },
      },
    );
  }
  const tree = buildAccountTree(accounts.map(leafOf));
  const root = { ...venue, treeRoot: tree.root };
  return accounts.map((account, index) => ({ account, path: pathOf(tree, index), root }));
}
