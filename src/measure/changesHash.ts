import { taggedHash } from '../hash/taggedHash.js';
import { MEASURE, TAGS } from '../protocol/constants.js';

/** Scenarios in a block. */
export const SCENARIOS_PER_BLOCK = MEASURE.lanes * MEASURE.blockElements;

/** Changes of one contract with three scenarios an element, padded with zeros to whole blocks. */
export const laneElements = (changes: readonly bigint[], blocks: number): readonly bigint[] =>
  Array.from({ length: blocks * MEASURE.blockElements }, (_, element) =>
    Array.from({ length: MEASURE.lanes }, (__, lane) => lane).reduce(
      (sum, lane) => sum + ((changes[element * MEASURE.lanes + lane] ?? 0n) << BigInt(lane * MEASURE.laneBits)),
      0n,
    ),
  );

/** Twin of ChangesHash. */
export function changesHash(lanes: readonly bigint[]): bigint {
  const { blockElements } = MEASURE;
  let hash = 0n;
  for (let start = 0; start < lanes.length; start += blockElements) {
    hash = taggedHash(TAGS.changes, [hash, ...lanes.slice(start, start + blockElements)]);
  }
  return hash;
}
