import type { HistoryRecord } from '../../formats/history.js';
import type { Assessment } from '../assessment.js';
import type { BacktestTerms } from '../terms.js';
import { percent, shortPercent } from './figures.js';

/** Everything that a report is written from. */
export interface BacktestReport {
  readonly records: readonly HistoryRecord[];
  readonly weights: readonly number[];
  readonly terms: BacktestTerms;
  /** one a rule, all over the same days */
  readonly assessments: readonly Assessment[];
}

const SECONDS_PER_DAY = 86_400;

/** Milliseconds since 1970 of a point, by its date where it has one. */
export function momentOf({ records }: BacktestReport, at: number): number {
  const record = records[0] as HistoryRecord;
  const date = record.dates?.[at];
  if (date === undefined) return (record.history.points[at]?.time ?? 0) * 1000;
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)));
}

/** "2020-03-16", with the time of day where steps are shorter than one. */
export function dateOf(report: BacktestReport, at: number): string {
  const iso = new Date(momentOf(report, at)).toISOString();
  const record = report.records[0] as HistoryRecord;
  return record.dates !== undefined || record.history.stepSeconds % SECONDS_PER_DAY === 0
    ? iso.slice(0, 10)
    : `${iso.slice(0, 16)}Z`;
}

/** "long S&P 500", or each history with its share. */
export function positionName({ records, weights }: BacktestReport): string {
  const [weight] = weights;
  const single = records.length === 1 && (weight === 1 || weight === -1);
  return single
    ? `${weight === 1 ? 'long' : 'short'} ${(records[0] as HistoryRecord).history.name}`
    : records.map(({ history }, index) => `${percent(weights[index] as number, 0)} ${history.name}`).join(', ');
}

/** Where the prices are from, one text a source: made-up ones are never shown as a market's. */
export const originsOf = ({ records }: BacktestReport): readonly string[] => [
  ...new Set(records.map(({ made, source }) => `${made ? 'MADE-UP PRICES: ' : ''}${source}`)),
];

/** "99% over 1 step, window 500" */
export const termsText = ({ terms: { confidencePpm, horizonSteps, window } }: BacktestReport): string =>
  `${shortPercent(confidencePpm / 1_000_000)} over ${horizonSteps} step${horizonSteps === 1 ? '' : 's'}, window ${window}`;
