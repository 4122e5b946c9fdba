import { proportionOfFailures } from '../src/backtest/coverage.js';
import { percent } from '../src/backtest/report/figures.js';
import { markdownTable } from './markdown.js';

const STATED = 0.01;
const LEVEL = 0.05;
const DAYS = [250, 1000, 4587];
const TRUE_RATES = [0.005, 0.01, 0.015, 0.02, 0.03];

/** How often the test of the proportion rejects a 99% margin whose breaches really have another rate; exact sums. */
export const rejectionTable = (): string =>
  markdownTable(
    ['true rate of breaches', ...DAYS.map((days) => `${days} days`)],
    TRUE_RATES.map((rate) => [percent(rate, 1), ...DAYS.map((days) => percent(rejection(days, rate), 0))]),
  );

function rejection(days: number, rate: number): number {
  let [chance, rejected] = [(1 - rate) ** days, 0];
  for (let breaches = 0; breaches <= days; breaches++) {
    if (proportionOfFailures(days, breaches, STATED).pValue < LEVEL) rejected += chance;
    // the binomial's next term
    chance *= ((days - breaches) / (breaches + 1)) * (rate / (1 - rate));
  }
  return rejected;
}
