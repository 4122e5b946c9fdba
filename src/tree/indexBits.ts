/** The 3 * depth bits of a place in an 8-ary tree, least significant first. */
export const indexBits = (index: bigint, depth: number): readonly bigint[] =>
  Array.from({ length: 3 * depth }, (_, bit) => (index >> BigInt(bit)) & 1n);
