import { describe, expect, it } from 'vitest';
import { checkRegions, extentsOf, storedParts } from '../../src/book/regions.js';

const REGIONS = [
  { start: 0, count: 10 },
  { start: 12, count: 0 },
  { start: 12, count: 5 },
  { start: 640, count: 1 },
];

describe('extentsOf', () => {
  it('stores each node once, also where two regions stand under it', () => {
    expect(extentsOf(REGIONS, 0)).toEqual([
      { first: 0, end: 10, offset: 0 },
      { first: 12, end: 17, offset: 10 },
      { first: 640, end: 641, offset: 15 },
    ]);
    expect(extentsOf(REGIONS, 1)).toEqual([
      { first: 0, end: 3, offset: 0 },
      { first: 80, end: 81, offset: 3 },
    ]);
    expect(extentsOf(REGIONS, 9)).toEqual([{ first: 0, end: 1, offset: 0 }]);
  });
});

describe('storedParts', () => {
  it('says where the stored places of a run are', () => {
    const extents = extentsOf(REGIONS, 0);
    expect(storedParts(extents, 8, 6)).toEqual([
      { at: 0, offset: 8, count: 2 },
      { at: 4, offset: 10, count: 2 },
    ]);
    expect(storedParts(extents, 10, 2)).toEqual([]);
  });
});

describe('checkRegions', () => {
  it('takes regions up to the last place, and none over another', () => {
    checkRegions([{ start: 8 ** 9 - 3, count: 3 }]);
    const refused = [
      [{ start: 8 ** 9 - 2, count: 3 }],
      [
        { start: 0, count: 2 },
        { start: 1, count: 1 },
      ],
      [{ start: 0.5, count: 1 }],
    ];
    for (const regions of refused) {
      expect(() => checkRegions(regions)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
    }
  });
});
