import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { parseSnapshot, serializeSnapshot } from '../../src/formats/snapshot.js';
import { evaluate } from '../../src/margin/evaluate.js';
import {
  add,
  ceiling,
  compare,
  divide,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
} from '../../src/numbers/rational.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { buildSnapshot } from '../../src/snapshot/build.js';
import { deriveSnapshot } from '../../src/snapshot/derive.js';
import { claimInWords, type Derivation, derivedClaim, isDerivedClaim } from '../../src/snapshot/derived/claim.js';
import type { Snapshot, TieredSnapshot } from '../../src/snapshot/snapshot.js';
import { holdings } from '../support/arbitraries.js';
import { snapshot } from '../support/market.js';
import * as portfolio from '../support/portfolioMarket.js';
import * as quantized from '../support/quantizedMarket.js';
import * as standard from '../support/standardMarket.js';
import * as weighted from '../support/weightedMarket.js';
import { parameters, prices, q } from './example.js';

const shock = (percent: bigint, only?: readonly string[]): Derivation => ({
  kind: 'shock',
  change: rational(percent, 100n),
  ...(only === undefined ? {} : { only }),
});
const leverage = (num: bigint, den = 1n): Derivation => ({ kind: 'leverage', most: rational(num, den) });
const scale = (num: bigint, den = 1n): Derivation => ({ kind: 'scale', factor: rational(num, den) });
const derive = (base: Snapshot, ...derivations: readonly Derivation[]): TieredSnapshot =>
  derivations.reduce(deriveSnapshot, base) as TieredSnapshot;

const derivation: fc.Arbitrary<Derivation> = fc.oneof(
  fc.bigInt({ min: -9_999n, max: 20_000n }).map((change) => ({
    kind: 'shock' as const,
    change: rational(change, 10_000n),
  })),
  fc
    .tuple(fc.bigInt({ min: 1n, max: 1_000n }), fc.bigInt({ min: 1n, max: 10n }))
    .map(([num, den]) => leverage(num, den)),
  fc.tuple(fc.bigInt({ min: 1n, max: 100n }), fc.bigInt({ min: 10n, max: 100n })).map(([num, den]) => scale(num, den)),
);

const refused = (act: () => unknown, code: string, why: RegExp) =>
  expect(act).toThrow(expect.objectContaining({ code, message: expect.stringMatching(why) }));

describe('deriveSnapshot', () => {
  it('derived twice is the same bytes, and survives its file', () => {
    fc.assert(
      fc.property(fc.array(derivation, { minLength: 1, maxLength: 2 }), (list) => {
        const [once, twice] = [derive(snapshot, ...list), derive(structuredClone(snapshot), ...list)];
        const text = serializeSnapshot(once);
        expect(serializeSnapshot(twice)).toBe(text);
        expect(parseSnapshot(text, 'derived.json')).toEqual(once);
      }),
      { numRuns: 8 },
    );
  });

  it('leaves the base as it was, and each claim has a root of its own', () => {
    const before = serializeSnapshot(snapshot);
    const derived = [shock(0n), shock(-20n), leverage(5n), scale(1n), scale(6n, 5n)].map((each) =>
      derive(snapshot, each),
    );
    const openings = [snapshot, ...derived].map((each) => buildRiskTable(each));
    expect(new Set(openings.map(({ riskRoot }) => riskRoot)).size).toBe(6);
    expect(new Set(openings.map(({ opening }) => opening.modelHash)).size).toBe(6);
    expect(serializeSnapshot(snapshot)).toBe(before);
  });

  it('a claim has one name and one table, in whatever order it was derived', () => {
    const [one, other] = [
      derive(snapshot, shock(-20n, ['PERP-3', 'BTC']), leverage(5n)),
      derive(snapshot, leverage(5n), shock(-20n, ['BTC', 'PERP-3', 'BTC'])),
    ];
    expect(one.model.claim).toBe('leverage at most 5 after -20% on BTC,PERP-3');
    expect(other).toEqual(one);
    expect(derive(snapshot, scale(6n, 5n), shock(-20n))).toEqual(derive(snapshot, shock(-20n), scale(6n, 5n)));
  });
});

