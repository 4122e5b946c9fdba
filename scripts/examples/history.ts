import { type MadeMarket, madeHistories } from '../../src/backtest/madeHistory.js';
import { serializeHistory } from '../../src/formats/history.js';
import { writeFormat } from '../../src/formats/readFormat.js';

/** Two coins that never were, from a day on which there were none: volatility clusters as it does for real ones. */
export const EXAMPLE_MARKET: MadeMarket = {
  seed: 'zk-solvency example',
  names: ['BTC', 'ETH'],
  unit: 'USD',
  startPrices: [40_000, 2_500],
  volatilities: [0.03, 0.04],
  correlation: [
    [1, 0.8],
    [0.8, 1],
  ],
  alpha: 0.1,
  beta: 0.88,
  points: 1000,
  stepSeconds: 86_400,
  // 2000-01-01
  firstTime: 946_684_800,
};

/** The files of examples/history by name: made-up histories, and rules to hold against them. */
export function historyExample(): ReadonlyMap<string, string> {
  const histories = madeHistories(EXAMPLE_MARKET).map(
    (fields) => [`made-${fields.name.toLowerCase()}.json`, serializeHistory(fields)] as const,
  );
  return new Map([...histories, ['margin-rules.json', writeFormat('margin-rules', { rules: RULES })]]);
}

/** What a venue might compare: a flat rate, one that follows volatility, and one that keeps a buffer and a floor. */
const RULES = [
  { name: 'flat-10', kind: 'flat', rate: '0.1' },
  { name: 'volatility', kind: 'parametric', lambda: '0.97' },
  { name: 'buffered', kind: 'dynamic', lambda: '0.97', buffer: '0.25', floorSteps: 1000 },
];
