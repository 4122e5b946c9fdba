import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { describeAccountDiff, describeDiff } from '../../src/cli/describeDiff.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { add, compare, formatRational, rational, subtract, sum } from '../../src/numbers/rational.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { diffAccount } from '../../src/snapshot/diff/diffAccount.js';
import { diffSnapshots } from '../../src/snapshot/diff/diffSnapshots.js';
import type { Registry } from '../../src/snapshot/registry.js';
import type { Snapshot, TieredSnapshot, WeightedSide, WeightedSnapshot } from '../../src/snapshot/snapshot.js';
import * as portfolio from '../support/portfolioMarket.js';
import * as quantized from '../support/quantizedMarket.js';
import * as standard from '../support/standardMarket.js';
import * as weighted from '../support/weightedMarket.js';
import { everyFamily } from './everyFamily.js';
import { small } from './example.js';

const before = buildRiskTable(small);
const changed = (change: Partial<TieredSnapshot>) => buildRiskTable({ ...small, ...change });
const withEntries = (entries: Registry['entries'], version = small.registry.version): Registry => ({
  ...small.registry,
  version,
  entries,
});

describe('what changed between two roots', () => {
  it('says so when nothing did, whatever people were told beside it', () => {
    const after = changed({ roundings: [{ where: 'a', exact: '1/3', used: '0.3' }] });
    const diff = diffSnapshots(before, after);
    expect(diff).toMatchObject({ same: true, hashes: [], changes: [], added: [], removed: [], seconds: 0 });
    expect(describeDiff(diff, before, after).lines).toEqual([
      `the roots are equal, ${before.riskRoot}: both snapshots have the same figures at the same time`,
    ]);
  });

  it('time alone is a change, and no figure is', () => {
    const diff = diffSnapshots(before, changed({ time: small.time + 3600 }));
    expect(diff).toMatchObject({ same: false, hashes: ['time'], seconds: 3600, changes: [] });
  });

  it('refuses snapshots of two venues, or counted in two units', () => {
    for (const change of [{ venue: 'Another' }, { quote: 'EUR' }]) {
      const other = changed({ registry: { ...small.registry, ...change } });
      expect(() => diffSnapshots(before, other)).toThrow(expect.objectContaining({ code: 'MISMATCH' }));
    }
  });

  it('tells figures with their relative change, the largest first', () => {
    const [usdt, btc] = small.assets as [(typeof small.assets)[0], (typeof small.assets)[0]];
    const [perp] = small.instruments as [(typeof small.instruments)[0]];
    const after = changed({
      assets: [usdt, { ...btc, price: (btc.price * 99n) / 100n, ladder: [{ valueCap: 10n ** 20n, factor: 900_000n }] }],
      instruments: [{ ...perp, price: (perp.price * 11n) / 10n }],
    });
    const { changes, hashes, rows } = diffSnapshots(before, after);
    expect(hashes).toEqual(['tableRoot']);
    expect(rows).toEqual([before.rows.length, before.rows.length - 1]);
    expect(
      changes.map(({ of, figure, before: from, after: to, relative }) => [
        of,
        figure,
        from,
        to,
        relative === null ? null : formatRational(relative),
      ]),
    ).toEqual([
      ['BTC', 'ladder[1].valueCap', '100000', null, null],
      ['BTC', 'ladder[1].factor', '0.5', null, null],
      ['BTC/USDT:USDT', 'mark', '26000', '28600', '0.1'],
      ['BTC', 'price', '26000', '25740', '-0.01'],
    ]);
    const { lines } = describeDiff(diffSnapshots(before, after), before, after);
    expect(lines).toContain('instrument BTC/USDT:USDT: mark 26000 -> 28600 USDT per unit (+10.0000%)');
    expect(lines).toContain('asset BTC: price 26000 -> 25740 USDT per unit (-1.0000%)');
    expect(lines).toContain('table: 6 rows -> 5 rows');
  });

  it('tells the claim and the rules of the model', () => {
    const model = { ...small.model, claim: 'initial', haircuts: 'whole' } as const;
    const { changes, hashes } = diffSnapshots(before, changed({ model }));
    expect(hashes).toContain('modelHash');
    expect(changes.slice(0, 2)).toMatchObject([
      { kind: 'model', figure: 'claim', before: 'maintenance', after: 'initial' },
      { kind: 'model', figure: 'haircuts', before: 'marginal', after: 'whole' },
    ]);
  });

  it('tells entries that a registry gained, and warns of one that it may not have changed', () => {
    const eth = { id: 20, symbol: 'ETH', kind: 'asset' as const, amountDecimals: 8 };
    const grown = diffSnapshots(before, changed({ registry: withEntries([...small.registry.entries, eth], 4) }));
    expect(grown.registry).toEqual({ added: [eth], broken: [], versions: [3, 4] });

    const renamed = small.registry.entries.map((entry) => (entry.id === 9 ? { ...entry, amountDecimals: 2 } : entry));
    const after = changed({ registry: withEntries(renamed) });
    const diff = diffSnapshots(before, after);
    expect(diff.registry.broken).toEqual([small.registry.entries[4]]);
    expect(describeDiff(diff, before, after).lines.join('\n')).toContain('do not trust this file');
    const none = { collateral: [{ assetId: 1, amount: 1n }], positions: [] };
    expect(() => diffAccount(none, before, after)).toThrow(expect.objectContaining({ code: 'MISMATCH' }));
  });

  it('tells what was added to the table and taken out, one line each', () => {
    const without = changed({ assets: small.assets.slice(0, 1) });
    expect(diffSnapshots(before, without)).toMatchObject({ removed: [{ kind: 'asset', name: 'BTC' }], added: [] });
    expect(diffSnapshots(without, before)).toMatchObject({ removed: [], added: [{ kind: 'asset', name: 'BTC' }] });
  });

  it.each(everyFamily.map((snapshot) => [snapshot.model.family, snapshot] as const))(
    'tells one figure of an instrument of the %s model, and nothing that did not change',
    (family, snapshot) => {
      const [first, ...rest] = snapshot.instruments as readonly [Snapshot['instruments'][number]];
      // the weighted model ties its sides to the mark
      const [figure, change] =
        family === 'weighted' ? ['gainWeight', { gainWeight: 12_345n }] : ['mark', { price: first.price + 1n }];
      const moved = { ...snapshot, instruments: [{ ...first, ...change }, ...rest] } as Snapshot;
      const { changes } = diffSnapshots(buildRiskTable(snapshot), buildRiskTable(moved));
      expect(changes).toMatchObject([{ kind: 'instrument', figure }]);
    },
  );

  it('counts what is too much for a screen, and leaves nothing out of JSON', () => {
    const moved = {
      ...portfolio.snapshot,
      instruments: portfolio.snapshot.instruments.map((instrument, index) => ({
        ...instrument,
        values: instrument.values.map((value) => value + BigInt(index + 1)),
      })),
    };
    const after = buildRiskTable(moved);
    const { json, lines } = describeDiff(diffSnapshots(portfolio.table, after), portfolio.table, after);
    const values = moved.instruments.length * 14;
    expect(json['changes']).toHaveLength(values);
    expect(lines.at(-1)).toBe(`and ${values - 12} smaller changes of figures of kind instrument`);
    expect(lines.length).toBeLessThan(20);
  });
});

