import type { Account } from '../account/account.js';
import { EMPTY_ACCOUNT_NODES } from '../account/accountTree.js';
import type { BatchShape } from '../liabilities/batchTranscripts.js';
import { childrenBefore } from '../liabilities/childrenBefore.js';
import { ACCOUNT_TREE_DEPTH, TREE_ARITY } from '../protocol/constants.js';

/** What proving reads of a committed book. */
export interface BookAccess {
  /** the accounts at `count` places from `first`; undefined where there is none */
  accounts(first: number, count: number): Promise<readonly (Account | undefined)[]>;
  /** a node of the finished tree; undefined above empty places only */
  node(level: number, index: number): Promise<bigint | undefined>;
}

/** Roots of a batch's subtrees. */
export const subtreeRoots = (book: BookAccess, firstIndex: number, { height, run }: BatchShape) =>
  Promise.all(
    Array.from({ length: run }, async (_, s) => {
      const root = await book.node(height, firstIndex / TREE_ARITY ** height + s);
      return root ?? (EMPTY_ACCOUNT_NODES[height] as bigint);
    }),
  );

/** All eight children per level above a batch's subtrees, with only the accounts before it in the tree. */
export async function treeChildrenBefore(
  book: BookAccess,
  firstIndex: number,
  shape: BatchShape,
): Promise<readonly (readonly bigint[])[]> {
  const nodes = new Map<string, bigint | undefined>();
  for (let level = shape.height; level < ACCOUNT_TREE_DEPTH; level++) {
    const index = Math.floor(firstIndex / TREE_ARITY ** level);
    for (let left = index - (index % TREE_ARITY); left < index; left++) {
      nodes.set(`${level} ${left}`, await book.node(level, left));
    }
  }
  return childrenBefore(firstIndex, shape, (level, index) => nodes.get(`${level} ${index}`));
}
