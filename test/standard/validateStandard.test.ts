import { describe, expect, it } from 'vitest';
import type { Registry } from '../../src/snapshot/registry.js';
import type { OptionTerms, StandardInstrument, StandardSnapshot } from '../../src/snapshot/snapshot.js';
import { validateSnapshot } from '../../src/snapshot/validate.js';
import { idOf, registry, snapshot } from '../support/standardMarket.js';

const CALL = 'BTC-NEAR-80-call';
const PERP = 'BTC-PERP';

const withInstrument = (symbol: string, change: object): StandardSnapshot => ({
  ...snapshot,
  instruments: snapshot.instruments.map((each) => (each.instrumentId === idOf(symbol) ? { ...each, ...change } : each)),
});
const terms = snapshot.instruments.find(({ instrumentId }) => instrumentId === idOf(CALL))?.option as OptionTerms;
const withOption = (change: object): StandardSnapshot => withInstrument(CALL, { option: { ...terms, ...change } });
const withExpiry = (change: object): StandardSnapshot => ({
  ...snapshot,
  expiries: snapshot.expiries.map((each, index) => (index === 0 ? { ...each, ...change } : each)),
});
const withEntry = (symbol: string, change: object): StandardSnapshot => ({
  ...snapshot,
  registry: {
    ...registry,
    entries: registry.entries.map((each) => (each.symbol === symbol ? { ...each, ...change } : each)),
  } as Registry,
});
const withCharge = (charge: bigint): StandardSnapshot => ({
  ...snapshot,
  assets: snapshot.assets.map((asset) => ({ ...asset, charge })),
});

const BOUND = 2n ** 72n;
const option = `instrument ${CALL}`;
const perp = `instrument ${PERP}`;

const bad: readonly (readonly [name: string, snapshot: StandardSnapshot, where: string, rule: RegExp])[] = [
  ['an option without its terms', withInstrument(CALL, { option: null }), option, /expiry, its strike and its type/],
  ['a perpetual with an option’s terms', withInstrument(PERP, { option: terms }), perp, /the registry says perpetual/],
  ['a perpetual without a mark', withInstrument(PERP, { price: 0n }), perp, /above zero/],
  ['a mark beyond 64 bits', withInstrument(CALL, { price: 2n ** 64n }), option, /mark/],
  ['a negative mark', withInstrument(CALL, { price: -1n }), option, /mark/],
  ['a negative charge of longs', withInstrument(PERP, { longCharge: -1n }), perp, /unit long/],
  ['a negative charge of shorts', withInstrument(CALL, { shortCharge: -1n }), option, /unit short/],
  ['a charge of longs beyond its bound', withInstrument(PERP, { longCharge: BOUND }), perp, /2\^72/],
  ['a charge of shorts beyond its bound', withInstrument(CALL, { shortCharge: BOUND }), option, /2\^72/],
  ['an expiry that is not listed', withOption({ expiry: 3 }), option, /expiry must be listed/],
  ['an expiry before the first', withOption({ expiry: -1 }), option, /expiry must be listed/],
  ['an expiry between two', withOption({ expiry: 0.5 }), option, /expiry must be listed/],
  ['a negative strike', withOption({ strike: -1n }), option, /strike/],
  ['a strike beyond 64 bits', withOption({ strike: 2n ** 64n }), option, /strike/],
  ['a negative isolated margin', withOption({ isolated: -1n }), option, /isolated margin/],
  ['no isolated margin', withOption({ isolated: 0n }), option, /isolated margin.*above zero/],
  ['an isolated margin beyond its bound', withOption({ isolated: BOUND }), option, /2\^72/],
  ['a type that is neither', withOption({ type: 'binary' }), option, /call or put/],
  [
    'contracts of one expiry with other decimals',
    withEntry(CALL, { amountDecimals: 3 }),
    option,
    /amountDecimals, since their units are added up/,
  ],
  ['an expiry of calls without a forward', withExpiry({ unpaired: 0n }), 'expiry BTC-NEAR', /from its forward/],
  ['a negative margin of unpaired calls', withExpiry({ unpaired: -1n }), 'expiry BTC-NEAR', /unpaired/],
  ['one beyond its bound', withExpiry({ unpaired: BOUND }), 'expiry BTC-NEAR', /2\^72/],
  ['an expiry without a name', withExpiry({ name: '' }), 'expiry ', /1 to 64/],
  ['an expiry listed twice', withExpiry({ name: 'BTC-FAR' }), 'expiry BTC-FAR', /twice/],
  ['a negative charge of collateral', withCharge(-1n), 'asset with id 1', /charge/],
  ['a charge of collateral beyond its bound', withCharge(BOUND), 'asset with id 1', /2\^72/],
  ['a table without a contract', { ...snapshot, instruments: [] }, 'table', /at least one instrument/],
  ['a table without an asset', { ...snapshot, assets: [] }, 'table', /at least one asset/],
  ['another version', { ...snapshot, model: { ...snapshot.model, version: 2 } }, 'model', /version/],
];

describe('validateStandard', () => {
  it.each(bad)('refuses %s', (_, refused, where, rule) => {
    expect(() => validateSnapshot(refused)).toThrow(
      expect.objectContaining({
        code: 'INVALID_SNAPSHOT',
        details: { where, rule: expect.stringMatching(rule) },
      }),
    );
  });

  it('accepts the market, the largest figures, and an expiry of puts alone without a forward', () => {
    validateSnapshot(snapshot);
    validateSnapshot(withInstrument(CALL, { price: 0n, shortCharge: BOUND - 1n }));
    validateSnapshot(withOption({ strike: 2n ** 64n - 1n, isolated: BOUND - 1n }));
    const puts: readonly StandardInstrument[] = snapshot.instruments.filter(({ option }) => option?.type !== 'call');
    validateSnapshot({ ...withExpiry({ unpaired: 0n }), instruments: puts });
  });
});
