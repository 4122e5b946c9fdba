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
import {
  DERIBIT_EXTENDED_MOVES,
  type DeribitExpiry,
  type DeribitGrid,
  deribitParameters,
  deribitRows,
} from '../../../src/venues/deribit/deribitParameters.js';
import type { GridMarket } from '../../../src/venues/grid/gridMarket.js';
import * as grid from '../grid/market.js';

const percent = (value: bigint): Rational => rational(value, 100n);
const larger = (a: Rational, b: Rational): Rational => (compare(a, b) >= 0 ? a : b);
const CONTINGENCY = rational(700n);
const FACTOR = rational(13n, 10n);
const LEAST_UP = percent(90n);

/** What counts of a loss in each extended row, in 1e-4. */
const FRACTIONS = [2400n, 4800n, 3200n, 1600n, 800n, 533n, 400n, 320n];
const EXTENDED = DERIBIT_EXTENDED_MOVES.map((move, row) => ({
  move,
  fraction: rational(FRACTIONS[row] as bigint, 10_000n),
}));
const gridOf = (buckets: number, extended: DeribitGrid['extended'], placement: DeribitGrid['placement']) => ({
  maxMove: percent(16n),
  buckets,
  volatility: {
    rangeUp: percent(50n),
    rangeDown: percent(25n),
    shortTermPower: percent(30n),
    longTermPower: percent(13n),
    floor: 0n,
    leastUp: LEAST_UP,
  },
  extended,
  factor: FACTOR,
  placement,
});

const withCharges = (market: Omit<GridMarket<DeribitExpiry>, 'underlyings'>): GridMarket<DeribitExpiry> => ({
  ...market,
  underlyings: grid.underlyings.map(({ name, expiries }) => ({
    name,
    expiries: expiries.map((expiry) => ({ ...expiry, nakedCharge: CONTINGENCY })),
  })),
});
const market = withCharges({
  ...grid.market,
  claim: 'initial',
  assets: [{ ...grid.standing(grid.USD, ONE), underlying: null }],
});
const BTC_PRICE = rational(70_000n);
const movingMarket = withCharges({
  ...grid.market,
  claim: 'initial',
  assets: [...market.assets, { ...grid.standing(grid.BTC, BTC_PRICE), underlying: 0 }],
});

type Row = { readonly move: Rational; readonly volatility: -1 | 0 | 1; readonly fraction: Rational };

/** The venue's tables: every bucket with volatility up, same and down, then the extended rows with volatility up. */
function tableRows(buckets: number, extended: DeribitGrid['extended']): readonly Row[] {
  const rows: Row[] = [];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const move = add(percent(-16n), multiply(percent(32n), rational(BigInt(bucket), BigInt(buckets - 1))));
    for (const volatility of [1, 0, -1] as const) rows.push({ move, volatility, fraction: ONE });
  }
  for (const { move, fraction } of extended) rows.push({ move, volatility: 1, fraction });
  return rows;
}

/** What one unit gains in a row, by id. */
function gainsIn({ move, volatility }: Row): ReadonlyMap<number, Rational> {
  return new Map(
    grid.underlyings.flatMap(({ expiries }) =>
      expiries.flatMap((expiry) =>
        expiry.contracts.map((contract) => {
          const now = grid.volatilityOf(contract);
          const days = rational(expiry.secondsToExpiry, grid.DAY);
          const moved = (): Rational => {
            const term = grid.termFactor(days, percent(compare(days, rational(30n)) < 0 ? 30n : 13n));
            const up = larger(multiply(now, add(ONE, multiply(percent(50n), term))), LEAST_UP);
            return volatility === 1 ? up : multiply(now, larger(ZERO, subtract(ONE, multiply(percent(25n), term))));
          };
          const at = { ...expiry, forward: multiply(expiry.forward, add(ONE, move)) };
          const then = contract.kind === 'forward' || volatility === 0 ? now : moved();
          return [contract.instrumentId, subtract(grid.worth(contract, at, then), grid.worth(contract, expiry, now))];
        }),
      ),
    ),
  );
}

