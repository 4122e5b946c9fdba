import { describe, expect, it } from 'vitest';
import type { WeightedSide, WeightedSnapshot } from '../../src/snapshot/snapshot.js';
import { validateSnapshot } from '../../src/snapshot/validate.js';
import { registry, snapshot } from '../support/weightedMarket.js';

const withInstrument = (at: number, change: object): WeightedSnapshot => ({
  ...snapshot,
  instruments: snapshot.instruments.map((each, index) => (index === at ? { ...each, ...change } : each)),
});
const withFirst = (change: object): WeightedSnapshot => withInstrument(0, change);
const withSide = (side: 'long' | 'short', change: Partial<WeightedSide>, at = 0): WeightedSnapshot =>
  withInstrument(at, { [side]: { ...snapshot.instruments[at]?.[side], ...change } });
const withEntry = (change: object): WeightedSnapshot => ({
  ...snapshot,
  registry: {
    ...registry,
    entries: registry.entries.map((entry) => (entry.symbol === 'PERP-0' ? { ...entry, ...change } : entry)),
  },
});
const withStep = (rateStep: bigint): WeightedSnapshot => ({ ...snapshot, model: { ...snapshot.model, rateStep } });

const first = 'instrument PERP-0';
const long = `${first} long`;
const short = `${first} short`;
const mark = snapshot.instruments[0]?.price as bigint;

const bad: readonly (readonly [name: string, snapshot: WeightedSnapshot, where: string, rule: RegExp])[] = [
  ['an option', withEntry({ kind: 'option' }), first, /no options/],
  ['a mark of zero', withFirst({ price: 0n }), first, /mark must be above zero/],
  ['a mark beyond 56 bits', withFirst({ price: 1n << 56n }), first, /mark/],
  [
    'a profit that counts above one',
    withFirst({ gainWeight: 1_000_001n }),
    first,
    /weight of profits must be from 0 to 1/,
  ],
  ['a profit that counts below zero', withFirst({ gainWeight: -1n }), first, /weight of profits/],
  ['a negative cap', withFirst({ gainCap: -1n }), first, /cap of profits/],
  ['a cap beyond 104 bits', withFirst({ gainCap: 1n << 104n }), first, /cap of profits/],
  ['a negative rate', withSide('long', { rate: -1n }), long, /the rate must be from 0/],
  ['a rate beyond 24 bits', withSide('short', { rate: 1n << 24n }), short, /the rate/],
  ['a negative base', withSide('short', { premiumBase: -1n }), short, /base of the premium/],
  ['a base beyond 24 bits', withSide('long', { premiumBase: 1n << 24n }), long, /base of the premium/],
  [
    'a rate that falls with the root of the size',
    withSide('long', { premium: -1n }),
    long,
    /do not fall as sizes grow/,
  ],
  ['a premium beyond 24 bits', withSide('long', { premium: 1n << 24n }), long, /premium/],
  ['a rate that falls with the size', withSide('short', { quadratic: -1n }), short, /do not fall as sizes grow/],
  ['a quadratic part beyond 64 bits', withSide('short', { quadratic: 1n << 64n }), short, /quadratic/],
  ['a negative margin price', withSide('long', { marginPrice: -1n }), long, /margin price/],
  ['a margin price beyond 56 bits', withSide('long', { marginPrice: 1n << 56n }), long, /margin price/],
  ['a negative price', withSide('long', { price: -1n }), long, /the price/],
  ['a price beyond 56 bits', withSide('short', { price: 1n << 56n }), short, /the price/],
  ['a long above the mark', withSide('long', { price: mark + 1n }), long, /above the mark/],
  ['a short below the mark', withSide('short', { price: mark - 1n }), short, /below the mark/],
  ['a short without value or full margin', withSide('short', { price: 0n }), short, /required in full/],
  ['a debt below its value', withSide('short', { rate: 999_999n }, 3), 'instrument PERP-3 short', /required in full/],
  [
    'a debt at less than the mark',
    withSide('short', { marginPrice: 150n * 10n ** 7n - 1n }, 3),
    'instrument PERP-3 short',
    /required in full/,
  ],
  ['a premium of too fine a size', withEntry({ amountDecimals: 11 }), long, /at most 10 amount decimals/],
  ['no step of rates', withStep(0n), 'model', /step of rates must be from 1/],
  ['a step of rates beyond a hundredth', withStep(10_001n), 'model', /step of rates/],
  ['another version', { ...snapshot, model: { ...snapshot.model, version: 2 } }, 'model', /version/],
  ['a table without an instrument', { ...snapshot, instruments: [] }, 'table', /at least one instrument/],
  ['a table without an asset', { ...snapshot, assets: [] }, 'table', /at least one asset/],
];

describe('validateWeighted', () => {
  it.each(bad)('refuses %s', (_, refused, where, rule) => {
    expect(() => validateSnapshot(refused)).toThrow(
      expect.objectContaining({ code: 'INVALID_SNAPSHOT', details: { where, rule: expect.stringMatching(rule) } }),
    );
  });

  it('accepts the market, and the largest and smallest figures', () => {
    validateSnapshot(snapshot);
    const most = (1n << 24n) - 1n;
    validateSnapshot(withSide('long', { rate: most, premiumBase: most, premium: most, quadratic: (1n << 64n) - 1n }));
    validateSnapshot(withSide('short', { price: (1n << 56n) - 1n, marginPrice: (1n << 56n) - 1n }));
    validateSnapshot(withSide('long', { price: 0n, marginPrice: 0n, rate: 0n, premiumBase: 0n, premium: 0n }));
    validateSnapshot(withFirst({ gainWeight: 1_000_000n, gainCap: (1n << 104n) - 1n }));
    validateSnapshot(withFirst({ gainWeight: 0n, gainCap: 0n }));
    validateSnapshot(withStep(1n));
    validateSnapshot(withStep(10_000n));
  });
});
