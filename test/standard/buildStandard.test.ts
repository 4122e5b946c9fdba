import { describe, expect, it } from 'vitest';
import { parseRational, type Rational, ZERO } from '../../src/numbers/rational.js';
import { buildStandard } from '../../src/standard/buildStandard.js';
import type { StandardParameters } from '../../src/standard/standardParameters.js';
import { codeOf } from '../vectors/twin.js';

const number = (text: string): Rational => parseRational(text) as Rational;

const parameters: StandardParameters = {
  registry: {
    venue: 'test-standard',
    version: 1,
    quote: 'USD',
    entries: [
      { id: 1, symbol: 'USD', kind: 'asset', amountDecimals: 8 },
      { id: 2, symbol: 'C', kind: 'option', settleAsset: 1, amountDecimals: 14 },
      { id: 3, symbol: 'P', kind: 'perpetual', settleAsset: 1, amountDecimals: 14 },
    ],
  },
  claim: 'initial',
  time: 7,
  haircutRule: 'marginal',
  assets: [
    {
      assetId: 1,
      price: number('1'),
      ladder: [
        { valueCap: number('1/3'), factor: number('2/3') },
        { valueCap: null, factor: number('0.5') },
      ],
      charge: number('0.000000001'),
    },
  ],
  expiries: [{ name: 'NEAR', amountDecimals: 14, unpaired: number('110.001') }],
  instruments: [
    {
      instrumentId: 2,
      mark: number('3.149'),
      option: { expiry: 0, strike: number('100.25'), type: 'call', isolated: number('13.141') },
      longCharge: ZERO,
      shortCharge: number('0.001'),
    },
    { instrumentId: 3, mark: number('100.5'), option: null, longCharge: number('5/3'), shortCharge: number('2') },
  ],
};

const [call, perp] = parameters.instruments as [
  StandardParameters['instruments'][number],
  StandardParameters['instruments'][number],
];
const terms = call.option as NonNullable<typeof call.option>;

describe('buildStandard', () => {
  it('rounds margins and charges up, haircuts and caps down, and says so', () => {
    const snapshot = buildStandard(parameters);
    expect(snapshot.model).toEqual({ family: 'standard', version: 1, claim: 'initial', haircuts: 'marginal' });
    expect(snapshot.assets).toEqual([
      {
        assetId: 1,
        price: 10n ** 8n,
        ladder: [
          { valueCap: 3_333_333_333_333_333n, factor: 666_666n },
          { valueCap: null, factor: 500_000n },
        ],
        charge: 1n,
      },
    ]);
    expect(snapshot.expiries).toEqual([{ name: 'NEAR', amountDecimals: 14, unpaired: 11_001n }]);
    expect(snapshot.instruments).toEqual([
      {
        instrumentId: 2,
        price: 314n,
        option: { expiry: 0, strike: 10_025n, type: 'call', isolated: 1_315n },
        longCharge: 0n,
        shortCharge: 1n,
      },
      { instrumentId: 3, price: 10_050n, option: null, longCharge: 167n, shortCharge: 200n },
    ]);
    expect(snapshot.roundings).toEqual([
      { where: 'USD step 0 cap', exact: '0.33333333333333333333...', used: '0.3333333333333333' },
      { where: 'USD step 0 factor', exact: '0.66666666666666666666...', used: '0.666666' },
      { where: 'USD charge', exact: '0.000000001', used: '0.00000001' },
      { where: 'NEAR unpaired call', exact: '110.001', used: '110.01' },
      { where: 'C isolated margin', exact: '13.141', used: '13.15' },
      { where: 'C charge of a short', exact: '0.001', used: '0.01' },
      { where: 'P charge of a long', exact: '1.66666666666666666666...', used: '1.67' },
    ]);
  });

  it.each<[string, StandardParameters, string]>([
    [
      'a strike between two units',
      { ...parameters, instruments: [{ ...call, option: { ...terms, strike: number('100.251') } }] },
      'NOT_REPRESENTABLE',
    ],
    [
      'the mark of a perpetual between two units',
      { ...parameters, instruments: [{ ...perp, mark: number('100.001') }] },
      'NOT_REPRESENTABLE',
    ],
    [
      'the price of an asset between two units',
      { ...parameters, assets: parameters.assets.map((asset) => ({ ...asset, price: number('1/3') })) },
      'NOT_REPRESENTABLE',
    ],
    [
      'a contract outside of the registry',
      { ...parameters, instruments: [{ ...call, instrumentId: 9 }] },
      'INVALID_SNAPSHOT',
    ],
    [
      'a strike that is missing',
      { ...parameters, instruments: [{ ...call, option: null, mark: number('3') }] },
      'INVALID_SNAPSHOT',
    ],
    [
      'a negative rate',
      { ...parameters, instruments: [{ ...call, option: { ...terms, isolated: number('-1') } }] },
      'INVALID_SNAPSHOT',
    ],
  ])('refuses %s', (_, refused, code) => {
    expect(codeOf(() => buildStandard(refused))).toBe(code);
  });
});
