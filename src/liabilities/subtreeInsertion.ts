import { EMPTY_ACCOUNT_NODES } from '../account/accountTree.js';
import { constrain } from '../numbers/constraint.js';
import { ranged } from '../numbers/ranged.js';
import { ACCOUNT_TREE_DEPTH, TREE_ARITY } from '../protocol/constants.js';
import { nodeReplacement } from './nodeReplacement.js';

/**
 * Twin of SubtreeInsertion: root of the account tree before and after a run of subtrees of one height goes to places where
 * there was nothing. `children` holds all eight children per level from that height up, before.
 */
export function subtreeInsertion(
  height: number,
  index: bigint,
  roots: readonly bigint[],
  children: readonly (readonly bigint[])[],
): { readonly before: bigint; readonly after: bigint } {
  ranged(3 * ACCOUNT_TREE_DEPTH, index);
  constrain(
    index % BigInt(roots.length * TREE_ARITY ** height) === 0n,
    'SubtreeInsertion',
    'the place does not begin a run',
  );
  const placeAt = (level: number): number => Math.floor(Number(index) / TREE_ARITY ** level) % TREE_ARITY;
  let node = nodeReplacement(
    placeAt(height) / roots.length,
    children[0] as readonly bigint[],
    EMPTY_ACCOUNT_NODES[height] as bigint,
    roots,
  );
  for (let i = 1; i < children.length; i++) {
    node = nodeReplacement(placeAt(height + i), children[i] as readonly bigint[], node.nodeBefore, [node.nodeAfter]);
  }
  return { before: node.nodeBefore, after: node.nodeAfter };
}
