import { describe, expect, it } from 'vitest';
import type { Registry } from '../../src/snapshot/registry.js';
import type { InstrumentParameters, MarginTier, TieredSnapshot } from '../../src/snapshot/snapshot.js';
import { validateSnapshot } from '../../src/snapshot/validate.js';
import { registry, small } from './example.js';

const asset = small.assets[1] as TieredSnapshot['assets'][number];
const instrument = small.instruments[0] as InstrumentParameters;
const [low, high] = instrument.tiers as [MarginTier, MarginTier];
const entry = registry.entries[0] as Registry['entries'][number];

const withRegistry = (change: Partial<Registry>): TieredSnapshot => ({
  ...small,
  registry: { ...registry, ...change },
});
const withEntry = (change: object): TieredSnapshot =>
  withRegistry({ entries: [...registry.entries, { ...entry, id: 100, symbol: 'NEW', ...change }] });
const withModel = (change: object): TieredSnapshot => ({ ...small, model: { ...small.model, ...change } });
const withAsset = (change: object): TieredSnapshot => ({ ...small, assets: [{ ...asset, ...change }] });
const withInstrument = (change: object): TieredSnapshot => ({ ...small, instruments: [{ ...instrument, ...change }] });
const withTiers = (...tiers: readonly object[]): TieredSnapshot => withInstrument({ tiers });
const flat = (count: number) =>
  Array.from({ length: count }, (_, k) => ({ notionalCap: 10n ** 20n * BigInt(k + 1), rate: 0n, deduction: 0n }));
const steps = (count: number) =>
  Array.from({ length: count }, (_, k) => ({ valueCap: 10n ** 20n * BigInt(k + 1), factor: 10n ** 6n }));

const BTC = 'instrument BTC/USDT:USDT';

const bad: readonly (readonly [name: string, snapshot: TieredSnapshot, where: string, rule: RegExp])[] = [
  ['an empty table', { ...small, assets: [], instruments: [] }, 'table', /at least one/],
  ['a venue without a name', withRegistry({ venue: '' }), 'registry', /venue/],
  ['a quote with a space at its end', withRegistry({ quote: 'USDT ' }), 'registry', /quote/],
  ['a registry version of 0', withRegistry({ version: 0 }), 'registry', /version/],
  ['an id of 0', withEntry({ id: 0 }), 'registry entry 5 ("NEW")', /2\^32/],
  ['an id of 2^32', withEntry({ id: 2 ** 32 }), 'registry entry 5 ("NEW")', /2\^32/],
  ['an id that is no whole number', withEntry({ id: 1.5 }), 'registry entry 5 ("NEW")', /2\^32/],
  ['an id used twice', withEntry({ id: 5 }), 'registry entry 5 ("NEW")', /already that of BTC\/USDT:USDT/],
  ['a symbol used twice', withEntry({ symbol: 'BTC' }), 'registry entry 5 ("BTC")', /already that of id 7/],
  [
    'an invisible character in a symbol',
    withEntry({ symbol: 'BT\u200bC' }),
    'registry entry 5 ("BT\u200bC")',
    /visible/,
  ],
  ['a lone surrogate in a symbol', withEntry({ symbol: '\ud800' }), 'registry entry 5 ("\\ud800")', /visible/],
  ['an unknown kind', withEntry({ kind: 'swap' }), 'registry entry 5 ("NEW")', /kind/],
  ['17 amount decimals', withEntry({ amountDecimals: 17 }), 'registry entry 5 ("NEW")', /amountDecimals/],
  ['-1 amount decimals', withEntry({ amountDecimals: -1 }), 'registry entry 5 ("NEW")', /amountDecimals/],
  ['an asset with a settle asset', withEntry({ settleAsset: 1 }), 'registry entry 5 ("NEW")', /no settle asset/],
  ['an instrument without one', withEntry({ kind: 'option' }), 'registry entry 5 ("NEW")', /settle asset/],
  [
    'a settle asset that is not there',
    withEntry({ kind: 'option', settleAsset: 99 }),
    'registry entry 5 ("NEW")',
    /settle asset/,
  ],
  [
    'an instrument as settle asset',
    withEntry({ kind: 'option', settleAsset: 5 }),
    'registry entry 5 ("NEW")',
    /settle asset/,
  ],
  ['an unknown family', withModel({ family: 'toString' }), 'model', /family/],
  ['an unknown version', withModel({ version: 2 }), 'model', /version/],
  ['an empty claim', withModel({ claim: '' }), 'model', /claim/],
  ['an unknown tier rule', withModel({ tiers: 'both' }), 'model', /tiers/],
  ['an unknown haircut rule', withModel({ haircuts: 'both' }), 'model', /haircuts/],
  ['a negative time', { ...small, time: -1 }, 'time', /seconds/],
  ['a time of fractions', { ...small, time: 0.5 }, 'time', /seconds/],
  ['an unsafe time', { ...small, time: 2 ** 53 }, 'time', /seconds/],
  ['an asset outside the registry', withAsset({ assetId: 99 }), 'asset with id 99', /in the registry/],
  ['an instrument listed as asset', withAsset({ assetId: 5 }), 'asset BTC/USDT:USDT', /perpetual/],
  ['an asset listed as instrument', withInstrument({ instrumentId: 7 }), 'instrument BTC', /asset/],
  ['an asset listed twice', { ...small, assets: [asset, asset] }, 'asset BTC', /twice/],
  ['assets out of order', { ...small, assets: [...small.assets].reverse() }, 'asset USDT', /order/],
  ['an asset price of 0', withAsset({ price: 0n }), 'asset BTC', /above zero/],
  ['an instrument price of 2^64', withInstrument({ price: 2n ** 64n }), BTC, /2\^64/],
  ['a negative price', withInstrument({ price: -1n }), BTC, /above zero/],
  ['no tiers', withTiers(), BTC, /at least one tier/],
  ['17 tiers', withTiers(...flat(17)), BTC, /at most 16 tiers/],
  ['caps that do not rise', withTiers(low, { ...high, notionalCap: low.notionalCap }), `${BTC} tier 1`, /rise/],
  ['a cap of 0', withTiers({ ...low, notionalCap: 0n }), `${BTC} tier 0`, /above zero/],
  [
    'an open tier before the last',
    withTiers({ ...low, notionalCap: null }, { ...high, deduction: 0n }),
    `${BTC} tier 0`,
    /only the last/,
  ],
  ['a last cap below one unit', withTiers({ ...low, notionalCap: instrument.price - 1n }), BTC, /smallest size/],
  ['a rate of 2^24', withTiers({ notionalCap: null, rate: 2n ** 24n, deduction: 0n }), `${BTC} tier 0`, /2\^24/],
  ['a negative rate', withTiers({ ...low, rate: -1n }), `${BTC} tier 0`, /2\^24/],
  ['a rate that falls', withTiers(low, { ...high, rate: 3_999n, deduction: -(10n ** 20n) }), `${BTC} tier 1`, /below/],
  [
    'a deduction in the first tier',
    withTiers({ ...low, deduction: 1n }, { ...high, deduction: high.deduction + 1n }),
    `${BTC} tier 0`,
    /deduction/,
  ],
  [
    'a deduction one unit too large',
    withTiers(low, { ...high, deduction: high.deduction + 1n }),
    `${BTC} tier 1`,
    /deduction/,
  ],
  [
    'a deduction one unit too small',
    withTiers(low, { ...high, deduction: high.deduction - 1n }),
    `${BTC} tier 1`,
    /deduction/,
  ],
  ['a deduction under the whole rule', { ...withModel({ tiers: 'whole' }) }, `${BTC} tier 1`, /no deduction/],
  [
    'a deduction of 2^152',
    withTiers(
      { notionalCap: 2n ** 152n, rate: 0n, deduction: 0n },
      { notionalCap: null, rate: 1n, deduction: 2n ** 152n },
    ),
    `${BTC} tier 1`,
    /2\^152/,
  ],
  [
    'a factor above 1',
    withAsset({ ladder: [{ valueCap: null, factor: 1_000_001n }] }),
    'asset BTC tier 0',
    /between 0 and 1/,
  ],
  [
    'a negative factor',
    withAsset({ ladder: [{ valueCap: null, factor: -1n }] }),
    'asset BTC tier 0',
    /between 0 and 1/,
  ],
  [
    'a factor that rises',
    withAsset({
      ladder: [
        { valueCap: 1n, factor: 1n },
        { valueCap: null, factor: 2n },
      ],
    }),
    'asset BTC tier 1',
    /above that of the tier below/,
  ],
  [
    'haircut caps that do not rise',
    withAsset({
      ladder: [
        { valueCap: 1n, factor: 1n },
        { valueCap: 1n, factor: 1n },
      ],
    }),
    'asset BTC tier 1',
    /rise/,
  ],
  ['16 haircut steps and a tail', withAsset({ ladder: steps(16) }), 'asset BTC', /at most 16/],
];

