import { taggedHash } from '../hash/taggedHash.js';
import { TREE_ARITY } from '../protocol/constants.js';

/** An 8-ary tree of fixed depth. Places without a leaf hold 0, and the nodes above only such places are shared. */
export interface Tree {
  readonly depth: number;
  /** layers[0] are the leaves given, layers[depth] is [root]; each layer holds only what lies above given leaves */
  readonly layers: readonly (readonly bigint[])[];
  /** the node of each layer that stands above empty places only */
  readonly empty: readonly bigint[];
  readonly root: bigint;
}

/** Hashes a tree over at most 8^depth leaves. */
export function buildTree(tag: bigint, depth: number, leaves: readonly bigint[]): Tree {
  if (leaves.length > TREE_ARITY ** depth) throw new RangeError(`${leaves.length} leaves do not fit depth ${depth}`);
  const empty = [0n];
  const layers: bigint[][] = [[...leaves]];
  for (let level = 0; level < depth; level++) {
    const below = layers[level] as bigint[];
    const filler = empty[level] as bigint;
    const layer: bigint[] = [];
    for (let first = 0; first < below.length; first += TREE_ARITY) {
      layer.push(taggedHash(tag, eight(below, first, filler)));
    }
    layers.push(layer);
    empty.push(taggedHash(tag, Array(TREE_ARITY).fill(filler)));
  }
  return { depth, layers, empty, root: layers[depth]?.[0] ?? (empty[depth] as bigint) };
}

/** All eight children per level on the way up from a place, from the leaves to `levels` levels above. */
export function childrenAbove(tree: Tree, index: number, levels = tree.depth): readonly (readonly bigint[])[] {
  return Array.from({ length: levels }, (_, level) => {
    const first = Math.floor(index / TREE_ARITY ** (level + 1)) * TREE_ARITY;
    return eight(tree.layers[level] ?? [], first, tree.empty[level] as bigint);
  });
}

/** The nodes of a layer, empty ones included. */
export function layerNodes(tree: Tree, level: number): readonly bigint[] {
  const nodes = tree.layers[level] ?? [];
  return Array.from(
    { length: TREE_ARITY ** (tree.depth - level) },
    (_, i) => nodes[i] ?? (tree.empty[level] as bigint),
  );
}

const eight = (nodes: readonly bigint[], first: number, filler: bigint): bigint[] =>
  Array.from({ length: TREE_ARITY }, (_, i) => nodes[first + i] ?? filler);
