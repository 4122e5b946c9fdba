import type { BookTotals } from '../liabilities/bookTotals.js';
import type { Liabilities } from '../reserves/compareReserves.js';

/** What customers are owed, as reserves are compared with it. */
export const customerLiabilities = ({ customers }: BookTotals): Liabilities => ({
  assets: [...customers.assets].map(([assetId, { positive, goodNegative }]) => ({
    assetId,
    positive,
    negativeGood: goodNegative,
  })),
  total: customers.owed,
});
