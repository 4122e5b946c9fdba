import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absolute,
  add,
  compare,
  multiply,
  negate,
  ONE,
  type Rational,
  rational,
  subtract,
  sum,
  ZERO,
} from '../../../src/numbers/rational.js';
import type { GridMarket, StandingAsset } from '../../../src/venues/grid/gridMarket.js';
import { type ArrayExpiry, spanArray } from '../../../src/venues/span/spanArray.js';
import { type SpanExpiry, spanParameters } from '../../../src/venues/span/spanParameters.js';
import * as grid from '../grid/market.js';

const larger = (a: Rational, b: Rational): Rational => (compare(a, b) >= 0 ? a : b);

/**
 * Risk arrays of an S&P 500 future and a long December 410 call, and their requirements: L. G. McMillan, Options as a
 * Strategic Investment, chapter 34.
 */
const FUTURE = [
  0, 0, 3_330, 3_330, -3_330, -3_330, 6_670, 6_670, -6_670, -6_670, 10_000, 10_000, -10_000, -10_000, 7_000, -7_000,
];
const CALL = [
  460, -610, 2_640, 1_730, -1_270, -2_340, 5_210, 4_540, -2_540, -3_430, 8_060, 7_640, -3_380, -3_990, 3_130, -1_500,
];
const figures = (array: readonly number[]): readonly Rational[] => array.map((figure) => rational(BigInt(figure)));

const arrays = (
  call: readonly Rational[],
  { shortMinimum = ZERO, charge = ZERO } = {},
): GridMarket<ArrayExpiry, StandingAsset> => ({
  ...grid.market,
  claim: 'maintenance',
  underlyings: [
    {
      name: 'SP',
      expiries: [
        {
          name: 'SP-DEC',
          perpetual: false,
          amountDecimals: grid.DECIMALS,
          charge,
          contracts: [
            { instrumentId: 20, mark: rational(204_000n), gains: figures(FUTURE), shortMinimum: ZERO },
            { instrumentId: 31, mark: rational(4_000n), gains: call, shortMinimum },
          ],
        },
      ],
    },
  ],
});

describe('published risk arrays', () => {
  const table = grid.tableOf(spanArray(arrays(figures(CALL))));

  it.each([
    { name: 'a long future', held: [[20, 1]], requirement: 10_000 },
    { name: 'a short future', held: [[20, -1]], requirement: 10_000 },
    { name: 'a long call', held: [[31, 1]], requirement: 3_990 },
    {
      name: 'a covered write',
      held: [
        [20, 1],
        [31, -1],
      ],
      requirement: 6_620,
    },
    { name: 'a short call', held: [[31, -1]], requirement: 8_060 },
    {
      name: 'three futures against five calls',
      held: [
        [20, 3],
        [31, -5],
      ],
      // the extreme fall: 3 x (-7,000) + 5 x 1,500
      requirement: 13_500,
    },
  ] as const)('$name: $requirement', ({ held, requirement }) => {
    const sizes = new Map(held.map(([id, size]) => [id, rational(BigInt(size))] as const));
    // nothing is rounded, so nothing is charged for it
    expect(grid.requirementOf(table, sizes)).toEqual(rational(BigInt(requirement)));
  });

  it('charges the short option minimum and half of a spread on top', () => {
    const charged = grid.tableOf(
      spanArray(arrays(figures(CALL), { shortMinimum: rational(50n), charge: rational(75n) })),
    );
    const write = new Map([
      [20, ONE],
      [31, rational(-1n)],
    ]);
    expect(grid.requirementOf(charged, write)).toEqual(rational(6_620n + 50n + 2n * 75n));
    expect(grid.requirementOf(charged, new Map([[31, ONE]]))).toEqual(rational(3_990n + 75n));
  });

  it('refuses an array without 16 figures', () => {
    expect(() => spanArray(arrays(figures(CALL.slice(1))))).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: { instrumentId: 31, figures: 15 } }),
    );
  });
});

