import { z } from 'zod';
import type { BookPlan } from '../attestation/bookPlan.js';
import { circuitName, fieldElement, saltElement, wholeNumber } from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';
import { tableChoiceFields } from './tableChoice.js';

const place = wholeNumber(0, 2 ** 27);
const rows = wholeNumber(0, 4096);

const bookPlanSchema = fileSchema('book-plan', {
  tables: z.array(z.strictObject({ circuit: circuitName, choice: z.strictObject(tableChoiceFields) })),
  regions: z.array(z.strictObject({ table: wholeNumber(0, 65_536), venue: z.boolean(), start: place, count: place })),
  claimed: z.strictObject({
    accountRoot: fieldElement,
    riskRoot: fieldElement,
    totalsHash: fieldElement,
    largestDebtor: fieldElement,
    venueStart: fieldElement,
    salt: saltElement,
  }),
  totalsSalt: saltElement,
  totalsShape: z.strictObject({ assets: rows, instruments: rows }),
  seed: fieldElement,
});

/** Reads `zk-solvency/book-plan`, a private file of a committed book. Errors: readFormat's. */
export function parseBookPlan(text: string, where: string): BookPlan {
  const {
    format: _format,
    version: _version,
    ...plan
  } = readFormat(bookPlanSchema, text, { name: 'book-plan', where });
  const { claimed } = plan;
  return {
    ...plan,
    claimed: {
      accountRoot: BigInt(claimed.accountRoot),
      riskRoot: BigInt(claimed.riskRoot),
      totalsHash: BigInt(claimed.totalsHash),
      largestDebtor: BigInt(claimed.largestDebtor),
      venueStart: BigInt(claimed.venueStart),
      salt: BigInt(claimed.salt),
    },
    totalsSalt: BigInt(plan.totalsSalt),
    seed: BigInt(plan.seed),
  };
}

export const serializeBookPlan = (plan: BookPlan): string =>
  writeFormat('book-plan', {
    tables: plan.tables,
    regions: plan.regions,
    claimed: Object.fromEntries(Object.entries(plan.claimed).map(([name, value]) => [name, String(value)])),
    totalsSalt: plan.totalsSalt.toString(),
    totalsShape: plan.totalsShape,
    seed: plan.seed.toString(),
  });