describe('validateSnapshot', () => {
  it('accepts the valid one that the others are made from', () => {
    expect(() => validateSnapshot(small)).not.toThrow();
  });

  it.each(bad)('refuses %s', (_, snapshot, where, rule) => {
    expect(() => validateSnapshot(snapshot)).toThrow(
      expect.objectContaining({ code: 'INVALID_SNAPSHOT', details: { where, rule: expect.stringMatching(rule) } }),
    );
  });

  it('accepts every bound itself', () => {
    expect(() => validateSnapshot(withTiers(...flat(16)))).not.toThrow();
    expect(() => validateSnapshot(withAsset({ ladder: steps(15) }))).not.toThrow();
    expect(() =>
      validateSnapshot(
        withInstrument({ price: 2n ** 64n - 1n, tiers: [{ notionalCap: null, rate: 2n ** 24n - 1n, deduction: 0n }] }),
      ),
    ).not.toThrow();
    expect(() => validateSnapshot(withEntry({ id: 2 ** 32 - 1, amountDecimals: 16 }))).not.toThrow();
    expect(() => validateSnapshot({ ...small, time: 0 })).not.toThrow();
  });

  it('refuses more rows than the table has places', () => {
    const entries = Array.from({ length: 257 }, (_, k) => ({ ...entry, id: k + 1, symbol: `A${k}` }));
    const full = (count: number): TieredSnapshot => ({
      ...small,
      registry: { ...registry, entries },
      assets: entries.slice(0, count).map(({ id }) => ({
        assetId: id,
        price: 1n,
        ladder: steps(15).map((step, k) => ({ ...step, valueCap: BigInt(k + 1) })),
      })),
      instruments: [],
    });
    expect(() => validateSnapshot(full(256))).not.toThrow();
    expect(() => validateSnapshot(full(257))).toThrow(
      expect.objectContaining({
        code: 'INVALID_SNAPSHOT',
        details: { where: 'table', rule: expect.stringContaining('4096') },
      }),
    );
  });
});
