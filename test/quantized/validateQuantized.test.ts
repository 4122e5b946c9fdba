import { describe, expect, it } from 'vitest';
import type { QuantizedSnapshot } from '../../src/snapshot/snapshot.js';
import { validateSnapshot } from '../../src/snapshot/validate.js';
import { registry, snapshot } from '../support/quantizedMarket.js';

const first = 'instrument PERP-0';
const withFirst = (change: object): QuantizedSnapshot => ({
  ...snapshot,
  instruments: snapshot.instruments.map((each, index) => (index === 0 ? { ...each, ...change } : each)),
});
const withKind = (kind: 'option' | 'future'): QuantizedSnapshot => ({
  ...snapshot,
  registry: {
    ...registry,
    entries: registry.entries.map((entry) => (entry.symbol === 'PERP-0' ? { ...entry, kind } : entry)),
  },
});
const INDEX = 2n ** 64n;

const bad: readonly (readonly [name: string, snapshot: QuantizedSnapshot, where: string, rule: RegExp])[] = [
  ['an option', withKind('option'), first, /perpetuals only, and the registry says option/],
  ['a future', withKind('future'), first, /perpetuals only/],
  ['a negative mark', withFirst({ price: -1n }), first, /mark must be from 0 to 2\^56/],
  ['a mark beyond 56 bits', withFirst({ price: 2n ** 56n }), first, /mark/],
  ['an index beyond 64 bits', withFirst({ fundingIndex: INDEX }), first, /funding index/],
  ['an index as far below zero', withFirst({ fundingIndex: -INDEX }), first, /funding index/],
  ['a negative base rate', withFirst({ baseRate: -1n }), first, /the base rate must be from 0 to 1/],
  ['a base rate above one', withFirst({ baseRate: 1_000_001n }), first, /the base rate/],
  ['a negative fraction', withFirst({ fraction: -1n }), first, /the fraction must be from 0 to 1/],
  ['a fraction above one', withFirst({ fraction: 1_000_001n }), first, /the fraction/],
  [
    'one perpetual twice',
    { ...snapshot, instruments: [snapshot.instruments[0], ...snapshot.instruments] as typeof snapshot.instruments },
    first,
    /./,
  ],
  ['a table without a perpetual', { ...snapshot, instruments: [] }, 'table', /at least one instrument/],
  ['a table without an asset', { ...snapshot, assets: [] }, 'table', /at least one asset/],
  ['another version', { ...snapshot, model: { ...snapshot.model, version: 2 } }, 'model', /version/],
];

describe('validateQuantized', () => {
  it.each(bad)('refuses %s', (_, refused, where, rule) => {
    expect(() => validateSnapshot(refused)).toThrow(
      expect.objectContaining({ code: 'INVALID_SNAPSHOT', details: { where, rule: expect.stringMatching(rule) } }),
    );
  });

  it('accepts the market, and the largest and smallest figures', () => {
    validateSnapshot(snapshot);
    validateSnapshot(withFirst({ price: 2n ** 56n - 1n, fundingIndex: INDEX - 1n, baseRate: 1_000_000n }));
    validateSnapshot(withFirst({ price: 0n, fundingIndex: 1n - INDEX, baseRate: 0n, fraction: 0n }));
  });
});
