import { writeFormat } from '../../formats/readFormat.js';
import { type Assessment, CALL_STEPS } from '../assessment.js';
import type { TestResult } from '../coverage.js';
import type { MarginDay } from '../rolling.js';
import { decimal } from './figures.js';
import { describeRule } from './markdown.js';
import { type BacktestReport, dateOf } from './report.js';

const DECIMALS = 8;
const text = (value: number): string => decimal(value, DECIMALS);

/** The report for programs: `zk-solvency/backtest-report`, figures as decimal texts, shares of the position's value. */
export function jsonReport(report: BacktestReport): string {
  const { records, weights, terms, assessments } = report;
  return writeFormat('backtest-report', {
    position: records.map(({ history, unit, made, source }, index) => ({
      history: history.name,
      unit,
      made,
      source,
      weight: text(weights[index] as number),
    })),
    confidencePpm: terms.confidencePpm,
    window: terms.window,
    horizonSteps: terms.horizonSteps,
    callSteps: CALL_STEPS,
    rules: assessments.map((assessment) => ruleFields(report, assessment)),
  });
}

function ruleFields(report: BacktestReport, assessment: Assessment): object {
  const { rule, days, tested, breaches, transitions, procyclicality, shortfall } = assessment;
  const { average, trough, peak, peakToTrough, largestCall } = procyclicality;
  return {
    rule: rule.name,
    description: describeRule(rule),
    requirements: days.length,
    tested,
    expectedBreaches: text(assessment.expectedBreaches),
    breaches: breaches.map((day) => breachFields(report, day)),
    transitions,
    proportion: testFields(assessment.proportion),
    independence: testFields(assessment.independence),
    conditional: testFields(assessment.conditional),
    shortfall: shortfall === undefined ? null : testFields(shortfall),
    largestExcess: text(assessment.largestExcess),
    average: text(average),
    least: text(trough),
    most: text(peak),
    peakToTrough: peakToTrough === undefined ? null : text(peakToTrough),
    largestCall: text(largestCall),
  };
}

const breachFields = (report: BacktestReport, { at, requirement, loss }: MarginDay): object => ({
  date: dateOf(report, at),
  requirement: text(requirement),
  loss: text(loss),
});

const testFields = ({ statistic, pValue }: TestResult): object => ({
  statistic: text(statistic),
  pValue: text(pValue),
});
