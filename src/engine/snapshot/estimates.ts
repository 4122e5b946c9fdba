/** Volatilities and correlations that a model asks for, from the market file or from price histories. */
import { SolvencyError } from '../../errors.js';
import { isoTime } from '../../numbers/isoTime.js';
import type { Rational } from '../../numbers/rational.js';
import { shortText } from '../../snapshot/rounding.js';
import type { Provenance } from '../../snapshot/snapshot.js';
import { type Moments, momentsOf } from '../covariance.js';
import { alignHistories, checkHistory, logReturnsOf, type PriceHistory } from '../history.js';
import { nearestDouble } from '../numerics/doubles.js';
import { checkCorrelation } from '../numerics/matrix.js';
import { annualised, ewmaVolatility, requireVolatility, stepsPerYear } from '../volatility.js';
import type { CovarianceSource, VolatilitySource } from './engineModel.js';
import type { Market, MarketUnderlying } from './market.js';

/** Histories by name; what order they are given in makes no difference. */
export type Histories = ReadonlyMap<string, PriceHistory>;

/**
 * Checked histories by name. Throws INVALID_HISTORY for one that is invalid, given twice, or that goes beyond the market's
 * time: parameters must not know what came after them.
 */
export function historiesByName(histories: readonly PriceHistory[], market: Market): Histories {
  const byName = new Map<string, PriceHistory>();
  for (const history of histories) {
    checkHistory(history);
    const { name } = history;
    if (byName.has(name)) refuse(name, 'is given twice');
    const last = lastTime(history);
    if (last > market.time) refuse(name, `goes on to ${last} after the market's time ${market.time}; cut it there`);
    byName.set(name, history);
  }
  return byName;
}

const refuse = (name: string, message: string): never => {
  throw new SolvencyError('INVALID_HISTORY', `the price history of ${name} ${message}`);
};

const lastTime = ({ points }: PriceHistory): number => points.at(-1)?.time as number;

/** The history that an underlying names. Throws INVALID_INPUT when it names none, or one that is not given. */
export function historyOf(
  { name, history, volatilityHistory }: MarketUnderlying,
  of: 'price' | 'volatility',
  histories: Histories,
): PriceHistory {
  const named = of === 'price' ? history : volatilityHistory;
  const what = `the ${of} of the underlying ${name}`;
  if (named === null) {
    throw new SolvencyError('INVALID_INPUT', `The market names no history of ${what}, which the model needs.`);
  }
  const found = histories.get(named);
  if (found === undefined) {
    throw new SolvencyError('INVALID_INPUT', `The history ${named} of ${what} is needed and not given.`, {
      details: { history: named },
    });
  }
  return found;
}

/** A figure with where it came from: in words, and the histories that it rests on. */
export interface Sourced<Value> {
  readonly value: Value;
  readonly from: string;
  readonly histories: readonly PriceHistory[];
}

/** Their names in words. */
export const listOf = (histories: readonly PriceHistory[]): string => histories.map(({ name }) => name).join(', ');

/** The window of every history that was used, once each and in the order of their names. */
export function historyProvenance(used: readonly PriceHistory[]): readonly Provenance[] {
  const byName = new Map(used.map((history) => [history.name, history]));
  return [...byName.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((history) => ({
      where: `history ${history.name}`,
      from: `${history.points.length} prices, one every ${history.stepSeconds} s, ${isoTime(history.points[0]?.time as number)} to ${isoTime(lastTime(history))}`,
    }));
}

/** Volatility of an underlying per year. Throws INVALID_INPUT where the source has none. */
export function volatilityOf(
  underlying: MarketUnderlying,
  source: VolatilitySource,
  histories: Histories,
): Sourced<number> {
  if (source.kind === 'market') {
    if (underlying.volatility === null) {
      throw new SolvencyError(
        'INVALID_INPUT',
        `The market states no volatility of the underlying ${underlying.name}, which the model needs.`,
      );
    }
    return { value: nearestDouble(underlying.volatility), from: 'volatility of the market', histories: [] };
  }
  const history = historyOf(underlying, 'price', histories);
  const perStep = ewmaVolatility(logReturnsOf(history), nearestDouble(source.lambda));
  return {
    value: annualised(perStep, stepsPerYear(history.stepSeconds)),
    from: `exponentially weighted volatility, lambda ${shortText(source.lambda)}, history ${history.name}`,
    histories: [history],
  };
}

/** One of several series that move together. */
export interface Series {
  readonly name: string;
  readonly underlying: MarketUnderlying;
  readonly of: 'price' | 'volatility';
}

/**
 * Yearly volatilities and correlation of the series, in their order. Throws INVALID_VOLATILITY for a negative volatility,
 * INVALID_CORRELATION for what is no correlation matrix of these series, INVALID_HISTORY and INVALID_INPUT.
 */
export function momentsFrom(
  series: readonly Series[],
  source: CovarianceSource,
  histories: Histories,
): Sourced<Moments> {
  const names = series.map(({ name }) => name);
  if (source.kind === 'given') {
    const volatilities = source.volatilities.map(nearestDouble);
    if (volatilities.length !== series.length) {
      throw new SolvencyError(
        'INVALID_INPUT',
        `The model gives ${volatilities.length} volatilities for ${series.length} series. Give one for each of ${names.join(', ')}.`,
      );
    }
    volatilities.forEach((volatility, index) => {
      requireVolatility(volatility, `the volatility of ${names[index]}`);
    });
    const correlation = source.correlation.map((row: readonly Rational[]) => row.map(nearestDouble));
    if (correlation.length !== series.length) {
      throw new SolvencyError(
        'INVALID_CORRELATION',
        `the correlation has ${correlation.length} rows for ${series.length} series`,
      );
    }
    checkCorrelation(correlation);
    return {
      value: { names, volatilities, correlation },
      from: 'volatilities and correlation of the model',
      histories: [],
    };
  }
  const listed = series.map(({ underlying, of }) => historyOf(underlying, of, histories));
  // two series may follow one history, a spot and its forward
  const aligned = alignHistories(listed.map((history, index) => ({ ...history, name: names[index] as string })));
  const moments = momentsOf(aligned, nearestDouble(source.lambda));
  return {
    value: moments,
    from: `exponentially weighted covariance, lambda ${shortText(source.lambda)}, histories ${listOf(listed)}`,
    histories: listed,
  };
}
