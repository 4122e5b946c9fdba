import { describe, expect, it } from 'vitest';
import { parseSnapshot, serializeSnapshot } from '../../src/formats/snapshot.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { snapshot, table } from '../support/quantizedMarket.js';
import { codeOf } from '../vectors/twin.js';

const text = serializeSnapshot(snapshot);

const withFirst = (change: object): string => {
  const file = JSON.parse(text) as { instruments: [object, ...object[]] };
  const [first, ...others] = file.instruments;
  return JSON.stringify({ ...file, instruments: [{ ...first, ...change }, ...others] });
};

describe('a snapshot of the quantized model as a file', () => {
  it('reads back as it was, under the same root', () => {
    const read = parseSnapshot(text, 'snapshot.json');
    expect(read).toEqual(snapshot);
    expect(buildRiskTable(read).riskRoot).toBe(table.riskRoot);
    expect(serializeSnapshot(read)).toBe(text);
  });

  it('states figures in quote units', () => {
    const { instruments, model } = JSON.parse(text);
    expect(model.family).toBe('quantized');
    expect(instruments.slice(0, 2)).toEqual([
      {
        instrument: 'PERP-0',
        mark: '59123.456789',
        fundingIndex: '1.234567',
        baseRate: '0.050001',
        fraction: '0.600007',
      },
      {
        instrument: 'PERP-1',
        mark: '3123.4567891',
        fundingIndex: '-0.0098765',
        baseRate: '0.033333',
        fraction: '0.999999',
      },
    ]);
  });

  it.each<[string, string, string]>([
    ['a perpetual that the registry lacks', withFirst({ instrument: 'PERP-9' }), 'UNKNOWN_INSTRUMENT'],
    ['an index left out', withFirst({ fundingIndex: undefined }), 'INVALID_INPUT'],
    ['an index with too many decimals', withFirst({ fundingIndex: '0.0000001' }), 'NOT_REPRESENTABLE'],
    ['a rate with too many decimals', withFirst({ baseRate: '0.0000001' }), 'NOT_REPRESENTABLE'],
    ['a negative mark', withFirst({ mark: '-1' }), 'INVALID_INPUT'],
    ['a fraction above one', withFirst({ fraction: '1.000001' }), 'INVALID_SNAPSHOT'],
    ['a tier', withFirst({ tiers: [] }), 'INVALID_INPUT'],
  ])('refuses %s', (_, bad, code) => {
    expect(codeOf(() => parseSnapshot(bad, 'snapshot.json'))).toBe(code);
  });
});
