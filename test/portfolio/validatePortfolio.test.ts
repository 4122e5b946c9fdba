import { describe, expect, it } from 'vitest';
import type { SolvencyError } from '../../src/errors.js';
import { parseSnapshot, serializeSnapshot } from '../../src/formats/snapshot.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { ExpiryParameters, PortfolioInstrument, PortfolioSnapshot } from '../../src/snapshot/snapshot.js';
import { validateSnapshot } from '../../src/snapshot/validate.js';
import { idOf, snapshot } from '../support/portfolioMarket.js';

const withModel = (change: Partial<PortfolioSnapshot['model']>): PortfolioSnapshot => ({
  ...snapshot,
  model: { ...snapshot.model, ...change },
});
const withExpiry = (name: string, change: Partial<ExpiryParameters>): PortfolioSnapshot => ({
  ...snapshot,
  expiries: snapshot.expiries.map((expiry) => (expiry.name === name ? { ...expiry, ...change } : expiry)),
});
const withContract = (symbol: string, change: Partial<PortfolioInstrument>): PortfolioSnapshot => ({
  ...snapshot,
  instruments: snapshot.instruments.map((instrument) =>
    instrument.instrumentId === idOf(symbol) ? { ...instrument, ...change } : instrument,
  ),
});
const without = (symbol: string): PortfolioSnapshot => ({
  ...snapshot,
  instruments: snapshot.instruments.filter(({ instrumentId }) => instrumentId !== idOf(symbol)),
});
const [scenario] = snapshot.model.scenarios;
if (scenario === undefined) throw new Error('the market has no scenario');
const values = snapshot.instruments[0]?.values ?? [];

const BAD: readonly (readonly [string, PortfolioSnapshot, RegExp])[] = [
  ['more scenarios than the circuit holds', withModel({ scenarios: Array(31).fill(scenario) }), /at most 30 scenarios/],
  [
    'more absolute scenarios than the circuit holds',
    withModel({ absoluteScenarios: Array(3).fill(scenario) }),
    /at most 2 absolute scenarios/,
  ],
  ['no scenario at all', withModel({ scenarios: [], absoluteScenarios: [] }), /model.*must have a scenario/],
  ['a negative weight', withModel({ scenarios: [{ ...scenario, weight: -1n }] }), /scenario 0: the weight/],
  ['a weight out of range', withModel({ scenarios: [{ ...scenario, weight: 2n ** 38n }] }), /scenario 0: the weight/],
  ['a price shocked below zero', withModel({ scenarios: [{ ...scenario, shock: -(10n ** 9n) - 1n }] }), /the shock/],
  ['a negative floor weight', withModel({ scenarios: [{ ...scenario, floorWeight: -1n }] }), /the floor weight/],
  ['another version', withModel({ version: 2 }), /model: the version must be 1/],
  ['an underlying listed twice', { ...snapshot, underlyings: ['BTC', 'BTC'] }, /underlying BTC.*twice/],
  ['an expiry listed twice', withExpiry('BTC-FAR', { name: 'BTC-NEAR' }), /expiry BTC-NEAR.*twice/],
  ['an expiry of no underlying', withExpiry('BTC-FAR', { underlying: 2 }), /expiry BTC-FAR: its underlying/],
  ['discounts in the wrong order', withExpiry('BTC-FAR', { positiveDiscount: [2n, 1n] }), /positive discount.*above/],
  ['a discount out of range', withExpiry('BTC-FAR', { negativeDiscount: [1n, 2n ** 33n] }), /negative discount/],
  ['a negative discount', withExpiry('BTC-FAR', { positiveDiscount: [-1n, 1n] }), /positive discount/],
  ['a negative charge', withExpiry('BTC-FAR', { charge: -1n }), /expiry BTC-FAR: the charge/],
  [
    'a perpetual that makes options cheaper',
    withExpiry('BTC-FAR', { charge: 10n, chargeWithPerpetual: 9n }),
    /charge with a perpetual must not be below/,
  ],
  ['an expiry of other decimals', withExpiry('BTC-FAR', { amountDecimals: 3 }), /amountDecimals/],
  ['too few values', withContract('BTC-PERP', { values: values.slice(1) }), /BTC-PERP.*value for each of the 14/],
  ['too many values', withContract('BTC-PERP', { values: [...values, 0n] }), /BTC-PERP.*value for each of the 14/],
  ['a value out of range', withContract('BTC-PERP', { values: [2n ** 72n, ...values.slice(1)] }), /below 2\^72/],
  ['a basis value out of range', withContract('BTC-NEAR-80-C', { up: -(2n ** 72n) }), /below 2\^72/],
  ['a mark below zero', withContract('BTC-NEAR-80-C', { price: -1n }), /the mark/],
  ['a negative charge of shorts', withContract('BTC-PERP', { nakedCharge: -1n }), /naked shorts/],
  ['a negative floor charge', withContract('BTC-PERP', { floorCharge: -1n }), /floor charge/],
  ['a contract of no expiry', withContract('BTC-PERP', { expiry: 9 }), /BTC-PERP: its expiry/],
  ['netting with a contract that is not listed', without('BTC-NEAR-80-C'), /BTC-NEAR-80-P.*the table must hold/],
  ['netting over expiries', withContract('BTC-NEAR-80-C', { expiry: 1 }), /BTC-NEAR-80-P.*its own expiry/],
  ['netting in a chain', withContract('BTC-NEAR-100-C', { nets: true }), /BTC-NEAR-100-C.*must not net/],
  ['netting at two charges', withContract('BTC-NEAR-80-C', { nakedCharge: 1n }), /one naked charge/],
  [
    'two contracts with one id',
    { ...snapshot, instruments: [...snapshot.instruments, ...snapshot.instruments.slice(-1)] },
    /listed twice/,
  ],
  [
    'collateral that moves with nothing',
    { ...snapshot, assets: snapshot.assets.map((asset) => ({ ...asset, underlying: 7 })) },
    /underlying must be listed/,
  ],
  ['a perpetual in an expiry of options', withExpiry('BTC-PERP', { perpetual: false }), /hold perpetuals only/],
  ['options in an expiry of perpetuals', withExpiry('BTC-FAR', { perpetual: true }), /hold perpetuals only/],
  ['a perpetual that nets', withContract('ETH-PERP', { nets: true }), /ETH-PERP.*call and put/],
  ['no contracts', { ...snapshot, instruments: [] }, /at least one instrument/],
  ['no expiries', { ...snapshot, expiries: [], instruments: [] }, /at least one (instrument|expiry)/],
];

