import { type MadeMarket, madeHistories } from '../../src/backtest/madeHistory.js';
import type { PriceHistory } from '../../src/engine/history.js';
import { parseHistory, serializeHistory } from '../../src/formats/history.js';

/** Two made-up markets that move together, in clusters. */
export const TWO: MadeMarket = {
  seed: 'backtest tests',
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
  points: 400,
  stepSeconds: 86_400,
  firstTime: 1_640_995_200,
};

/** As a reader of the files gets them. */
export const recordsOf = (market: MadeMarket) =>
  madeHistories(market).map((fields) => parseHistory(serializeHistory(fields), fields.name));

/** A history of given prices, a step a second. */
export const historyOf = (prices: readonly number[], name = 'X'): PriceHistory => ({
  name,
  stepSeconds: 1,
  points: prices.map((price, time) => ({ time, price })),
});
