import { describe, expect, it } from 'vitest';
import { historicalScenarios } from '../../../src/engine/scenarios/historical.js';
import { historyOf, near, refuses } from '../support.js';

const btc = historyOf([100, 125, 100, 50, 60]);
const eth = historyOf([10, 11, 10, 20, 25], { name: 'ETH' });

describe('historical scenarios', () => {
  it('are the last returns of all underlyings, named after the day they end', () => {
    const scenarios = historicalScenarios({ histories: [btc, eth], count: 2, horizonSteps: 1 });
    expect(scenarios).toEqual([
      {
        name: '2026-01-04',
        moves: new Map([
          ['BTC', -0.5],
          ['ETH', 1],
        ]),
        volatilityChanges: new Map(),
      },
      {
        name: '2026-01-05',
        moves: new Map([
          ['BTC', 60 / 50 - 1],
          ['ETH', 0.25],
        ]),
        volatilityChanges: new Map(),
      },
    ]);
  });

  it('overlap over a longer horizon', () => {
    const scenarios = historicalScenarios({ histories: [btc], count: 3, horizonSteps: 2 });
    expect(scenarios.map(({ name }) => name)).toEqual(['2026-01-03', '2026-01-04', '2026-01-05']);
    expect(scenarios.map(({ moves }) => moves.get('BTC'))).toEqual([0, 50 / 125 - 1, 60 / 100 - 1]);
  });

  it('have the time in their names where steps are shorter than a day', () => {
    const history = historyOf([1, 2, 3], { stepSeconds: 3_600 });
    const names = historicalScenarios({ histories: [history], count: 2, horizonSteps: 1 }).map(({ name }) => name);
    expect(names).toEqual(['2026-01-01T01:00:00Z', '2026-01-01T02:00:00Z']);
  });

  it('refuse a history that is too short, by one', () => {
    historicalScenarios({ histories: [btc], count: 4, horizonSteps: 1 });
    refuses(
      () => historicalScenarios({ histories: [btc], count: 5, horizonSteps: 1 }),
      'TOO_FEW_SCENARIOS',
      /5 scenarios over 1 steps need 6 prices, the histories have 5/,
    );
    refuses(() => historicalScenarios({ histories: [btc], count: 4, horizonSteps: 2 }), 'TOO_FEW_SCENARIOS', /need 6/);
  });

  it('refuse a count or horizon that is none, and histories that do not fit', () => {
    refuses(() => historicalScenarios({ histories: [btc], count: 0, horizonSteps: 1 }), 'INVALID_INPUT', /number of/);
    refuses(() => historicalScenarios({ histories: [btc], count: 1.5, horizonSteps: 1 }), 'INVALID_INPUT', /number of/);
    refuses(() => historicalScenarios({ histories: [btc], count: 1, horizonSteps: 0 }), 'INVALID_INPUT', /horizon/);
    refuses(() => historicalScenarios({ histories: [], count: 1, horizonSteps: 1 }), 'INVALID_HISTORY', /no price/);
    refuses(
      () => historicalScenarios({ histories: [btc, btc], count: 1, horizonSteps: 1 }),
      'INVALID_HISTORY',
      /twice/,
    );
  });
});

describe('filtered historical scenarios', () => {
  /**
   * 60 returns of +-10% in logarithm, then one of +20%. With lambda 1/2 the variance was 0.01 all along, and is
   * (0.01 (1 - w) + 0.04 w) today, w = 1/2 / (1 - 2^-61): every return is scaled by sqrt(2.5).
   */
  const logs = [...Array.from({ length: 60 }, (_one, index) => (index % 2 === 0 ? 0.1 : -0.1)), 0.2];
  const prices = [0, ...logs].map((_log, index) => 100 * Math.exp(logs.slice(0, index).reduce((a, b) => a + b, 0)));
  const filtered = { lambda: 0.5 };

  it('scale each logarithmic return from the volatility before it to that of today', () => {
    const scenarios = historicalScenarios({ histories: [historyOf(prices)], count: 59, horizonSteps: 1, filtered });
    for (const [index, { moves }] of scenarios.entries()) {
      near(moves.get('BTC'), Math.exp(Math.sqrt(2.5) * (logs[index + 2] as number)) - 1, 1e-12);
    }
  });

  it('scale a return over two steps by the volatility at its beginning', () => {
    const [last] = historicalScenarios({ histories: [historyOf(prices)], count: 1, horizonSteps: 2, filtered });
    near(last?.moves.get('BTC'), Math.exp(Math.sqrt(2.5) * (0.2 - 0.1)) - 1, 1e-12);
  });

  it('change nothing while volatility is constant', () => {
    const calm = historyOf(prices.slice(0, -1));
    const [plain, scaled] = [undefined, filtered].map((filter) =>
      historicalScenarios({
        histories: [calm],
        count: 40,
        horizonSteps: 1,
        ...(filter === undefined ? {} : { filtered: filter }),
      }),
    );
    for (const [index, { name, moves }] of (plain ?? []).entries()) {
      expect(scaled?.[index]?.name).toBe(name);
      near(scaled?.[index]?.moves.get('BTC'), moves.get('BTC') as number, 1e-12);
    }
    expect(plain).toHaveLength(40);
  });

  it('keep prices above zero where scaled relative returns would not', () => {
    // a fall of 30% out of moves of 10%, and volatility more than three times as high today
    const crash = [100, 110, 100, 110, 100, 70, 100, 70];
    const [first] = historicalScenarios({ histories: [historyOf(crash)], count: 3, horizonSteps: 1, filtered });
    const [calm, fall] = [Math.log(1.1), Math.log(0.7)];
    const [before, today] = [calm ** 2, (calm ** 2 * 15 + fall ** 2 * 112) / 127];
    const ratio = Math.sqrt(today / before);
    expect(ratio * -0.3).toBeLessThan(-1);
    near(first?.moves.get('BTC'), Math.exp(ratio * fall) - 1, 1e-12);
  });

  it('need 1 / (1 - lambda) returns before the first', () => {
    const history = historyOf(prices);
    historicalScenarios({ histories: [history], count: 44, horizonSteps: 1, filtered: { lambda: 0.94 } });
    refuses(
      () => historicalScenarios({ histories: [history], count: 45, horizonSteps: 1, filtered: { lambda: 0.94 } }),
      'TOO_FEW_SCENARIOS',
      /need 63 prices, the histories have 62/,
    );
  });

  it('refuse a price that stood still and a lambda outside 0 to 1', () => {
    refuses(
      () => historicalScenarios({ histories: [historyOf([5, 5, 5, 6])], count: 1, horizonSteps: 1, filtered }),
      'INVALID_VOLATILITY',
      /BTC does not move before point 3/,
    );
    refuses(
      () => historicalScenarios({ histories: [btc], count: 1, horizonSteps: 1, filtered: { lambda: 1 } }),
      'INVALID_VOLATILITY',
      /lambda/,
    );
  });
});