describe('scan ranges', () => {
  const RANGES = new Map([
    ['BTC', rational(10_001n, 2n)],
    ['ETH', rational(333n)],
  ]);
  const VOLATILITY = rational(35n, 100n);
  const RULE = { extremeMultiple: rational(3n), cover: rational(33n, 100n), lookAhead: grid.DAY };
  const MINIMUM = rational(40n);
  const marketWith = (ranges: ReadonlyMap<string, Rational>): GridMarket<SpanExpiry, StandingAsset> => ({
    ...grid.market,
    claim: 'maintenance',
    underlyings: grid.underlyings.map(({ name, expiries }) => ({
      name,
      expiries: expiries.map((expiry) => ({
        ...expiry,
        priceRange: ranges.get(name) as Rational,
        volatilityRange: VOLATILITY,
        shortMinimum: MINIMUM,
      })),
    })),
  });

  /** What one unit gains: the 14 scenarios of thirds, then the covered part of the extreme moves. */
  const GAINS = new Map(
    grid.underlyings.flatMap(({ name, expiries }) =>
      expiries.flatMap((expiry) =>
        expiry.contracts.map((contract) => {
          const now = grid.volatilityOf(contract);
          const range = RANGES.get(name) as Rational;
          const tomorrow = expiry.secondsToExpiry > grid.DAY ? expiry.secondsToExpiry - grid.DAY : 0n;
          const gain = (move: Rational, volatility: Rational): Rational => {
            const at = { ...expiry, forward: add(expiry.forward, move), secondsToExpiry: tomorrow };
            return subtract(grid.worth(contract, at, volatility), grid.worth(contract, expiry, now));
          };
          const thirds = [-3n, -2n, -1n, 0n, 1n, 2n, 3n].flatMap((third) =>
            [add(ONE, VOLATILITY), subtract(ONE, VOLATILITY)].map((factor) =>
              gain(multiply(rational(third, 3n), range), multiply(now, factor)),
            ),
          );
          const extreme = [3n, -3n].map((times) =>
            multiply(rational(33n, 100n), gain(multiply(rational(times), range), now)),
          );
          return [contract.instrumentId, [...thirds, ...extreme]] as const;
        }),
      ),
    ),
  );

  const held = (sizes: grid.Sizes, ids: readonly number[]): readonly (readonly [number, Rational])[] =>
    ids.map((id) => [id, sizes.get(id) ?? ZERO] as const);

  /** CME's order: scanning risk and short option minimum of each combined commodity, the larger one counts. */
  function spanOf(sizes: grid.Sizes): { readonly span: Rational; readonly most: Rational } {
    const commodities = grid.underlyings.map(({ expiries }) => {
      const listed = expiries.flatMap(({ contracts }) => contracts);
      const all = held(
        sizes,
        listed.map(({ instrumentId }) => instrumentId),
      );
      const losses = Array.from({ length: 16 }, (_, s) =>
        negate(sum(all.map(([id, size]) => multiply(size, GAINS.get(id)?.[s] as Rational)))),
      );
      const scanning = losses.reduce(larger, ZERO);
      const shorts = listed
        .filter(({ kind }) => kind === 'option')
        .map(({ instrumentId }) => larger(ZERO, negate(sizes.get(instrumentId) ?? ZERO)));
      const minimum = multiply(MINIMUM, sum(shorts));
      return { span: larger(scanning, minimum), most: add(scanning, minimum) };
    });
    return { span: sum(commodities.map(({ span }) => span)), most: sum(commodities.map(({ most }) => most)) };
  }

  it('ask for no less than SPAN, and for no more than the minimum on top', () => {
    const table = grid.tableOf(spanParameters(marketWith(RANGES), RULE));
    fc.assert(
      fc.property(grid.sizes(grid.IDS, 7), (sizes) => {
        const { span, most } = spanOf(sizes);
        const net = grid.netOf(table, grid.holdingsOf(sizes));
        const asked = subtract(grid.marketValue(sizes), net);
        expect(compare(asked, subtract(span, rational(1n, 10n ** 24n)))).toBe(1);
        expect(compare(absolute(subtract(asked, most)), grid.roundingBound(sizes))).toBeLessThanOrEqual(0);
        expect(compare(asked, subtract(most, rational(1n, 10n ** 24n)))).toBe(1);
      }),
      { seed: 431, numRuns: 120 },
    );
  });

  it('refuse an extreme move that takes the price of an option’s future below zero', () => {
    const wide = new Map([...RANGES, ['ETH', rational(2_000n)]]);
    expect(() => spanParameters(marketWith(wide), RULE)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
