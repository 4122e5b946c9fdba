import { EMPTY_ACCOUNT_NODES } from '../account/accountTree.js';
import { taggedHash } from '../hash/taggedHash.js';
import { ACCOUNT_TREE_DEPTH, TAGS, TREE_ARITY } from '../protocol/constants.js';

/**
 * All eight children per level on the way up from a batch's place, when only the accounts before it stand in the tree:
 * to the left as in the finished tree, which `nodeOf` knows (undefined: above empty places only), empty from there on.
 */
export function childrenBefore(
  firstIndex: number,
  { height }: { readonly height: number },
  nodeOf: (level: number, index: number) => bigint | undefined,
): readonly (readonly bigint[])[] {
  let own = EMPTY_ACCOUNT_NODES[height] as bigint;
  return Array.from({ length: ACCOUNT_TREE_DEPTH - height }, (_, i) => {
    const level = height + i;
    const index = Math.floor(firstIndex / TREE_ARITY ** level);
    const first = index - (index % TREE_ARITY);
    const empty = EMPTY_ACCOUNT_NODES[level] as bigint;
    const children = Array.from({ length: TREE_ARITY }, (_, place) => {
      if (first + place < index) return nodeOf(level, first + place) ?? empty;
      return first + place === index && i > 0 ? own : empty;
    });
    own = taggedHash(TAGS.accountNode, children);
    return children;
  });
}
