import { describe, expect, it } from 'vitest';
import { taggedHash } from '../../src/hash/taggedHash.js';
import { TAGS } from '../../src/protocol/constants.js';

describe('taggedHash', () => {
  it('is Poseidon as published when the tag is zero', () => {
    // test vectors of the Poseidon reference for BN254: poseidonperm_x5_254_3 and _5, first output for inputs 1, 2, ...
    expect(taggedHash(0n, [1n, 2n])).toBe(0x115cc0f5e7d690413df64c6b9662e9cf2a3617f2743245519e19607a4417189an);
    expect(taggedHash(0n, [1n, 2n, 3n, 4n])).toBe(0x299c867db6c1fdd79dcefa40e4510b9837e60ebb1ce0663dbaa525df65250465n);
  });

  it('separates domains and arities', () => {
    const hashes = Object.values(TAGS).flatMap((tag) => [taggedHash(tag, [1n]), taggedHash(tag, [1n, 0n])]);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('has a tag of its own for every domain', () => {
    expect(new Set(Object.values(TAGS)).size).toBe(Object.values(TAGS).length);
  });
});