type Expiry = (typeof grid.underlyings)[number]['expiries'][number];
const gainOf = (expiry: Expiry, held: grid.Sizes, gains: ReadonlyMap<number, Rational>): Rational =>
  sum(expiry.contracts.map(({ instrumentId: id }) => multiply(held.get(id) ?? ZERO, gains.get(id) as Rational)));

/** Net short options per strike, times the contingency. */
const contingency = (held: grid.Sizes): Rational => {
  const net = [31, 41, 51, 121].map((call) => add(held.get(call) ?? ZERO, held.get(call + 1) ?? ZERO));
  return multiply(CONTINGENCY, sum(net.map((size) => larger(ZERO, negate(size)))));
};

/** The venue's rule: the worst loss over all rows for each underlying, with collateral of BTC that moves. */
const exactly =
  (rows: readonly (Row & { readonly gains: ReadonlyMap<number, Rational> })[]) =>
  (held: grid.Sizes, btc = ZERO): Rational =>
    add(
      contingency(held),
      sum(
        grid.underlyings.map(({ name, expiries }) =>
          rows
            .map(({ gains, fraction, move }) => {
              const collateral = name === 'BTC' ? multiply(multiply(btc, BTC_PRICE), move) : ZERO;
              const gain = sum([...expiries.map((expiry) => gainOf(expiry, held, gains)), collateral]);
              return multiply(multiply(FACTOR, fraction), negate(gain));
            })
            .reduce(larger, ZERO),
        ),
      ),
    );
const valued = (buckets: number, extended: DeribitGrid['extended']) =>
  tableRows(buckets, extended).map((row) => ({ ...row, gains: gainsIn(row) }));

describe('a grid that fits', () => {
  it.each([
    { name: 'the core of nine buckets', buckets: 9, extended: [] },
    {
      name: 'seven buckets, whose moves have no end of decimals, and the extended table',
      buckets: 7,
      extended: EXTENDED,
    },
  ])('$name asks for the worst loss of all rows', ({ buckets, extended }) => {
    const table = grid.tableOf(deribitParameters(market, gridOf(buckets, extended, 'exact')));
    const asked = exactly(valued(buckets, extended));
    fc.assert(
      fc.property(grid.sizes(grid.IDS, 7), (held) => {
        const left = subtract(grid.marketValue(held), asked(held));
        const stricter = subtract(left, grid.netOf(table, grid.holdingsOf(held)));
        expect(compare(stricter, rational(-1n, 10n ** 24n))).toBe(1);
        expect(compare(stricter, grid.roundingBound(held))).toBeLessThanOrEqual(0);
      }),
      { seed: 421, numRuns: 80 },
    );
  });

  it('moves collateral with its underlying', () => {
    const table = grid.tableOf(deribitParameters(movingMarket, gridOf(5, EXTENDED.slice(1), 'exact')));
    const asked = exactly(valued(5, EXTENDED.slice(1)));
    fc.assert(
      fc.property(grid.sizes(grid.IDS, 5), fc.bigInt({ min: 1n, max: 900_000n }), (held, units) => {
        const btc = rational(units, 10_000n);
        const value = add(grid.marketValue(held), multiply(btc, BTC_PRICE));
        const left = subtract(value, asked(held, btc));
        const holdings = grid.holdingsOf(held, [{ assetId: grid.BTC, amount: units }]);
        const stricter = subtract(left, grid.netOf(table, holdings));
        expect(compare(stricter, rational(-1n, 10n ** 24n))).toBe(1);
        expect(compare(stricter, grid.roundingBound(held))).toBeLessThanOrEqual(0);
      }),
      { seed: 422, numRuns: 60 },
    );
  });
});

