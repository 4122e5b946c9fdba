import { type Assessment, CALL_STEPS } from '../assessment.js';
import type { TestResult } from '../coverage.js';
import type { MarginRule } from '../marginRule.js';
import { decimal, percent, shortPercent } from './figures.js';
import { type BacktestReport, dateOf, originsOf, positionName, termsText } from './report.js';

/** The report for people. `pictures` are the files beside it, in the order in which they are shown. */
export function markdownReport(report: BacktestReport, pictures: readonly string[]): string {
  const [first] = report.assessments as readonly [Assessment, ...Assessment[]];
  const from = dateOf(report, (first.days[0] as { at: number }).at);
  const to = dateOf(report, (first.days.at(-1) as { at: number }).at);
  return `${[
    `# Backtest: ${positionName(report)}`,
    `Would the requirements of ${from} to ${to} have covered the losses that followed? ${termsText(report)}; ${first.days.length} requirements a rule, ${first.tested} tests over losses that share no step. Shares are of the position's value.`,
    `Prices: ${originsOf(report).join('; ')}.`,
    '## Coverage',
    coverageTable(report),
    'p-values: the chance of a result at least this far off if the requirement had exactly the confidence it states. Below 0.05 the test rejects: *proportion* (Kupiec 1995) the number of breaches, too many or too few; *independence* (Christoffersen 1998) breaches that follow on breaches; *both* is their sum. An expected shortfall is more than the value at risk of its confidence, so few breaches are no fault of it; its own test is Z2 (Acerbi and Szekely 2014), 0 expected, negative when losses beyond the value at risk were more or larger than forecast, with a p-value by simulation. A flat rate states no confidence: its tests ask whether it happens to have this one.',
    '## Procyclicality',
    procyclicalityTable(report),
    `Peak to trough, and the largest call: the largest rise of the requirement within ${CALL_STEPS} steps, to be paid in cash (Murphy, Vasios and Vause 2014).`,
    '## Rules',
    report.assessments.map(({ rule }) => `- **${rule.name}**: ${describeRule(rule)}`).join('\n'),
    '## Pictures',
    'Where several days share a column of a picture, it shows the one with the largest loss; every breach is marked.',
    ...pictures.map((name) => `![${name.replace(/\.svg$/, '')}](${name})`),
  ].join('\n\n')}\n`;
}

/** Breaches and tests, one line a rule. */
export const coverageTable = ({ assessments }: BacktestReport): string =>
  table(
    [
      'rule',
      'breaches',
      'expected',
      'covered',
      'proportion p',
      'independence p',
      'both p',
      'Z2',
      'Z2 p',
      'largest excess',
    ],
    assessments.map((assessment) => [
      assessment.rule.name,
      String(assessment.breaches.length),
      decimal(assessment.expectedBreaches, 1),
      percent(1 - assessment.breaches.length / assessment.tested),
      pValue(assessment.proportion),
      pValue(assessment.independence),
      pValue(assessment.conditional),
      ...(assessment.shortfall === undefined
        ? ['', '']
        : [decimal(assessment.shortfall.statistic, 2), pValue(assessment.shortfall)]),
      percent(assessment.largestExcess),
    ]),
  );

/** Cost and movement, one line a rule. */
export const procyclicalityTable = ({ assessments }: BacktestReport): string =>
  table(
    ['rule', 'average', 'least', 'most', 'peak to trough', `largest call, ${CALL_STEPS} steps`],
    assessments.map(({ rule, procyclicality: { average, trough, peak, peakToTrough, largestCall } }) => [
      rule.name,
      ...[average, trough, peak].map((share) => percent(share)),
      peakToTrough === undefined ? '' : decimal(peakToTrough, 2),
      percent(largestCall),
    ]),
  );

/** What a rule does, in words. */
export function describeRule(rule: MarginRule): string {
  switch (rule.kind) {
    case 'historical': {
      const measure = rule.measure === 'value-at-risk' ? 'value at risk' : 'expected shortfall';
      const filter = rule.lambda === undefined ? '' : `, each rescaled to today's volatility (lambda ${rule.lambda})`;
      return `${measure} of the window's moves${filter}`;
    }
    case 'parametric':
      return `normal quantile of the exponentially weighted volatility (lambda ${rule.lambda})`;
    case 'dynamic':
      return `parametric (lambda ${rule.lambda}) with ${shortPercent(rule.buffer)} on top, never below what the volatility of the last ${rule.floorSteps} steps asks for, or of as many as there are`;
    case 'flat':
      return `always ${shortPercent(rule.rate)} of the value`;
  }
}

const pValue = ({ pValue: value }: TestResult): string => (value < 0.0001 ? '<0.0001' : decimal(value, 4));

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
