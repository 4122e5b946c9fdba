import { describe, expect, it } from 'vitest';
import { assess } from '../../src/backtest/assessment.js';
import { MARGIN_RULES, type MarginRule } from '../../src/backtest/marginRule.js';
import { type Position, positionOf } from '../../src/backtest/position.js';
import { rollingBacktest, separateDays, spanOf } from '../../src/backtest/rolling.js';
import type { BacktestTerms } from '../../src/backtest/terms.js';
import { exp, normalQuantile } from '../../src/engine/numerics/elementary.js';
import { historicalScenarios } from '../../src/engine/scenarios/historical.js';
import { expectedShortfall, valueAtRisk } from '../../src/engine/tail.js';
import { parseHistory, serializeHistory } from '../../src/formats/history.js';
import { historyOf, recordsOf, TWO } from './markets.js';
import { sp500 } from './sp500.js';

const TERMS: BacktestTerms = { confidencePpm: 950_000, window: 60, horizonSteps: 2 };
const histories = recordsOf(TWO).map(({ history }) => history);
const hedged = positionOf(histories, [1, -0.6]);

const ruleOf = (name: string): MarginRule => MARGIN_RULES.find((rule) => rule.name === name) as MarginRule;
const daysOf = (position: Position, rule: MarginRule, terms = TERMS) =>
  rollingBacktest(position, rule, terms, spanOf(position, [rule], terms));

describe('every rule', () => {
  // each price of the last 100 days doubled: what was asked before must not have known
  const CUT = 300;
  const changed = positionOf(
    histories.map((history) => ({
      ...history,
      points: history.points.map(({ time, price }, at) => ({ time, price: at > CUT ? price * (1 + (at % 7)) : price })),
    })),
    hedged.weights,
  );

  it.each(MARGIN_RULES.map((rule) => [rule.name, rule] as const))('%s sees no later price', (_, rule) => {
    const known = (position: Position) =>
      daysOf(position, rule)
        .filter(({ at }) => at <= CUT)
        .map(({ at, requirement, forecast }) => [at, requirement, forecast]);
    expect(known(changed)).toEqual(known(hedged));
    expect(known(hedged).length).toBeGreaterThan(200);
    if (rule.kind === 'flat') return;
    const lastOf = (position: Position) => daysOf(position, rule).at(-1)?.requirement;
    expect(lastOf(changed)).not.toBe(lastOf(hedged));
  });
});

describe('tail rules are the engine’s own', () => {
  it.each([
    ['historical-var', undefined],
    ['historical-es', undefined],
    ['filtered-var', 0.94],
    ['filtered-es', 0.94],
  ])('%s: every day to the last bit', (name, lambda) => {
    const days = daysOf(hedged, ruleOf(name));
    for (const { at, requirement } of days.filter((_, index) => index % 20 === 0)) {
      const scenarios = historicalScenarios({
        histories: histories.map((history) => ({ ...history, points: history.points.slice(0, at + 1) })),
        count: TERMS.window,
        horizonSteps: TERMS.horizonSteps,
        ...(lambda === undefined ? {} : { filtered: { lambda } }),
      });
      const losses = scenarios.map(
        ({ moves }) => -(1 * (moves.get('BTC') as number) + -0.6 * (moves.get('ETH') as number)),
      );
      const measure = name.endsWith('es') ? expectedShortfall : valueAtRisk;
      expect(requirement).toBe(measure(losses, 0.95));
    }
  });
});

