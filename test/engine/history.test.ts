import { describe, expect, it } from 'vitest';
import { alignHistories, checkHistory, logReturnsOf, type PriceHistory, returnsOf } from '../../src/engine/history.js';
import { DAY, historyOf, near, refuses, START } from './support.js';

const refused = (history: PriceHistory, message: RegExp): void =>
  refuses(() => checkHistory(history), 'INVALID_HISTORY', message);
const withTimes = (times: readonly number[]): PriceHistory => ({
  name: 'BTC',
  stepSeconds: DAY,
  points: times.map((time) => ({ time, price: 100 })),
});

describe('checkHistory', () => {
  it('takes equal steps of positive prices', () => {
    checkHistory(historyOf([100, 101]));
    checkHistory(historyOf([1e-8, 1e8, 3], { stepSeconds: 60 }));
  });

  it('names the time before a gap', () => {
    refused(withTimes([0, DAY, 3 * DAY]), /BTC has a gap after time 86400: the next point is at 259200/);
    refused(withTimes([0, DAY, DAY + 1]), /gap after time 86400/);
  });

  it('refuses times that do not increase or are no whole seconds', () => {
    refused(withTimes([0, 0]), /time 0 after time 0/);
    refused(withTimes([DAY, 0]), /time 0 after time 86400/);
    refused(withTimes([0.5, DAY]), /not whole seconds/);
    refused(withTimes([8_640_000_000_001, 0]), /not whole seconds/);
    refused({ ...historyOf([1, 2]), stepSeconds: 0 }, /step/);
    refused({ ...historyOf([1, 2]), stepSeconds: 0.5 }, /step/);
  });

  it('refuses prices that are zero, negative or not finite', () => {
    refused(historyOf([100, 0]), new RegExp(`price of zero at time ${START + DAY}`));
    refused(historyOf([-1, 100]), new RegExp(`negative price at time ${START}`));
    refused(historyOf([100, Number.NaN]), /not a finite number/);
    refused(historyOf([100, Number.POSITIVE_INFINITY]), /not a finite number/);
  });

  it('refuses fewer than two points', () => {
    refused(historyOf([]), /has 0 points/);
    refused(historyOf([100]), /has 1 points/);
  });
});

describe('alignHistories', () => {
  const btc = historyOf([100, 110, 121]);
  const eth = historyOf([10, 9, 8], { name: 'ETH' });

  it('puts them side by side', () => {
    expect(alignHistories([btc, eth])).toEqual({
      names: ['BTC', 'ETH'],
      stepSeconds: DAY,
      times: [START, START + DAY, START + 2 * DAY],
      prices: [
        [100, 110, 121],
        [10, 9, 8],
      ],
    });
  });

  it('refuses other times, another length, another step, one twice, none', () => {
    const refusedAll = (histories: readonly PriceHistory[], message: RegExp): void =>
      refuses(() => alignHistories(histories), 'INVALID_HISTORY', message);
    const later = { ...eth, points: eth.points.map(({ time, price }) => ({ time: time + DAY, price })) };
    refusedAll([btc, later], /ETH has time \d+ where that of BTC has/);
    refusedAll([btc, historyOf([10, 9], { name: 'ETH' })], /other times than that of BTC/);
    refusedAll([btc, historyOf([10, 9, 8], { name: 'ETH', stepSeconds: 60 })], /other times than that of BTC/);
    refusedAll([btc, btc], /BTC is given twice/);
    refusedAll([btc, historyOf([10, 0, 8], { name: 'ETH' })], /ETH has a price of zero/);
    refusedAll([], /no price history/);
  });
});

describe('returns', () => {
  const history = historyOf([100, 125, 100, 50]);

  it('are relative moves, overlapping over a longer horizon', () => {
    expect(returnsOf(history, 1)).toEqual([0.25, 100 / 125 - 1, -0.5]);
    expect(returnsOf(history, 2)).toEqual([0, 50 / 125 - 1]);
    expect(returnsOf(history, 3)).toEqual([-0.5]);
  });

  it('are logarithms', () => {
    const [first, second, third] = logReturnsOf(history);
    near(first, Math.log(1.25));
    near(second, -Math.log(1.25));
    near(third, -Math.LN2);
  });

  it('refuse a horizon that is none or longer than the history', () => {
    refuses(() => returnsOf(history, 4), 'INVALID_HISTORY', /4 points, none of them 4 steps apart/);
    refuses(() => returnsOf(history, 0), 'INVALID_INPUT', /horizon/);
    refuses(() => returnsOf(history, 1.5), 'INVALID_INPUT', /horizon/);
    refuses(() => returnsOf(historyOf([1]), 1), 'INVALID_HISTORY', /1 points/);
    refuses(() => logReturnsOf(historyOf([1, -1])), 'INVALID_HISTORY', /negative/);
  });
});
