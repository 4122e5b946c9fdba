import { beforeAll, describe, expect, it } from 'vitest';
import { assess } from '../../src/backtest/assessment.js';
import { MARGIN_RULES, type MarginRule } from '../../src/backtest/marginRule.js';
import { positionOf } from '../../src/backtest/position.js';
import { drawnDays } from '../../src/backtest/report/days.js';
import type { BacktestReport } from '../../src/backtest/report/report.js';
import { reportFiles } from '../../src/backtest/report/reportFiles.js';
import { wrapped } from '../../src/backtest/report/style.js';
import { rollingBacktest, spanOf } from '../../src/backtest/rolling.js';
import type { HistoryRecord } from '../../src/formats/history.js';
import { recordsOf, TWO } from './markets.js';

const terms = { confidencePpm: 950_000, window: 60, horizonSteps: 1 };
const RULES = MARGIN_RULES.filter(({ name }) => ['historical-es', 'parametric', 'flat'].includes(name));

function reportOf(records: readonly HistoryRecord[], rules: readonly MarginRule[]): BacktestReport {
  const weights = records.map(() => 1 / records.length);
  const position = positionOf(
    records.map(({ history }) => history),
    weights,
  );
  const span = spanOf(position, rules, terms);
  const assessments = rules.map((rule) => assess(rule, rollingBacktest(position, rule, terms, span), terms));
  return { records, weights, terms, assessments };
}

const report = reportOf(recordsOf(TWO), RULES);
let files: ReadonlyMap<string, string>;
beforeAll(async () => {
  files = await reportFiles(report);
});
const file = (name: string) => files.get(name) as string;

describe('the files of a report', () => {
  it('are these', () =>
    expect([...files.keys()]).toEqual([
      'report.md',
      'report.json',
      'requirements.svg',
      'procyclicality.svg',
      ...['requirement-historical-es.svg', 'requirement-parametric.svg', 'requirement-flat.svg'],
    ]));

  it('have the same bytes a second time', async () => {
    const again = await reportFiles(reportOf(recordsOf(TWO), RULES));
    expect([...again]).toEqual([...files]);
  });

  it('compare nothing where there is one rule', async () => {
    const single = await reportFiles(reportOf(recordsOf(TWO), RULES.slice(0, 1)));
    expect([...single.keys()]).not.toContain('requirements.svg');
  });

  it('say on each picture and page that the prices are made up', () => {
    for (const [name, text] of files)
      expect(text, name).toMatch(name === 'report.json' ? /"made": true/ : /MADE-UP PRICES/);
  });

  it('say nothing of the kind of prices that are not', async () => {
    const records = recordsOf(TWO).map((record) => ({ ...record, made: false, source: 'a market' }));
    for (const [name, text] of await reportFiles(reportOf(records, RULES))) expect(text, name).not.toMatch(/MADE-UP/);
  });

  it('hold no figure that is none', () => {
    for (const [name, text] of files) expect(text, name).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('pictures', () => {
  it('mark every breach', () => {
    for (const { rule, breaches } of report.assessments) {
      const marks = file(`requirement-${rule.name}.svg`).match(/<path[^>]*aria-label="[^"]*breach[^"]*"[^>]*>/g) ?? [];
      expect(marks.length, rule.name).toBe(breaches.length);
      expect(breaches.length, rule.name).toBeGreaterThan(0);
    }
  });

  it('draw of days that share a column the one with the largest loss', () => {
    const days = Array.from({ length: 2000 }, (_, at) => ({
      ...{ at, requirement: 1, forecast: undefined },
      loss: (at * 7919) % 2000,
    }));
    const drawn = drawnDays(days, 860);
    expect(drawn.length).toBe(667);
    expect(Math.max(...drawn.map(({ loss }) => loss))).toBe(1999);
    for (const [column, { loss }] of drawn.entries()) {
      expect(loss).toBe(Math.max(...days.slice(3 * column, 3 * column + 3).map((day) => day.loss)));
    }
  });

  it('draw every day of a short history', () => {
    const [first] = report.assessments;
    expect(drawnDays(first?.days ?? [], 860)).toEqual(first?.days);
  });

  it('break long texts between words', () =>
    expect(wrapped(['one two three', 'four', 'longerthanthat'], 8)).toEqual([
      'one two',
      'three',
      'four',
      'longerthanthat',
    ]));
});

describe('report.json', () => {
  it('holds every breach with its figures', () => {
    const { rules, position, format } = JSON.parse(file('report.json'));
    expect(format).toBe('zk-solvency/backtest-report');
    expect(position.map(({ history, weight }: never) => [history, weight])).toEqual([
      ['BTC', '0.50000000'],
      ['ETH', '0.50000000'],
    ]);
    for (const [index, { breaches, tested }] of report.assessments.entries()) {
      expect(rules[index].tested).toBe(tested);
      expect(rules[index].breaches.length).toBe(breaches.length);
      for (const { loss, requirement } of rules[index].breaches)
        expect(Number(loss)).toBeGreaterThan(Number(requirement));
    }
  });
});
