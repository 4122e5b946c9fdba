import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absolute,
  add,
  compare,
  divide,
  multiply,
  negate,
  ONE,
  type Rational,
  rational,
  subtract,
  sum,
  ZERO,
} from '../../../src/numbers/rational.js';
import { exact } from '../../../src/pricing/approximation.js';
import { optionDelta } from '../../../src/venues/grid/optionDelta.js';
import {
  PARADEX_SCENARIOS,
  type ParadexExpiry,
  type ParadexMarket,
  paradexParameters,
} from '../../../src/venues/paradex/paradexParameters.js';
import * as grid from '../grid/market.js';

const SPOTS = new Map([
  ['BTC', rational(70_000n)],
  ['ETH', rational(3_500n)],
]);

const marketFor = (claim: ParadexMarket['claim'], charge = ZERO): ParadexMarket => ({
  ...grid.market,
  claim,
  underlyings: grid.underlyings.map(({ name, expiries }) => ({
    name,
    expiries: expiries.map(
      (expiry): ParadexExpiry => ({
        ...expiry,
        charge,
        spot: SPOTS.get(name) as Rational,
        contracts: expiry.contracts.map((contract) => ({
          ...contract,
          delta: contract.kind === 'forward' ? exact(ONE) : optionDelta(contract, expiry),
        })),
      }),
    ),
  })),
});

/** spot shock, volatility shock and weight in percent, in the order of the documentation's table. */
const TABLE = [
  ['16', 40n, '100'],
  ['12', 40n, '100'],
  ['12', -22n, '100'],
  ['8', 40n, '100'],
  ['8', -22n, '100'],
  ['4', 40n, '100'],
  ['4', -22n, '100'],
  ['0', 40n, '100'],
  ['0', -22n, '100'],
  ['-4', 40n, '100'],
  ['-4', -22n, '100'],
  ['-8', 40n, '100'],
  ['-8', -22n, '100'],
  ['-12', 40n, '100'],
  ['-12', -22n, '100'],
  ['-16', 40n, '100'],
  ['-66', 40n, '24'],
  ['-33', 40n, '48'],
  ['50', 40n, '32'],
  ['100', 40n, '16'],
  ['200', 40n, '8'],
  ['300', 40n, '5.33'],
  ['400', 40n, '4'],
  ['500', 40n, '3.20'],
] as const;

const percent = (text: string): Rational => {
  const [whole, part = ''] = text.split('.');
  return rational(BigInt(`${whole}${part}`), 100n * 10n ** BigInt(part.length));
};
const most = (values: readonly Rational[]): Rational => values.reduce((a, b) => (compare(a, b) >= 0 ? a : b));

/** What one unit gains in every row of the table, by id. */
const GAINS = new Map(
  grid.underlyings.flatMap(({ expiries }) =>
    expiries.flatMap((expiry) =>
      expiry.contracts.map((contract) => {
        const days = rational(expiry.secondsToExpiry, grid.DAY);
        const floored = compare(days, ONE) < 0 ? ONE : days;
        const vegaPower = rational(compare(days, rational(30n)) < 0 ? 30n : 13n, 100n);
        const now = grid.volatilityOf(contract);
        const gains = TABLE.map(([spot, shock]) => {
          const moved = add(ONE, multiply(rational(shock, 100n), grid.termFactor(floored, vegaPower)));
          const at = { ...expiry, forward: multiply(expiry.forward, add(ONE, percent(spot))) };
          return subtract(grid.worth(contract, at, multiply(now, moved)), grid.worth(contract, expiry, now));
        });
        return [contract.instrumentId, gains] as const;
      }),
    ),
  ),
);