describe('by hand', () => {
  // losses of a long: 10%, 0, 20%, 5%, 1%, 50% of the price before
  const prices = [1000, 900, 900, 720, 684, 677.16, 338.58];
  const terms: BacktestTerms = { confidencePpm: 750_000, window: 4, horizonSteps: 1 };
  const run = (rule: MarginRule, weight: number) => daysOf(positionOf([historyOf(prices)], [weight]), rule, terms);

  it('historical value at risk: at most one of four losses is larger', () => {
    const days = run(ruleOf('historical-var'), 1);
    expect(days.map(({ at }) => at)).toEqual([4, 5]);
    // of 10, 0, 20, 5 and of 0, 20, 5, 1
    expect(days.map(({ requirement }) => Math.round(requirement * 1e9) / 1e9)).toEqual([0.1, 0.05]);
    expect(days.map(({ loss }) => Math.round(loss * 1e9) / 1e9)).toEqual([0.01, 0.5]);
  });

  it('expected shortfall: the mean of the worst quarter', () =>
    expect(run(ruleOf('historical-es'), 1).map(({ requirement }) => Math.round(requirement * 1e9) / 1e9)).toEqual([
      0.2, 0.2,
    ]));

  it('a short of a falling price: no requirement, never a negative one', () => {
    const days = run(ruleOf('historical-var'), -1);
    expect(days.map(({ requirement }) => requirement)).toEqual([0, 0]);
    expect(days[1]?.loss).toBeCloseTo(-0.5, 12);
  });

  it('parametric: quantile x volatility x root of the horizon', () => {
    // +25% and -20% in turn, so that the squared moves alternate between 1/16 and 1/25
    const swing = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 100 : 125));
    const [day] = daysOf(positionOf([historyOf(swing)], [1]), ruleOf('parametric'), { ...terms, horizonSteps: 2 });
    const at = day?.at as number;
    const weights = Array.from({ length: at }, (_, back) => 0.94 ** back);
    const squares = weights.map((weight, back) => weight * ((at - 1 - back) % 2 === 0 ? 1 / 16 : 1 / 25));
    const total = (terms: readonly number[]) => terms.reduce((sum, term) => sum + term, 0);
    // standard normal quantile of 75%: 0.674490
    expect(day?.requirement).toBeCloseTo(0.67449 * Math.sqrt((2 * total(squares)) / total(weights)), 6);
  });

  it('dynamic: a quarter on top, and never below the long volatility', () => {
    const [parametric, dynamic] = ['parametric', 'dynamic'].map((name) => daysOf(hedged, ruleOf(name)));
    const ratios = dynamic?.map(({ requirement }, index) => requirement / (parametric?.[index]?.requirement as number));
    expect(Math.min(...(ratios as number[]))).toBeCloseTo(1.25, 12);
    expect(Math.max(...(ratios as number[]))).toBeGreaterThan(1.5);
  });

  it('flat: the rate', () =>
    expect(new Set(run(ruleOf('flat'), 1).map(({ requirement }) => requirement))).toEqual(new Set([0.05])));
});

describe('spans', () => {
  it('all rules start where the last of them can', () => {
    const span = spanOf(hedged, MARGIN_RULES, TERMS);
    // 60 moves of 2 steps, and 17 before the first filtered one: 1 / (1 - 0.94) rounded up
    expect(span).toEqual({ first: 78, last: 397 });
    expect(spanOf(hedged, [ruleOf('flat')], TERMS).first).toBe(61);
  });

  it.each<[string, Partial<BacktestTerms>, string]>([
    ['a window longer than the history', { window: 397 }, 'INVALID_HISTORY'],
    ['a window too short for the confidence', { window: 19 }, 'TOO_FEW_SCENARIOS'],
    ['no horizon', { horizonSteps: 0 }, 'INVALID_INPUT'],
    ['a confidence of one', { confidencePpm: 1_000_000 }, 'INVALID_INPUT'],
  ])('%s', (_, change, code) =>
    expect(() => spanOf(hedged, [ruleOf('historical-var')], { ...TERMS, ...change })).toThrow(
      expect.objectContaining({ code }),
    ),
  );

  it('one window less is long enough', () =>
    expect(spanOf(hedged, [ruleOf('historical-var')], { ...TERMS, window: 394 })).toEqual({ first: 395, last: 397 }));

  it('tested days share no step', () => {
    const days = daysOf(hedged, ruleOf('flat'), { ...TERMS, horizonSteps: 5 });
    const tested = separateDays(days, 5);
    expect(tested.slice(1).every(({ at }, index) => at - (tested[index]?.at as number) === 5)).toBe(true);
    expect(tested.length).toBe(Math.ceil(days.length / 5));
  });
});