describe("Deribit's whole table", () => {
  const table = grid.tableOf(deribitParameters(market, gridOf(9, EXTENDED, 'stricter')));
  const rows = valued(9, EXTENDED);
  const whole = exactly(rows);

  /** The rule as the stricter placement states it. */
  const tightened = (held: grid.Sizes): Rational =>
    add(
      contingency(held),
      sum(
        grid.underlyings.map(({ expiries }) => {
          const near = (move: Rational): boolean => compare(absolute(move), percent(4n)) === 0;
          const gainsOf = (which: (row: Row) => boolean): readonly (readonly Rational[])[] =>
            rows.filter(which).map(({ gains }) => expiries.map((expiry) => gainOf(expiry, held, gains)));
          const still = gainsOf(({ move, volatility }) => move.num === 0n && volatility !== 0);
          const basis = gainsOf(({ move, volatility }) => near(move) && volatility === 0);
          const plain = rows
            .filter(({ move, volatility }) => !(move.num === 0n || (near(move) && volatility === 0)))
            .map(({ gains, fraction }) =>
              multiply(fraction, negate(sum(expiries.map((expiry) => gainOf(expiry, held, gains))))),
            );
          const losses = [
            ...plain,
            ...still.map((changes) => sum(changes.map(absolute))),
            sum(expiries.map((_, e) => basis.map((changes) => negate(changes[e] as Rational)).reduce(larger, ZERO))),
          ];
          return multiply(FACTOR, losses.reduce(larger, ZERO));
        }),
      ),
    );

  it('fits with four of its rows tightened: never laxer than the table, and as strict as stated', () => {
    const seen = { tighter: 0, same: 0 };
    fc.assert(
      fc.property(grid.sizes(grid.IDS, 5), (held) => {
        const net = grid.netOf(table, grid.holdingsOf(held));
        const value = grid.marketValue(held);
        const stricter = subtract(subtract(value, whole(held)), net);
        expect(compare(stricter, rational(-1n, 10n ** 24n))).toBe(1);
        const rounded = subtract(subtract(value, tightened(held)), net);
        expect(compare(rounded, rational(-1n, 10n ** 24n))).toBe(1);
        const most = grid.roundingBound(held);
        expect(compare(rounded, most)).toBeLessThanOrEqual(0);
        seen[compare(stricter, most) > 0 ? 'tighter' : 'same']++;
      }),
      { seed: 423, numRuns: 80 },
    );
    expect(seen.same).toBeGreaterThan(20);
  });

  it('asks for more where a calendar spread offsets', () => {
    const spread = new Map([
      [10, ONE],
      [20, rational(-1n)],
    ]);
    const asked = grid.requirementOf(table, spread);
    // each side loses 4% when the other one gains it, at 130%
    expect(compare(asked, multiply(FACTOR, rational(5_600n)))).toBe(1);
    expect(compare(asked, multiply(FACTOR, rational(5_620n)))).toBe(-1);
  });

  it('is refused by name as plain scenarios, and no row is left out', () => {
    expect(deribitRows(gridOf(9, EXTENDED, 'exact'))).toHaveLength(34);
    expect(() => deribitParameters(market, gridOf(9, EXTENDED, 'exact'))).toThrow(
      expect.objectContaining({ code: 'NOT_REPRESENTABLE', details: { scenarios: 34, most: 30 } }),
    );
  });

  it('is refused with eleven buckets, tightened or not', () => {
    expect(() => deribitParameters(market, gridOf(11, EXTENDED, 'stricter'))).toThrow(
      expect.objectContaining({ code: 'NOT_REPRESENTABLE', details: { scenarios: 40, most: 34 } }),
    );
  });

  it('is refused with collateral that moves: the rows of the smallest moves would not see its loss', () => {
    expect(() => deribitParameters(movingMarket, gridOf(9, EXTENDED, 'stricter'))).toThrow(
      expect.objectContaining({ code: 'NOT_REPRESENTABLE' }),
    );
  });
});

describe('refusals', () => {
  it.each([0, 1, 8, 2.5, -3])('%s buckets', (buckets) => {
    expect(() => deribitParameters(market, gridOf(buckets, [], 'exact'))).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });

  it('a move with endless decimals where collateral moves by it', () => {
    expect(() => grid.tableOf(deribitParameters(movingMarket, gridOf(7, [], 'exact')))).toThrow(
      expect.objectContaining({ code: 'NOT_REPRESENTABLE' }),
    );
  });

  it('an expired option: its volatility has no shock without a floor on its time', () => {
    const expired = {
      ...market,
      underlyings: market.underlyings.map((underlying) => ({
        ...underlying,
        expiries: underlying.expiries.map((expiry) => ({ ...expiry, secondsToExpiry: 0n })),
      })),
    };
    expect(() => deribitParameters(expired, gridOf(5, [], 'exact'))).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});
