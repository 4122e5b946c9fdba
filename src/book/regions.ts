import { SolvencyError } from '../errors.js';
import { ACCOUNT_TREE_DEPTH, TREE_ARITY } from '../protocol/constants.js';

/** A run of places of the account tree, filled from its start without a gap. */
export interface Region {
  readonly start: number;
  readonly count: number;
}

/** Nodes first to end - 1 of one layer, stored from `offset` (in nodes) of its file on. */
export interface Extent {
  readonly first: number;
  readonly end: number;
  readonly offset: number;
}

/** Regions in order of their places, none over another, within the tree. Error: OUT_OF_RANGE. */
export function checkRegions(regions: readonly Region[]): void {
  let free = 0;
  for (const [number, { start, count }] of regions.entries()) {
    if (Number.isInteger(start) && start >= free && start + count <= TREE_ARITY ** ACCOUNT_TREE_DEPTH) {
      free = start + count;
      continue;
    }
    throw new SolvencyError(
      'OUT_OF_RANGE',
      `Region ${number} with ${count} accounts lies over the region before it or beyond the tree's ${TREE_ARITY}^${ACCOUNT_TREE_DEPTH} places.`,
      { details: { region: number, count } },
    );
  }
}

/** Which nodes of a layer stand above accounts: only these are stored, the others are those of empty places. */
export function extentsOf(regions: readonly Region[], level: number): readonly Extent[] {
  const span = TREE_ARITY ** level;
  const merged: { first: number; end: number }[] = [];
  for (const { start, count } of regions) {
    if (count === 0) continue;
    const first = Math.floor(start / span);
    const end = Math.floor((start + count - 1) / span) + 1;
    const last = merged.at(-1);
    if (last !== undefined && first <= last.end) last.end = end;
    else merged.push({ first, end });
  }
  let offset = 0;
  return merged.map(({ first, end }) => {
    const extent = { first, end, offset };
    offset += end - first;
    return extent;
  });
}

/** The parts of the run of `count` nodes from `first` on that are stored: where in the run and where in the file. */
export function storedParts(
  extents: readonly Extent[],
  first: number,
  count: number,
): readonly { readonly at: number; readonly offset: number; readonly count: number }[] {
  return extents.flatMap((extent) => {
    const from = Math.max(first, extent.first);
    const to = Math.min(first + count, extent.end);
    return from < to ? [{ at: from - first, offset: extent.offset + from - extent.first, count: to - from }] : [];
  });
}
