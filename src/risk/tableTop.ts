import { taggedHash } from '../hash/taggedHash.js';
import { TAGS } from '../protocol/constants.js';

/** Twin of TableTop: root of a table from its 64 nodes two levels below. */
export function tableTop(nodes: readonly bigint[]): bigint {
  const middle = Array.from({ length: 8 }, (_, i) => taggedHash(TAGS.tableNode, nodes.slice(8 * i, 8 * i + 8)));
  return taggedHash(TAGS.tableNode, middle);
}
