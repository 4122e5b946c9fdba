import { z } from 'zod';
import { entryId, wholeNumber } from './fields.js';

/** More rows than any table has. */
export const MAX_ROWS = 65_536;

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.array(item).max(MAX_ROWS, `must have at most ${MAX_ROWS} items`);

const row = z.tuple([entryId, wholeNumber(0, 4096)]);

/** Which rows of a snapshot a table holds, as TableChoice. */
export const tableChoiceFields = {
  assets: listOf(entryId),
  steps: listOf(row),
  instruments: listOf(entryId),
  tiers: listOf(row),
};
