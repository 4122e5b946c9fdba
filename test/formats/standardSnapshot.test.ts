import { describe, expect, it } from 'vitest';
import { parseSnapshot, serializeSnapshot } from '../../src/formats/snapshot.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { snapshot, table } from '../support/standardMarket.js';
import { codeOf } from '../vectors/twin.js';

const text = serializeSnapshot(snapshot);
const changed = (change: (file: Record<string, never>) => void): string => {
  const file = JSON.parse(text) as Record<string, never>;
  change(file);
  return JSON.stringify(file);
};

interface OptionFields {
  instruments: { mark: string; option: { expiry: string; strike?: string; isolated: string } | null }[];
}
const withOption = (change: (option: NonNullable<OptionFields['instruments'][number]['option']>) => void): string =>
  changed((file) => {
    const { instruments } = file as unknown as OptionFields;
    change(instruments.find(({ option }) => option !== null)?.option as Parameters<typeof change>[0]);
  });

describe('a snapshot of the standard option model as a file', () => {
  it('reads back as it was, under the same root', () => {
    const read = parseSnapshot(text, 'snapshot.json');
    expect(read).toEqual(snapshot);
    expect(buildRiskTable(read).riskRoot).toBe(table.riskRoot);
    expect(serializeSnapshot(read)).toBe(text);
  });

  it('states figures in quote units', () => {
    const { instruments, expiries, assets } = JSON.parse(text);
    expect(expiries[0]).toEqual({ name: 'BTC-NEAR', amountDecimals: 4, unpaired: '110' });
    expect(instruments[0]).toEqual({
      instrument: 'BTC-PERP',
      mark: '100',
      option: null,
      longCharge: '5',
      shortCharge: '6',
    });
    expect(instruments[1].option).toEqual({ expiry: 'BTC-NEAR', strike: '120', type: 'call', isolated: '13' });
    expect(assets[1]).toMatchObject({ asset: 'BTC', charge: '0.25' });
  });

  it.each<[string, string, string]>([
    [
      'an expiry that is not listed',
      withOption((option) => Object.assign(option, { expiry: 'NEVER' })),
      'INVALID_INPUT',
    ],
    ['a strike left out', withOption((option) => Reflect.deleteProperty(option, 'strike')), 'INVALID_INPUT'],
    [
      'a strike with too many decimals',
      withOption((option) => Object.assign(option, { strike: '100.0000000000001' })),
      'NOT_REPRESENTABLE',
    ],
    ['a negative rate', withOption((option) => Object.assign(option, { isolated: '-1' })), 'INVALID_INPUT'],
    ['a rate of nothing', withOption((option) => Object.assign(option, { isolated: '0' })), 'INVALID_SNAPSHOT'],
  ])('refuses %s', (_, bad, code) => {
    expect(codeOf(() => parseSnapshot(bad, 'snapshot.json'))).toBe(code);
  });
});
