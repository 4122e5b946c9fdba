import { z } from 'zod';
import { checkHistory, type PriceHistory } from '../engine/history.js';
import { SolvencyError } from '../errors.js';
import { nameText, noteText, patternText, seconds, wholeNumber } from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';

// ECMAScript leaves it open how digits after the twentieth round, so a longer text could be two prices on two machines
const priceText = patternText(
  /^(?=[0-9.]{1,21}$)[0-9]{1,20}(\.[0-9]+)?$/,
  'must be a decimal string such as "12.5", of at most 20 digits',
);
const dateText = patternText(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, 'must be a date such as "2020-03-16"');

export const historySchema = fileSchema('history', {
  name: nameText,
  unit: nameText,
  stepSeconds: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  made: z.boolean(),
  source: noteText,
  points: z.array(z.strictObject({ time: seconds, price: priceText, date: dateText.optional() })),
});

/** The fields of a history file; prices are decimal texts. */
export type HistoryFields = Omit<z.infer<typeof historySchema>, 'format' | 'version'>;

/** A history of prices with where it comes from. */
export interface HistoryRecord {
  readonly history: PriceHistory;
  /** what a price counts: "USD", "index points" */
  readonly unit: string;
  /** true when a generator made the prices, false when a market did */
  readonly made: boolean;
  readonly source: string;
  /** a date for each point, where times count the steps of a calendar with holidays */
  readonly dates: readonly string[] | undefined;
}

/**
 * Reads `zk-solvency/history`. Errors: those of readFormat, INVALID_HISTORY for a gap, a price of zero, too few points,
 * and for dates on some points only.
 */
export function parseHistory(text: string, where: string): HistoryRecord {
  const { name, unit, stepSeconds, made, source, points } = readFormat(historySchema, text, { name: 'history', where });
  const dates = points.flatMap(({ date }) => date ?? []);
  if (dates.length !== 0 && dates.length !== points.length) {
    throw new SolvencyError(
      'INVALID_HISTORY',
      `${where}: ${dates.length} of ${points.length} points have a date. Give one to every point, or to none.`,
      { details: { where, dates: dates.length, points: points.length } },
    );
  }
  const history = { name, stepSeconds, points: points.map(({ time, price }) => ({ time, price: Number(price) })) };
  checkHistory(history);
  return { history, unit, made, source, dates: dates.length === 0 ? undefined : dates };
}

export const serializeHistory = (fields: HistoryFields): string => writeFormat('history', fields);
