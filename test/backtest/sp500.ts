import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { HistoryFields } from '../../src/formats/history.js';

/**
 * Daily closes of the S&P 500 from 2000 to 2020 as the npm package vega-datasets ships them. The step is the trading day:
 * weekends and holidays are no gaps, so times count trading days and dates stand beside them. The package is under
 * BSD-3-Clause, names Yahoo Finance as the source of this table and no licence of its own for it, so the prices are read
 * from there and not kept here.
 */
export async function sp500(): Promise<HistoryFields> {
  const path = resolve(import.meta.dirname, '../../node_modules/vega-datasets/data/sp500-2000.csv');
  const rows = parse(await readFile(path), { columns: true }) as readonly Readonly<Record<'date' | 'close', string>>[];
  return {
    name: 'S&P-500',
    unit: 'points',
    stepSeconds: SECONDS_PER_DAY,
    made: false,
    source: 'daily closes 2000 to 2020, Yahoo Finance, from the npm package vega-datasets 3.2.1',
    points: rows.map(({ date, close }, day) => ({ time: day * SECONDS_PER_DAY, price: close, date })),
  };
}

const SECONDS_PER_DAY = 86_400;
