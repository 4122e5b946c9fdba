import { describe, expect, it } from 'vitest';
import { parseSnapshot, serializeSnapshot } from '../../src/formats/snapshot.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { snapshot, table } from '../support/weightedMarket.js';
import { codeOf } from '../vectors/twin.js';

const text = serializeSnapshot(snapshot);
type File = { model: object; instruments: [{ long: object }, ...object[]] };

const withFirst = (change: object): string => {
  const file = JSON.parse(text) as File;
  const [first, ...others] = file.instruments;
  return JSON.stringify({ ...file, instruments: [{ ...first, ...change }, ...others] });
};
const withLong = (change: object): string =>
  withFirst({ long: { ...(JSON.parse(text) as File).instruments[0].long, ...change } });
const withModel = (change: object): string => {
  const file = JSON.parse(text) as File;
  return JSON.stringify({ ...file, model: { ...file.model, ...change } });
};

describe('a snapshot of the weighted model as a file', () => {
  it('reads back as it was, under the same root', () => {
    const read = parseSnapshot(text, 'snapshot.json');
    expect(read).toEqual(snapshot);
    expect(buildRiskTable(read).riskRoot).toBe(table.riskRoot);
    expect(serializeSnapshot(read)).toBe(text);
  });

  it('states figures in quote units and rates for whole units of size', () => {
    const { instruments, model } = JSON.parse(text);
    expect(model).toEqual({
      family: 'weighted',
      version: 1,
      claim: 'maintenance',
      haircuts: 'marginal',
      rateStep: '0.0001',
    });
    expect(instruments.slice(0, 2)).toEqual([
      {
        instrument: 'PERP-0',
        mark: '100.000003',
        long: {
          price: '100.000003',
          marginPrice: '100.000003',
          rate: '0.050001',
          premiumBase: '0.040001',
          premium: '0.001003',
          quadratic: '0',
        },
        short: {
          price: '100.000003',
          marginPrice: '100.000003',
          rate: '0.06',
          premiumBase: '0.048',
          premium: '0.002001',
          quadratic: '0',
        },
        gainWeight: '0.900001',
        gainCap: '100',
      },
      {
        instrument: 'PERP-1',
        mark: '60000',
        long: {
          price: '59999',
          marginPrice: '60000',
          rate: '0.02',
          premiumBase: '0',
          premium: '0',
          quadratic: '0.00005',
        },
        short: {
          price: '60001',
          marginPrice: '60000',
          rate: '0.03',
          premiumBase: '0',
          premium: '0',
          quadratic: '0.0000700001',
        },
        gainWeight: '1',
        gainCap: null,
      },
    ]);
  });

  it.each<[string, string, string]>([
    ['an instrument that the registry lacks', withFirst({ instrument: 'PERP-9' }), 'UNKNOWN_INSTRUMENT'],
    ['a cap left out', withFirst({ gainCap: undefined }), 'INVALID_INPUT'],
    ['a side left out', withFirst({ short: undefined }), 'INVALID_INPUT'],
    ['a rate left out', withLong({ rate: undefined }), 'INVALID_INPUT'],
    ['a rate with too many decimals', withLong({ rate: '0.0000001' }), 'NOT_REPRESENTABLE'],
    ['a quadratic part with too many decimals', withLong({ quadratic: '0.0000000001' }), 'NOT_REPRESENTABLE'],
    ['a negative premium', withLong({ premium: '-1' }), 'INVALID_INPUT'],
    ['a profit above one', withFirst({ gainWeight: '1.000001' }), 'INVALID_SNAPSHOT'],
    ['a tier', withFirst({ tiers: [] }), 'INVALID_INPUT'],
    ['no step', withModel({ rateStep: undefined }), 'INVALID_INPUT'],
    ['a step of zero', withModel({ rateStep: '0' }), 'INVALID_SNAPSHOT'],
  ])('refuses %s', (_, bad, code) => {
    expect(codeOf(() => parseSnapshot(bad, 'snapshot.json'))).toBe(code);
  });
});