describe('what a change does to an account', () => {
  const holdings: Holdings = {
    collateral: [
      { assetId: 1, amount: 5_000n * 10n ** 8n },
      { assetId: 7, amount: 10n ** 8n },
    ],
    positions: [{ instrumentId: 5, size: -(2n * 10n ** 8n), cost: -(50_000n * 10n ** 8n) }],
  };
  const [perp] = small.instruments as [(typeof small.instruments)[0]];

  it('is told by balance and position, from marks and from rates', () => {
    // the mark falls by a tenth; the second tier's rate rises from 0.5% to 0.6%
    const after = changed({
      instruments: [
        {
          ...perp,
          price: (perp.price * 9n) / 10n,
          tiers: [
            { notionalCap: 10n ** 20n, rate: 4_000n, deduction: 0n },
            { notionalCap: null, rate: 6_000n, deduction: 2n * 10n ** 23n },
          ],
        },
      ],
    });
    const diff = diffAccount(holdings, before, after);
    const position = diff.contributions[2];
    // short two at 26,000: gains 2 x 2,600
    expect(position?.equity).toEqual(rational(5_200n));
    expect(diff.contributions.slice(0, 2).every(({ equity }) => equity.num === 0n)).toBe(true);
    // 52,000 x 0.5% - 10 = 250, so 0.4807...% of the notional; a notional of 46,800 stays below in requirement by a tenth
    expect(position?.requirementFromMark).toEqual(rational(-25n));
    // 46,800 x 0.6% - 20 = 260.8, in place of 225
    expect(position?.requirementFromRates).toEqual(rational(358n, 10n));
    expect(diff.netting.num).toBe(0n);
    const { lines } = describeAccountDiff(diff, 'USDT');
    expect(lines.join('\n')).toContain('equity          29000.00000000 -> 34200.00000000 USDT (+5200.00000000)');
    expect(lines.join('\n')).toContain('requirement     250.00000000 -> 260.80000000 USDT (+10.80000000)');
    expect(lines.join('\n')).toContain(
      'requirement -25.00000000 from the mark and +35.80000000 from rates and charges',
    );
  });

  const lower = <Instrument extends { readonly price: bigint }>(instrument: Instrument, index: number): Instrument => ({
    ...instrument,
    price: instrument.price - BigInt(index) * (instrument.price / 50n),
  });
  const dearer = (side: WeightedSide): WeightedSide => ({ ...side, rate: side.rate + 777n });
  const cheaper = (snapshot: Snapshot): Snapshot =>
    ({
      ...snapshot,
      assets: snapshot.assets.map((asset) => ({ ...asset, price: asset.price - asset.price / 7n })),
      instruments:
        snapshot.model.family === 'weighted'
          ? (snapshot as WeightedSnapshot).instruments.map((instrument) => ({
              ...instrument,
              long: dearer(instrument.long),
            }))
          : snapshot.instruments.map(lower),
    }) as unknown as Snapshot;

  /** rates that grow with the root of a size have an end */
  const rootable = ({ collateral, positions }: Holdings): Holdings => ({
    collateral,
    positions: positions.map((position) => ({ ...position, size: position.size % 100n || 1n })),
  });

  const cases = [
    ['portfolio', portfolio, portfolio.holdings({ positions: 8 })],
    ['standard', standard, standard.holdings({ positions: 8 })],
    ['quantized', quantized, quantized.holdings({ positions: 4 })],
    ['weighted', weighted, weighted.holdings({ positions: 4 }).map(rootable)],
  ] as const;

  it.each(cases)('adds up exactly under the %s model, whoever holds what', (_, market, arbitrary) => {
    const moved = cheaper(market.snapshot);
    const after = buildRiskTable(moved);
    fc.assert(
      fc.property(arbitrary as fc.Arbitrary<Holdings>, (held) => {
        const diff = diffAccount(held, market.table, after);
        const [from, to] = [evaluate(held, market.table), evaluate(held, after)];
        const scaled = (value: bigint, decimals: number) => rational(value, 10n ** BigInt(decimals));
        const same = (a: ReturnType<typeof rational>, b: ReturnType<typeof rational>) =>
          expect(formatRational(a)).toBe(formatRational(b));
        same(sum(diff.contributions.map(({ equity }) => equity)), scaled(to.equity - from.equity, 16));
        same(
          add(
            diff.netting,
            sum(diff.contributions.flatMap((each) => [each.requirementFromMark, each.requirementFromRates])),
          ),
          scaled(to.requirement - from.requirement, from.decimals),
        );
        same(
          add(diff.weightedRest, sum(diff.contributions.map(({ weightedEquity }) => weightedEquity))),
          scaled(to.weightedEquity - from.weightedEquity, from.decimals),
        );
        same(subtract(diff.after.equity, diff.before.equity), scaled(to.equity - from.equity, 16));
        expect(compare(diff.before.requirement, scaled(from.requirement, from.decimals))).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});