/** Paradex's rule for one underlying: max(SCAN, minimum delta), before provisions. */
function netRequirement(underlying: (typeof grid.underlyings)[number], held: grid.Sizes): Rational {
  const sizeOf = (id: number): Rational => held.get(id) ?? ZERO;
  const listed = underlying.expiries.flatMap((expiry) => expiry.contracts.map((contract) => ({ expiry, contract })));
  const scan = most(
    TABLE.map(([, , weight], row) => {
      const gains = listed.map(({ contract: { instrumentId: id } }) =>
        multiply(sizeOf(id), GAINS.get(id)?.[row] as Rational),
      );
      return multiply(percent(weight), negate(sum(gains)));
    }),
  );
  const deltas = listed.map(({ expiry, contract }) =>
    multiply(sizeOf(contract.instrumentId), contract.kind === 'forward' ? ONE : optionDelta(contract, expiry).value),
  );
  const net = absolute(sum(deltas));
  const hedged = divide(subtract(sum(deltas.map(absolute)), net), rational(2n));
  const deltaUnits = add(multiply(percent('2'), net), multiply(percent('1'), hedged));
  return most([scan, multiply(deltaUnits, SPOTS.get(underlying.name) as Rational)]);
}

describe('the scenarios', () => {
  it("are the documentation's 24 in its order", () => {
    expect(PARADEX_SCENARIOS).toEqual(
      TABLE.map(([spot, shock, weight]) => ({
        move: percent(spot),
        volatility: shock === 40n ? 'up' : 'down',
        weight: percent(weight),
      })),
    );
  });
});

describe.each([
  { claim: 'initial', part: ONE },
  { claim: 'maintenance', part: rational(1n, 2n) },
] as const)('$claim margin', ({ claim, part }) => {
  const charge = rational(21n);
  const table = grid.tableOf(paradexParameters(marketFor(claim, charge)));

  it('is what Paradex asks for: never less, and more only by roundings', () => {
    fc.assert(
      fc.property(grid.sizes(grid.IDS, 7), (held) => {
        const provisions = multiply(charge, sum([...held.values()].map(absolute)));
        const asked = add(
          multiply(part, sum(grid.underlyings.map((underlying) => netRequirement(underlying, held)))),
          provisions,
        );
        const left = subtract(grid.marketValue(held), asked);
        const stricter = subtract(left, grid.netOf(table, grid.holdingsOf(held)));
        expect(compare(stricter, rational(-1n, 10n ** 24n))).toBe(1);
        expect(compare(stricter, grid.roundingBound(held))).toBeLessThanOrEqual(0);
      }),
      { seed: 411, numRuns: 200 },
    );
  });
});

describe('minimum delta', () => {
  const spot = rational(70_000n);
  const delta = exact(rational(3n, 10n));
  const held = new Map([
    [10, ONE],
    [41, rational(-5n)],
  ]);
  const withDelta = (claim: ParadexMarket['claim']): ParadexMarket => {
    const { underlyings, ...rest } = marketFor(claim);
    return {
      ...rest,
      underlyings: underlyings.map(({ name, expiries }) => ({
        name,
        expiries: expiries.map((expiry) => ({
          ...expiry,
          spot,
          contracts: expiry.contracts.map((contract) =>
            contract.kind === 'option' ? { ...contract, delta } : contract,
          ),
        })),
      })),
    };
  };

  it("long 1 perpetual, short 5 calls of delta 0.3 (the documentation's example): 2% of 70,000", () => {
    // without the 24 scenarios, which ask for more here
    const parameters = paradexParameters(withDelta('initial'));
    const only = {
      ...parameters,
      scenarios: parameters.scenarios.slice(24),
      instruments: parameters.instruments.map((each) => ({ ...each, values: each.values.slice(24) })),
    };
    const asked = grid.requirementOf(grid.tableOf(only), held);
    const stricter = subtract(asked, rational(1_400n));
    expect(stricter.num).toBeGreaterThanOrEqual(0n);
    expect(compare(stricter, grid.roundingBound(held))).toBeLessThanOrEqual(0);
  });

  it('is what counts for a box that no scenario harms', () => {
    // a conversion: long future, short call, long put of one strike is worth the same at any price and volatility
    const conversion = new Map([
      [20, multiply(rational(997n, 1000n), ONE)],
      [31, negate(ONE)],
      [32, ONE],
    ]);
    const asked = grid.requirementOf(grid.tableOf(paradexParameters(marketFor('initial'))), conversion);
    // hedged about one delta either way: 1% of 70,000 and 1.5% of the little that is left over
    expect(compare(asked, rational(690n))).toBe(1);
    expect(compare(asked, rational(710n))).toBe(-1);
  });
});
