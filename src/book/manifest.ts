import { z } from 'zod';
import type { AccountRootOpening } from '../account/accountRoot.js';
import { accountRootOpeningFields, openingFromFields, openingToFields } from '../formats/accountRootOpening.js';
import { nameText, wholeNumber } from '../formats/fields.js';
import { fileSchema, readFormat, writeFormat } from '../formats/readFormat.js';
import { ACCOUNT_TREE_DEPTH, TREE_ARITY } from '../protocol/constants.js';
import { checkRegions, type Region } from './regions.js';

/** What a committed book says of itself. */
export interface BookManifest {
  readonly venue: string;
  readonly root: AccountRootOpening;
  /** in order of their places */
  readonly regions: readonly Region[];
  readonly counts: BookCounts;
}

export interface BookCounts {
  readonly accounts: number;
  readonly balances: number;
  readonly positions: number;
  readonly notProvable: number;
  readonly venueOwned: number;
}

export const MANIFEST_FILE = 'book.json';

const place = wholeNumber(0, TREE_ARITY ** ACCOUNT_TREE_DEPTH);
const many = wholeNumber(0, Number.MAX_SAFE_INTEGER);

const manifestSchema = fileSchema('book', {
  venue: nameText,
  accountRootOpening: accountRootOpeningFields,
  regions: z.array(z.strictObject({ start: place, count: place })),
  counts: z.strictObject({ accounts: many, balances: many, positions: many, notProvable: many, venueOwned: many }),
});

/** Reads `zk-solvency/book`. Errors: those of readFormat, OUT_OF_RANGE for regions that no tree has. */
export function parseManifest(text: string, where: string): BookManifest {
  const { venue, accountRootOpening, regions, counts } = readFormat(manifestSchema, text, { name: 'book', where });
  checkRegions(regions);
  return { venue, root: openingFromFields(accountRootOpening), regions, counts };
}

export const serializeManifest = ({ venue, root, regions, counts }: BookManifest): string =>
  writeFormat('book', { venue, accountRootOpening: openingToFields(root), regions, counts });