describe('a price shock', () => {
  it('of 0% changes only the claim', () => {
    const { claim, ...model } = derive(snapshot, shock(0n)).model;
    expect(claim).toBe('maintenance after 0%');
    expect({ ...derive(snapshot, shock(0n)), model: { ...model, claim: 'maintenance' } }).toEqual(snapshot);
  });

  it('is the account evaluated by hand at the moved prices', () => {
    fc.assert(
      fc.property(holdings({ positions: 4, assets: 4 }), fc.bigInt({ min: -99n, max: 50n }), (held, percent) => {
        const derived = derive(snapshot, shock(percent));
        expect(derived.roundings).toEqual([]);
        const { weightedEquity, requirement } = evaluate(held, buildRiskTable(derived));
        expect({ weightedEquity, requirement }).toEqual(byHand(held, snapshot, rational(100n + percent, 100n)));
      }),
      { numRuns: 8 },
    );
  });

  it('moves what is named and nothing else', () => {
    const { assets, instruments } = derive(snapshot, shock(-20n, ['PERP-3', 'BTC']));
    for (const [k, { price }] of instruments.entries()) {
      const before = snapshot.instruments[k]?.price as bigint;
      expect(price).toBe(k === 3 ? (before * 8n) / 10n : before);
    }
    expect(assets.map(({ price }) => price)).toEqual(
      snapshot.assets.map(({ price, assetId }) => (assetId === 2 ? (price * 8n) / 10n : price)),
    );
  });

  it('never moves the unit that prices are counted in', () => {
    expect(derive(snapshot, shock(-50n)).assets[0]).toEqual(snapshot.assets[0]);
    refused(() => derive(snapshot, shock(-50n, ['USD'])), 'INVALID_INPUT', /USD: its own does not move/);
  });

  it('of a settle asset is the snapshot built at its new price: marks and caps are counted in it', () => {
    for (const claim of ['maintenance', 'initial'] as const) {
      const built = buildSnapshot(
        parameters,
        { ...prices, assets: new Map(prices.assets).set(7, q(2_080_040n, 100n)) },
        claim,
      );
      const derived = derive(buildSnapshot(parameters, prices, claim), shock(-20n, ['BTC']));
      expect({ ...derived, model: built.model }).toEqual(built);
    }
    const base = buildSnapshot(parameters, prices, 'maintenance');
    const [, own] = derive(base, shock(-20n, ['ETH/BTC:BTC'])).instruments;
    expect(own?.tiers).toEqual(base.instruments[1]?.tiers);
    expect(own?.price).toBe(((base.instruments[1]?.price as bigint) * 8n) / 10n);
  });

  it('rounds a mark to nearest and a cap down, and says so', () => {
    const base = buildSnapshot(parameters, prices, 'maintenance');
    const third = derive(base, { kind: 'shock', change: rational(-1n, 3n) });
    expect(third.model.claim).toBe('maintenance after -100/3%');
    // 26010.50 x 2/3 = 17340.333..., 15600560.005 x 2/3 ends on ...706,666.67
    expect(third.instruments.map(({ price }) => price)).toEqual([1_734_033_333_333n, 10_400_373_336_667n]);
    expect(third.instruments[1]?.tiers[0]?.notionalCap).toBe((260_005n * 10n ** 16n * 2n) / 3n);
    expect(third.roundings.slice(base.roundings.length)).toEqual([
      { where: 'BTC price', exact: '52001/3', used: '17333.66666667' },
      { where: 'OLD price', exact: '1/15', used: '0.0666666666666667' },
      { where: 'BTC/USDT:USDT mark', exact: '52021/3', used: '17340.33333333' },
      { where: 'ETH/BTC:BTC mark', exact: '3120112001/3000000', used: '1040.0373336667' },
      { where: 'ETH/BTC:BTC tier 0 cap', exact: '520010/3', used: '173336.6666666666666666' },
      { where: 'ETH/BTC:BTC tier 1 cap', exact: '5200100/3', used: '1733366.6666666666666666' },
    ]);
  });

  it('is refused of nothing, of what is unknown, by 100% or more, and with a claim that is too long', () => {
    refused(() => derive(snapshot, shock(-20n, [])), 'INVALID_INPUT', /at least one symbol/);
    refused(() => derive(snapshot, shock(-20n, ['PERP-1', 'NONE'])), 'UNKNOWN_INSTRUMENT', /"NONE"/);
    refused(() => derive(snapshot, shock(-100n)), 'INVALID_INPUT', /100% or more/);
    refused(() => derive(snapshot, shock(-101n)), 'INVALID_INPUT', /100% or more/);
    const many = snapshot.registry.entries.filter(({ kind }) => kind !== 'asset').map(({ symbol }) => symbol);
    refused(() => derive(snapshot, shock(-20n, many)), 'INVALID_INPUT', /at most 64 characters/);
    const comma = structuredClone(snapshot.registry.entries).map((entry) =>
      entry.id === 2 ? { ...entry, symbol: 'PERP-1,BTC' } : entry,
    );
    const named = { ...snapshot, registry: { ...snapshot.registry, entries: comma } };
    refused(() => derive(named, shock(-20n, ['PERP-1,BTC'])), 'INVALID_INPUT', /comma/);
  });

  it('is refused when a price no longer fits its unit', () => {
    const tiny = { kind: 'shock', change: rational(1n - 10n ** 30n, 10n ** 30n) } as const;
    refused(() => derive(snapshot, tiny), 'INVALID_SNAPSHOT', /price must be above zero/);
    refused(() => derive(snapshot, shock(10n ** 12n)), 'INVALID_SNAPSHOT', /price must be below 2\^64/);
  });

  it('of options is refused: their values have to be recomputed', () => {
    const entries = snapshot.registry.entries.map((entry) =>
      entry.symbol === 'PERP-0' ? { ...entry, kind: 'option' as const } : entry,
    );
    const withOption = { ...snapshot, registry: { ...snapshot.registry, entries } };
    for (const base of [portfolio.snapshot, standard.snapshot, weighted.snapshot, withOption]) {
      refused(() => derive(base, shock(-20n)), 'INVALID_INPUT', /values of options, has to be recomputed/);
      refused(() => derive(base, shock(-20n, ['BTC'])), 'INVALID_INPUT', /values of options, has to be recomputed/);
    }
  });

  it('of a quantized snapshot moves the marks and leaves the funding', () => {
    const derived = deriveSnapshot(quantized.snapshot, shock(100n));
    expect(derived).toEqual({
      ...quantized.snapshot,
      model: { ...quantized.snapshot.model, claim: 'maintenance after +100%' },
      assets: quantized.snapshot.assets.map((asset) =>
        asset.assetId === 1 ? asset : { ...asset, price: 2n * asset.price },
      ),
      instruments: quantized.snapshot.instruments.map((each) => ({ ...each, price: 2n * each.price })),
    });
  });
});

