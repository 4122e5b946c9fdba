import { describe, expect, it } from 'vitest';
import { type MonteCarloScenarios, monteCarloScenarios } from '../../../src/engine/scenarios/monteCarlo.js';
import { near, refuses } from '../support.js';

const inputs: MonteCarloScenarios = {
  seed: 'engine test',
  count: 3,
  names: ['BTC', 'ETH'],
  volatilities: [0.6, 0.8],
  correlation: [
    [1, 0.5],
    [0.5, 1],
  ],
  horizonYears: 1 / 73,
};

describe('Monte Carlo scenarios', () => {
  it('are those that Python computes from the seed: hashlib.shake_256, mpmath to 50 digits, the formula by hand', () => {
    const expected = [
      [0.08527188908458647, 0.1319494501733235],
      [-0.10639322358786536, -0.017944404813320634],
      [-0.07199314116327825, -0.07238549547303681],
    ];
    const scenarios = monteCarloScenarios(inputs);
    expect(scenarios.map(({ name }) => name)).toEqual(['mc 0', 'mc 1', 'mc 2']);
    for (const [index, { moves, volatilityChanges }] of scenarios.entries()) {
      // a relative move is a difference to 1: a few of its last bits are lost
      near(moves.get('BTC'), expected[index]?.[0] as number, 1e-13);
      near(moves.get('ETH'), expected[index]?.[1] as number, 1e-13);
      expect(volatilityChanges.size).toBe(0);
    }
  });

  it('come out the same again, and otherwise for another seed', () => {
    expect(monteCarloScenarios(inputs)).toEqual(monteCarloScenarios(inputs));
    expect(monteCarloScenarios({ ...inputs, seed: 'other' })).not.toEqual(monteCarloScenarios(inputs));
    // more of them begin with the same ones
    expect(monteCarloScenarios({ ...inputs, count: 5 }).slice(0, 3)).toEqual(monteCarloScenarios(inputs));
  });

  it('have mean 0, the volatilities and the correlation, within three standard errors', () => {
    const count = 3_000;
    const moves = monteCarloScenarios({ ...inputs, count }).map((scenario) => [...scenario.moves.values()]);
    const mean = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / count;
    const column = (index: number): number[] => moves.map((row) => row[index] as number);
    const logs = [0, 1].map((index) => column(index).map((move) => Math.log(1 + move)));
    const deviations = inputs.volatilities.map((volatility) => volatility * Math.sqrt(inputs.horizonYears));
    for (const [index, deviation] of deviations.entries()) {
      expect(Math.abs(mean(column(index)))).toBeLessThan((3 * deviation) / Math.sqrt(count));
      const spread = Math.sqrt(mean((logs[index] ?? []).map((log) => (log + deviation ** 2 / 2) ** 2)));
      expect(Math.abs(spread / deviation - 1)).toBeLessThan(3 / Math.sqrt(2 * count));
    }
    const joint = mean((logs[0] ?? []).map((log, index) => log * (logs[1]?.[index] as number)));
    expect(Math.abs(joint / ((deviations[0] as number) * (deviations[1] as number)) - 0.5)).toBeLessThan(
      3 * Math.sqrt(1.25 / count) + 0.01,
    );
  });

  it('move together when perfectly correlated', () => {
    const same = [
      [1, 1],
      [1, 1],
    ];
    for (const { moves } of monteCarloScenarios({ ...inputs, volatilities: [0.6, 0.6], correlation: same })) {
      expect(moves.get('ETH')).toBe(moves.get('BTC'));
    }
  });

  it('refuse by name', () => {
    refuses(() => monteCarloScenarios({ ...inputs, seed: '' }), 'INVALID_INPUT', /seed/);
    for (const count of [0, 2.5, Number.NaN]) {
      refuses(() => monteCarloScenarios({ ...inputs, count }), 'INVALID_INPUT', /number of scenarios/);
    }
    refuses(() => monteCarloScenarios({ ...inputs, names: ['BTC'] }), 'INVALID_INPUT', /one volatility for each/);
    refuses(() => monteCarloScenarios({ ...inputs, names: ['BTC', 'BTC'] }), 'INVALID_INPUT', /each underlying once/);
    refuses(() => monteCarloScenarios({ ...inputs, volatilities: [0.6, -0.8] }), 'INVALID_VOLATILITY', /negative/);
    refuses(() => monteCarloScenarios({ ...inputs, correlation: [[1]] }), 'INVALID_CORRELATION', /1 rows/);
    refuses(() => monteCarloScenarios({ ...inputs, horizonYears: -1 }), 'INVALID_INPUT', /horizon/);
  });
});