describe('positions', () => {
  it.each<[string, () => unknown, string]>([
    ['a weight too many', () => positionOf(histories, [1, 1, 1]), 'INVALID_INPUT'],
    ['weights of zero', () => positionOf(histories, [0, 0]), 'INVALID_INPUT'],
    ['a weight that is no number', () => positionOf(histories, [1, Number.NaN]), 'INVALID_INPUT'],
    [
      'the same history twice',
      () => positionOf([histories[0] as never, histories[0] as never], [1, 1]),
      'INVALID_HISTORY',
    ],
    ['other times', () => positionOf([histories[0] as never, historyOf([1, 2], 'Y')], [1, 1]), 'INVALID_HISTORY'],
  ])('%s is refused', (_, make, code) => expect(make).toThrow(expect.objectContaining({ code })));

  it('prices that stand still cannot be filtered', () => {
    const still = positionOf(
      [historyOf([...Array<number>(30).fill(5), ...Array.from({ length: 100 }, (_, at) => 5 + (at % 3))])],
      [1],
    );
    expect(() => daysOf(still, ruleOf('filtered-var'))).toThrow(
      expect.objectContaining({ code: 'INVALID_VOLATILITY' }),
    );
  });
});

describe('a market of which the right margin is known', () => {
  // no clusters: each logarithmic return is normal with the stated volatility, so ln(1 - rate) = -z x volatility is right
  const market = {
    ...TWO,
    names: ['N'],
    startPrices: [100],
    volatilities: [0.02],
    correlation: [[1]],
    alpha: 0,
    beta: 0,
    points: 3000,
    seed: 'right margin',
  };
  const position = positionOf(
    recordsOf(market).map(({ history }) => history),
    [1],
  );
  const terms: BacktestTerms = { confidencePpm: 990_000, window: 100, horizonSteps: 1 };
  const assessed = (factor: number) => {
    const rule: MarginRule = { name: 'known', kind: 'flat', rate: factor * (1 - exp(-normalQuantile(0.99) * 0.02)) };
    return assess(rule, daysOf(position, rule, terms), terms);
  };

  it('is not rejected', () => {
    const { proportion, independence, conditional } = assessed(1);
    for (const { pValue } of [proportion, independence, conditional]) expect(pValue).toBeGreaterThan(0.05);
  });

  it.each([
    ['too little', 0.8],
    ['too much', 1.3],
  ])('%s is rejected', (_, factor) => expect(assessed(factor).proportion.pValue).toBeLessThan(0.001));
});

describe('S&P 500, 2000 to 2020, 99% of one day, window 500', async () => {
  const { history } = parseHistory(serializeHistory(await sp500()), 'S&P 500');
  const position = positionOf([history], [1]);
  const terms: BacktestTerms = { confidencePpm: 990_000, window: 500, horizonSteps: 1 };
  const span = spanOf(position, MARGIN_RULES, terms);

  // breaches, peak to trough and average counted once by another program (Python, its own exp and log) from the same file
  it.each<[string, number, number, number]>([
    ['historical-var', 79, 4.123587, 0.02956321],
    ['historical-es', 34, 5.182726, 0.03781335],
    ['parametric', 100, 18.197397, 0.02357752],
    ['dynamic', 20, 7.148457, 0.03586819],
    ['flat', 17, 1, 0.05],
  ])('%s: %d breaches', (name, breaches, peakToTrough, average) => {
    const rule = ruleOf(name);
    const found = assess(rule, rollingBacktest(position, rule, terms, span), terms);
    expect([found.tested, found.breaches.length]).toEqual([4587, breaches]);
    expect(found.procyclicality.peakToTrough).toBeCloseTo(peakToTrough, 5);
    expect(found.procyclicality.average).toBeCloseTo(average, 7);
  });
});
