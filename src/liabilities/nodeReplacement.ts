import { taggedHash } from '../hash/taggedHash.js';
import { constrain } from '../numbers/constraint.js';
import { TAGS } from '../protocol/constants.js';

/** Twin of NodeReplacement: the node above eight children before and after the `group`-th run of them changes. */
export function nodeReplacement(
  group: number,
  children: readonly bigint[],
  before: bigint,
  after: readonly bigint[],
): { readonly nodeBefore: bigint; readonly nodeAfter: bigint } {
  const first = group * after.length;
  const changes = (place: number): boolean => place >= first && place < first + after.length;
  constrain(
    children.every((child, place) => !changes(place) || child === before),
    'NodeReplacement',
    'a child was not what is replaced',
  );
  return {
    nodeBefore: taggedHash(TAGS.accountNode, children),
    nodeAfter: taggedHash(
      TAGS.accountNode,
      children.map((child, place) => (changes(place) ? (after[place - first] as bigint) : child)),
    ),
  };
}