describe('validatePortfolio', () => {
  it('passes the market', () => {
    expect(() => validateSnapshot(snapshot)).not.toThrow();
  });

  it.each(BAD)('refuses %s by name, before a root is computed', (_, bad, rule) => {
    const refusal = expect.objectContaining({ code: 'INVALID_SNAPSHOT', message: expect.stringMatching(rule) });
    expect(() => validateSnapshot(bad)).toThrow(refusal as unknown as SolvencyError);
    expect(() => buildRiskTable(bad)).toThrow(refusal as unknown as SolvencyError);
  });
});

describe('the file of a portfolio snapshot', () => {
  it('says the same when read back', () => {
    const text = serializeSnapshot(snapshot);
    const read = parseSnapshot(text, 'snapshot.json');
    expect(read).toEqual(snapshot);
    expect(serializeSnapshot(read)).toBe(text);
    expect(buildRiskTable(read).riskRoot).toBe(buildRiskTable(snapshot).riskRoot);
  });

  it.each([
    [
      'an expiry that is not listed',
      (file: Fields): unknown => ((file.instruments[0] as Fields).expiry = 'SOON'),
      /expiry/,
    ],
    [
      'an underlying that is not listed',
      (file: Fields): unknown => ((file.expiries[0] as Fields).underlying = 'DOGE'),
      /underlying/,
    ],
    [
      'a value that is no decimal',
      (file: Fields): unknown => ((file.instruments[0] as Fields).values[0] = '1e3'),
      /values\[0\]/,
    ],
    ['a field of another family', (file: Fields): unknown => (file.model.tiers = 'whole'), /tiers/],
  ] as const)('refuses %s, naming the place', (_, spoil, place) => {
    const file = JSON.parse(serializeSnapshot(snapshot)) as Fields;
    spoil(file);
    expect(() => parseSnapshot(JSON.stringify(file), 'snapshot.json')).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(place) }) as unknown as Error,
    );
  });
});

type Fields = ReturnType<typeof JSON.parse>;
