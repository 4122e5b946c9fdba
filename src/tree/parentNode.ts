import { taggedHash } from '../hash/taggedHash.js';
import { constrain } from '../numbers/constraint.js';
import { select } from '../numbers/select.js';

/** Twin of ParentNode: hash of eight children, of which the one at `place` (three bits) must be `child`. */
export function parentNode(tag: bigint, child: bigint, place: readonly bigint[], children: readonly bigint[]): bigint {
  constrain(select(children, place) === child, 'ParentNode', 'the child does not stand at its place');
  return taggedHash(tag, children);
}
