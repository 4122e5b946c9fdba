import { taggedHash } from '../hash/taggedHash.js';
import { constrain } from '../numbers/constraint.js';
import { TAGS, TREE_ARITY } from '../protocol/constants.js';

/** Twin of PlaceFlags: which of 2^levels things a number means. */
export const placeFlags = (levels: number, index: number): readonly bigint[] =>
  Array.from({ length: 2 ** levels }, (_, thing) => (thing === index ? 1n : 0n));

/** Twin of NodeReplacement: the node above eight children before and after the `group`-th run of them changes. */
export function nodeReplacement(
  group: number,
  children: readonly bigint[],
  before: bigint,
  after: readonly bigint[],
): { readonly nodeBefore: bigint; readonly nodeAfter: bigint } {
  const flags = placeFlags(Math.log2(TREE_ARITY / after.length), group);
  const changes = (place: number): boolean => flags[Math.floor(place / after.length)] === 1n;
  constrain(
    children.every((child, place) => !changes(place) || child === before),
    'NodeReplacement',
    'a child was not what is replaced',
  );
  return {
    nodeBefore: taggedHash(TAGS.accountNode, children),
    nodeAfter: taggedHash(
      TAGS.accountNode,
      children.map((child, place) => (changes(place) ? (after[place % after.length] as bigint) : child)),
    ),
  };
}
