import { ranged } from '../numbers/ranged.js';
import { ACCOUNT_TREE_DEPTH, TAGS } from '../protocol/constants.js';
import { indexBits } from '../tree/indexBits.js';
import { parentNode } from '../tree/parentNode.js';

/** Twin of AccountTreeRoot: root above a leaf; `children` holds all eight children per level, from the leaves up. */
export function accountTreeRoot(leaf: bigint, index: bigint, children: readonly (readonly bigint[])[]): bigint {
  ranged(3 * ACCOUNT_TREE_DEPTH, index);
  const bits = indexBits(index, ACCOUNT_TREE_DEPTH);
  return children.reduce(
    (node, siblings, level) => parentNode(TAGS.accountNode, node, bits.slice(3 * level, 3 * level + 3), siblings),
    leaf,
  );
}
