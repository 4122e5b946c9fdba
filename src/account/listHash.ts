import { taggedHash } from '../hash/taggedHash.js';
import { LIST_HEAD, LIST_TAIL, TAGS } from '../protocol/constants.js';

const block = (elements: readonly bigint[], first: number, length: number): bigint[] =>
  Array.from({ length }, (_, i) => elements[first + i] ?? 0n);

/**
 * Twin of ListHash: a head block of 4 elements with the count, then tail blocks of 8 chained to the hash so far; blocks
 * past the last used element are skipped, so the hash does not depend on how many slots a circuit has.
 */
export function listHash(headTag: bigint, count: bigint, elements: readonly bigint[], used: readonly bigint[]): bigint {
  let hash = taggedHash(headTag, [count, ...block(elements, 0, LIST_HEAD)]);
  for (let first = LIST_HEAD; used[first] === 1n; first += LIST_TAIL) {
    hash = taggedHash(TAGS.listTail, [hash, ...block(elements, first, LIST_TAIL)]);
  }
  return hash;
}
