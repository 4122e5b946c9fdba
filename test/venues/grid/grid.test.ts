import { describe, expect, it } from 'vitest';
import {
  add,
  compare,
  divide,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../../src/numbers/rational.js';
import { exact, lowerBound, upperBound } from '../../../src/pricing/approximation.js';
import type { OptionContract } from '../../../src/venues/grid/gridMarket.js';
import { netsWithPrevious } from '../../../src/venues/grid/netsWithPrevious.js';
import { optionDelta } from '../../../src/venues/grid/optionDelta.js';
import { volatilityInScenario } from '../../../src/venues/grid/volatilityInScenario.js';
import { DAY, worth } from './market.js';

const option = (instrumentId: number, strike: bigint, isCall: boolean): OptionContract => ({
  kind: 'option',
  instrumentId,
  strike: rational(strike),
  isCall,
  volatility: rational(6n, 10n),
});
const at = { forward: rational(70_000n), secondsToExpiry: 20n * DAY, discount: rational(99n, 100n) };

describe('delta', () => {
  const CASES = [40_000n, 69_000n, 70_000n, 95_000n].flatMap((strike) => [
    option(1, strike, true),
    option(1, strike, false),
  ]);

  it.each(CASES)('is the slope of the price: strike $strike.num, call $isCall', (contract) => {
    const step = rational(1n, 1000n);
    const priceAt = (forward: Rational) => worth(contract, { ...at, forward }, contract.volatility);
    const rise = subtract(priceAt(add(at.forward, step)), priceAt(subtract(at.forward, step)));
    const slope = divide(rise, multiply(rational(2n), step));
    const delta = optionDelta(contract, at);
    const off = subtract(slope, delta.value);
    expect(compare(multiply(off, off), rational(1n, 10n ** 24n))).toBe(-1);
    expect(compare(delta.error, rational(1n, 10n ** 30n))).toBe(-1);
  });

  it('of a call less that of its put is the discount', () => {
    const [call, put] = [optionDelta(option(1, 69_000n, true), at), optionDelta(option(1, 69_000n, false), at)];
    expect(compare(subtract(lowerBound(call), upperBound(put)), at.discount)).toBeLessThanOrEqual(0);
    expect(compare(subtract(upperBound(call), lowerBound(put)), at.discount)).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['a forward of zero', option(1, 69_000n, true), { ...at, forward: ZERO }],
    ['a strike of zero', option(1, 0n, true), at],
    ['no volatility', { ...option(1, 69_000n, true), volatility: ZERO }, at],
    ['no time', option(1, 69_000n, true), { ...at, secondsToExpiry: 0n }],
    ['a negative discount', option(1, 69_000n, true), { ...at, discount: rational(-1n) }],
    ['too little volatility', { ...option(1, 69_000n, true), volatility: rational(1n, 1n << 200n) }, at],
  ])('is refused with %s', (_, contract, point) => {
    expect(() => optionDelta(contract, point)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

describe('netting', () => {
  const call = option(31, 60n, true);

  it.each([
    ['the put under the next id nets', option(32, 60n, false), true],
    ['a put of another strike does not', option(32, 61n, false), false],
    ['a second call does not', option(32, 60n, true), false],
    ['a put that is no neighbour does not', option(33, 60n, false), false],
    ['a put under the id before does not, but the call does', option(30, 60n, false), false],
  ])('%s', (_, other, nets) => {
    expect(netsWithPrevious(other, [call, other])).toBe(nets);
  });

  it('a future under the id before is no other side', () => {
    expect(netsWithPrevious(call, [{ kind: 'forward', instrumentId: 30 }, call])).toBe(false);
  });
});

describe('volatility in a scenario', () => {
  const factors = {
    up: { value: rational(3n, 2n), error: rational(1n, 100n) },
    down: exact(rational(1n, 4n)),
  };
  const volatility = rational(1n, 2n);

  it.each([
    ['up', ZERO, rational(3n, 4n), rational(1n, 200n)],
    ['up', ONE, ONE, rational(1n, 200n)],
    ['same', ONE, volatility, ZERO],
    ['down', ONE, rational(1n, 8n), ZERO],
  ] as const)('%s, with a floor of $1.num', (move, leastUp, value, error) => {
    expect(volatilityInScenario(volatility, move, factors, leastUp)).toEqual({ value, error });
  });
});