describe('leverage', () => {
  const L = fc.oneof(
    fc.constantFrom([1n, 1n], [5n, 1n], [8n, 1n], [50n, 1n], [1n, 2n], [5n, 2n]),
    fc.tuple(fc.bigInt({ min: 1n, max: 300n }), fc.bigInt({ min: 1n, max: 9n })),
  );

  it('holds exactly when gross notional is at most that many times weighted equity', () => {
    fc.assert(
      fc.property(
        holdings({ positions: 4, assets: 4 }),
        L,
        fc.bigInt({ min: -3n, max: 3n }),
        (held, [num, den], more) => {
          const most = rational(num, den);
          const table = buildRiskTable(derive(snapshot, leverage(num, den)));
          const without = { ...held, collateral: held.collateral.filter(({ assetId }) => assetId !== 1) };
          const bare = evaluate(without, table);
          // cash that brings the account to the boundary, give or take a unit
          const missing = subtract(
            divide(rational(bare.grossNotional), most),
            rational(bare.weightedEquity, 10n ** 6n),
          );
          const cash = ceiling(divide(missing, rational(10n ** 8n))) + more;
          // what a leaf holds
          fc.pre(cash < 2n ** 64n && cash > -(2n ** 64n));
          const account: Holdings =
            cash === 0n ? without : { ...without, collateral: [{ assetId: 1, amount: cash }, ...without.collateral] };
          const { grossNotional, weightedEquity, requirement } = evaluate(account, table);
          const holds = weightedEquity >= requirement;
          const within = compare(rational(grossNotional), multiply(most, rational(weightedEquity, 10n ** 6n))) <= 0;
          // a rate that is no whole part per million is rounded up, against the prover
          const exact = (10n ** 6n * den) % num === 0n;
          if (exact) expect(holds).toBe(within);
          else if (holds) expect(within).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('forgets the requirement that it began with, and keeps haircuts', () => {
    const [maintenance, initial] = (['maintenance', 'initial'] as const).map((claim) =>
      derive(buildSnapshot(parameters, prices, claim), leverage(3n)),
    ) as [TieredSnapshot, TieredSnapshot];
    expect(buildRiskTable(initial).riskRoot).toBe(buildRiskTable(maintenance).riskRoot);
    expect(maintenance.assets).toEqual(buildSnapshot(parameters, prices, 'maintenance').assets);
    expect(maintenance.instruments[0]?.tiers).toEqual([{ notionalCap: null, rate: 333_334n, deduction: 0n }]);
    expect(maintenance.roundings.at(-1)).toEqual({
      where: 'rate of leverage at most 3',
      exact: '1/3',
      used: '0.333334',
    });
  });

  it('is of an account under an option model what its equity is there, for what is no option', () => {
    const held = {
      collateral: [
        { assetId: 1, amount: 700n * 10n ** 8n },
        { assetId: 2, amount: 12_345n },
      ],
    };
    for (const { snapshot: base, contracts } of [portfolio, standard]) {
      const positions = contracts({ 'BTC-PERP': 3, 'ETH-PERP': -2 }).map((each) => ({
        ...each,
        cost: 17n * each.size,
      }));
      const table = buildRiskTable(derive(base, leverage(2n)));
      const [before, after] = [
        evaluate({ ...held, positions }, buildRiskTable(base)),
        evaluate({ ...held, positions }, table),
      ];
      expect(rational(after.weightedEquity, 10n ** 22n)).toEqual(
        rational(before.weightedEquity, 10n ** BigInt(before.decimals)),
      );
      expect(after.requirement).toBe(500_000n * before.grossNotional);
      expect(table.snapshot.instruments).toHaveLength(2);
    }
  });

  it('has no row for an option, nor for an asset that counts less than nothing', () => {
    const table = buildRiskTable(derive(portfolio.snapshot, leverage(2n)));
    const option = { collateral: [], positions: portfolio.contracts({ 'BTC-NEAR-100-C': -1 }) };
    refused(() => evaluate(option, table), 'UNKNOWN_INSTRUMENT', /no parameters/);
    const doubtful = portfolio.snapshot.assets.map((asset) =>
      asset.assetId === 3 ? { ...asset, ladder: [{ valueCap: null, factor: -1n }] } : asset,
    );
    const derived = derive({ ...portfolio.snapshot, assets: doubtful }, leverage(2n));
    expect(derived.assets.map(({ assetId }) => assetId)).toEqual([1, 2]);
  });

  it('of a portfolio can be shocked: what is left has no options', () => {
    const derived = derive(portfolio.snapshot, leverage(2n), shock(-20n));
    expect(derived.model).toMatchObject({ family: 'tiered', claim: 'leverage at most 2 after -20%' });
    expect(derived.instruments.map(({ price }) => price)).toEqual([80n * 10n ** 12n, 80n * 10n ** 12n]);
  });

  it('of a quantized snapshot counts open funding as before', () => {
    const derived = buildRiskTable(deriveSnapshot(quantized.snapshot, leverage(4n)));
    const held = {
      collateral: [{ assetId: 1, amount: 10n ** 9n }],
      positions: [{ instrumentId: 100, size: 10n ** 10n, cost: -(10n ** 9n) }],
    };
    const [before, after] = [evaluate(held, quantized.table), evaluate(held, derived)];
    expect(after.weightedEquity).toBe(before.weightedEquity);
    // a quarter of the notional in whole quantums, rounded up to one
    const quantums = after.grossNotional / 10n ** 10n;
    expect(after.requirement).toBe(((quantums + 3n) / 4n) * 10n ** 16n);
    refused(() => deriveSnapshot(quantized.snapshot, leverage(1n, 2n)), 'INVALID_SNAPSHOT', /base rate/);
  });

  it('of a weighted snapshot counts profits as before, and a debt in full', () => {
    const derived = buildRiskTable(deriveSnapshot(weighted.snapshot, leverage(4n)));
    expect(derived.snapshot.model).toEqual({ ...weighted.snapshot.model, claim: 'leverage at most 4' });
    const holding = (instrumentId: number, size: bigint): Holdings => ({
      collateral: [weighted.usd(500n)],
      positions: [{ instrumentId, size, cost: 7n * 10n ** 9n }],
    });
    for (const held of [holding(100, 10n ** 9n), holding(103, -(10n ** 9n)), holding(106, 10n ** 9n)]) {
      const [before, after] = [evaluate(held, weighted.table), evaluate(held, derived)];
      expect(after.weightedEquity).toBe(before.weightedEquity);
      expect(after.requirement).toBe(250_000n * 10n ** 12n * after.grossNotional);
    }
    const debt = holding(2 ** 32 - 1, -(10n ** 9n));
    expect(evaluate(debt, derived)).toEqual(evaluate(debt, weighted.table));
  });

  it('is refused at zero, below it, and where the rate exceeds its bound', () => {
    refused(() => derive(snapshot, leverage(0n)), 'INVALID_INPUT', /above zero/);
    refused(() => derive(snapshot, leverage(-5n)), 'INVALID_INPUT', /above zero/);
    refused(() => derive(snapshot, leverage(1n, 17n)), 'INVALID_SNAPSHOT', /the rate must be/);
  });
});

describe('a scaled requirement', () => {
  it.each(['marginal', 'whole'] as const)('asks for the factor or a little more, never less (%s)', (tiers) => {
    const base: TieredSnapshot = {
      ...snapshot,
      model: { ...snapshot.model, tiers },
      instruments: snapshot.instruments.map((instrument) => ({
        ...instrument,
        tiers: instrument.tiers.map((tier) => (tiers === 'whole' ? { ...tier, deduction: 0n } : tier)),
      })),
    };
    const table = buildRiskTable(base);
    fc.assert(
      fc.property(
        holdings({ positions: 4, assets: 2 }),
        fc.tuple(fc.bigInt({ min: 1n, max: 300n }), fc.bigInt({ min: 100n, max: 300n })),
        (held, [num, den]) => {
          const { grossNotional, requirement, weightedEquity } = evaluate(held, table);
          const after = evaluate(held, buildRiskTable(derive(base, scale(num, den))));
          expect(after.weightedEquity).toBe(weightedEquity);
          expect(after.requirement * den).toBeGreaterThanOrEqual(requirement * num);
          // less than one part per million of the notional more
          expect((after.requirement - grossNotional) * den).toBeLessThanOrEqual(requirement * num);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('by 1 changes only the claim, and records what it rounds', () => {
    const same = derive(snapshot, scale(1n));
    expect({ ...same, model: snapshot.model }).toEqual(snapshot);
    expect(same.model.claim).toBe('maintenance x 1');
    expect(derive(snapshot, scale(1n, 3n)).roundings[0]).toEqual({
      where: 'PERP-0 tier 0 rate',
      exact: '1/600',
      used: '0.001667',
    });
  });

  it('is refused at zero, below it, beyond the bound of rates, and of other families', () => {
    refused(() => derive(snapshot, scale(0n)), 'INVALID_INPUT', /above zero/);
    refused(() => derive(snapshot, scale(-1n)), 'INVALID_INPUT', /above zero/);
    refused(() => derive(snapshot, scale(100n)), 'INVALID_SNAPSHOT', /the rate must be/);
    for (const base of [portfolio.snapshot, standard.snapshot, quantized.snapshot, weighted.snapshot]) {
      refused(() => derive(base, scale(6n, 5n)), 'INVALID_INPUT', /in snapshots of the tiered model/);
    }
  });
});

describe('the names of derived claims', () => {
  it.each([
    ['maintenance', [shock(-20n)], 'maintenance after -20%'],
    ['initial', [shock(15n)], 'initial after +15%'],
    ['maintenance', [shock(-20n), shock(5n, ['BTC'])], 'maintenance after -20% after +5% on BTC'],
    ['maintenance', [leverage(5n)], 'leverage at most 5'],
    ['maintenance', [leverage(5n, 2n), shock(-20n)], 'leverage at most 2.5 after -20%'],
    ['maintenance', [scale(6n, 5n)], 'maintenance x 1.2'],
    ['maintenance', [shock(-20n), scale(4n, 3n)], 'maintenance x 4/3 after -20%'],
    ['maintenance', [scale(6n, 5n), leverage(5n)], 'leverage at most 5'],
  ] as const)('%s and %o', (claim, derivations, name) => {
    const derived = (derivations as readonly Derivation[]).reduce(derivedClaim, claim as string);
    expect(derived).toBe(name);
    expect(isDerivedClaim(derived)).toBe(true);
  });

  it.each(['maintenance', 'initial', 'house after hours', 'class x', 'leverage'])('%s is none of them', (claim) =>
    expect(isDerivedClaim(claim)).toBe(false),
  );

  it.each([
    ['maintenance', 15_000n, 'maintenance margin ratio is at least 150%'],
    ['maintenance after -20%', 10_000n, 'maintenance margin ratio is at least 100% after a price change of -20%'],
    ['leverage at most 5', 10_000n, 'leverage is at most 5'],
    ['leverage at most 5 after -20% on BTC', 10_000n, 'leverage is at most 5 after a price change of -20% on BTC'],
    // half the requirement is twice the leverage
    ['leverage at most 5', 5_000n, 'leverage is at most 10'],
    ['leverage at most 5 x 1.2', 10_000n, 'leverage at most 5 x 1.2 margin ratio is at least 100%'],
  ])('%s at %i basis points in words', (claim, threshold, words) => {
    expect(claimInWords(claim, threshold)).toBe(words);
  });
});

/** Weighted equity and requirement in 1e-22 quote, tier by tier, with every price but the quote's times a factor. */
function byHand({ collateral, positions }: Holdings, base: TieredSnapshot, factor: Rational) {
  const sum = (terms: readonly Rational[]): Rational => terms.reduce(add, rational(0n));
  const weighted = collateral.map(({ assetId, amount }) => {
    const { price, ladder } = base.assets.find(
      (asset) => asset.assetId === assetId,
    ) as TieredSnapshot['assets'][number];
    const value = multiply(rational(amount * price), assetId === 1 ? ONE : factor);
    if (amount < 0n) return multiply(value, rational(10n ** 6n));
    return inSteps(
      value,
      ladder.map(({ valueCap, factor: part }) => [valueCap, part]),
    );
  });
  const legs = positions.map(({ instrumentId, size, cost }) => {
    const { price, tiers } = base.instruments.find(
      (each) => each.instrumentId === instrumentId,
    ) as TieredSnapshot['instruments'][number];
    const value = multiply(rational(size * price), factor);
    return {
      pnl: multiply(subtract(value, rational(cost * 10n ** 8n)), rational(10n ** 6n)),
      margin: inSteps(
        size < 0n ? subtract(rational(0n), value) : value,
        tiers.map(({ notionalCap, rate }) => [notionalCap, rate]),
      ),
    };
  });
  const [equity, requirement] = [
    sum([...weighted, ...legs.map(({ pnl }) => pnl)]),
    sum(legs.map(({ margin }) => margin)),
  ];
  expect([equity.den, requirement.den]).toEqual([1n, 1n]);
  return { weightedEquity: equity.num, requirement: requirement.num };
}

/** Each rate on the part of the value inside its step. */
function inSteps(value: Rational, steps: readonly (readonly [cap: bigint | null, rate: bigint])[]): Rational {
  let [floor, total] = [rational(0n), rational(0n)];
  for (const [cap, rate] of steps) {
    const top = cap === null || compare(rational(cap), value) > 0 ? value : rational(cap);
    if (compare(top, floor) <= 0) break;
    total = add(total, multiply(subtract(top, floor), rational(rate)));
    floor = top;
  }
  return total;
}
