import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { accountRoot } from '../account/accountRoot.js';
import type { BookAccount } from '../book/bookAccount.js';
import { commitBook } from '../book/commit.js';
import { makePrivateFolder } from '../book/privateFolder.js';
import { SolvencyError } from '../errors.js';
import { writeFileAtomic } from '../files.js';
import { serializeBookPlan } from '../formats/bookPlan.js';
import { serializeSnapshot } from '../formats/snapshot.js';
import { serializeTotals } from '../formats/totals.js';
import { accountFigures } from '../liabilities/accountFigures.js';
import { type BatchSize, batchClasses } from '../liabilities/batchClasses.js';
import { bookParameters } from '../liabilities/bookParameters.js';
import {
  type BookTotals,
  TotalsBuilder,
  type TotalsShape,
  totalsColumns,
  totalsHash,
} from '../liabilities/bookTotals.js';
import { coverageCircuit, coverageShape } from '../liabilities/closingCircuits.js';
import { neededRows } from '../liabilities/neededRows.js';
import { findTable, type PlannedTable, planTables } from '../liabilities/planTables.js';
import { settlesOf } from '../liabilities/tableChoice.js';
import type { RiskTable } from '../risk/riskTable.js';
import type { BookPlan, BookRegion } from './bookPlan.js';

/** The folder of a book that is committed for an attestation: the store of its accounts, and how it is proven. */
export const BOOK_FILES = {
  store: 'accounts',
  plan: 'plan.json',
  totals: 'totals.json',
  snapshot: 'snapshot.json',
} as const;

export interface CommittedBook {
  readonly plan: BookPlan;
  readonly totals: BookTotals;
}

/**
 * Values and commits a book: chooses tables so that every account finds its rows, puts each account into the region of
 * its side, class and table, adds up what the venue owes, and writes store, plan, totals and snapshot to a private
 * folder, whole or not at all. `accounts` is asked for more than once and must give the same each time.
 * Errors: those of bookParameters, planTables, accountFigures and of committing the accounts.
 */
export async function commitAttestedBook(
  folder: string,
  input: {
    readonly accounts: () => AsyncIterable<BookAccount>;
    readonly table: RiskTable;
    readonly size: BatchSize;
    /** of the account root, seconds since 1970 */
    readonly time: number;
    readonly signal?: AbortSignal;
  },
): Promise<CommittedBook> {
  const { table, time, signal } = input;
  const { registry } = table.snapshot;
  const parameters = bookParameters(table);
  const holdings = async function* () {
    for await (const account of input.accounts()) yield account.holdings;
  };
  const tables = await planTables(holdings, batchClasses(input.size), parameters);
  if (tables.length === 0) throw new SolvencyError('INVALID_INPUT', 'The book holds no account.');
  const builder = new TotalsBuilder();
  let regions: readonly BookRegion[] = [];
  return makePrivateFolder(folder, async (made) => {
    const { root } = await commitBook(join(made, BOOK_FILES.store), {
      accounts: input.accounts(),
      registry,
      time,
      place: ({ holdings: held, venueOwned }) => {
        const planned = findTable(tables, held, neededRows(held, parameters)) as PlannedTable;
        const settles = settlesOf(planned.batchClass.shape, parameters);
        builder.add(venueOwned ? 'venue' : 'customers', held, accountFigures(held, parameters, settles));
        return tables.indexOf(planned) + (venueOwned ? tables.length : 0);
      },
      layout: (counts) => {
        regions = layOut(tables, counts);
        return regions;
      },
      ...(signal === undefined ? {} : { signal }),
    });
    const { totals } = builder;
    const totalsSalt = randomElement();
    const totalsShape = shapeOfTotals(totals);
    const plan: BookPlan = {
      tables: tables.map(({ batchClass, choice }) => ({ circuit: batchClass.circuit.name, choice })),
      regions: regions.filter(({ count }) => count > 0),
      claimed: {
        accountRoot: accountRoot(root),
        riskRoot: table.riskRoot,
        totalsHash: totalsHash(totalsColumns(totals, totalsShape), totalsSalt),
        largestDebtor: totals.largestDebtor,
        venueStart: BigInt(venueStartOf(tables, regions)),
        salt: randomElement(),
      },
      totalsSalt,
      totalsShape,
      seed: randomElement(),
    };
    const write = (name: string, text: string) => writeFileAtomic(join(made, name), text, 0o600);
    await write(BOOK_FILES.plan, serializeBookPlan(plan));
    await write(BOOK_FILES.totals, serializeTotals({ salt: totalsSalt, shape: totalsShape, totals }, registry));
    await write(BOOK_FILES.snapshot, serializeSnapshot(table.snapshot));
    return { plan, totals };
  });
}

/** Regions in the order of their numbers: customers by table, then the venue's own; each begins with a batch. */
function layOut(tables: readonly PlannedTable[], counts: readonly number[]): readonly BookRegion[] {
  let next = 0;
  return counts.map((count, number) => {
    const table = number % tables.length;
    const { accounts } = (tables[table] as PlannedTable).batchClass;
    const start = count === 0 ? next : Math.ceil(next / accounts) * accounts;
    next = start + Math.ceil(count / accounts) * accounts;
    return { table, venue: number >= tables.length, start, count };
  });
}

/** Where the venue's own accounts begin: behind all others when it has none. */
function venueStartOf(tables: readonly PlannedTable[], regions: readonly BookRegion[]): number {
  const first = regions.find(({ venue, count }) => venue && count > 0);
  if (first !== undefined) return first.start;
  return Math.max(
    0,
    ...regions.map(({ table, start, count }) => {
      const { accounts } = (tables[table] as PlannedTable).batchClass;
      return start + Math.ceil(count / accounts) * accounts;
    }),
  );
}

/** The rows that the smallest closing circuit has for these totals, so that either claim can be closed. */
function shapeOfTotals({ customers, venue }: BookTotals): TotalsShape {
  const rows = {
    assets: new Set([...customers.assets.keys(), ...venue.assets.keys()]).size,
    instruments: new Set([...customers.instruments.keys(), ...venue.instruments.keys()]).size,
  };
  const circuit = coverageCircuit(rows);
  return circuit === undefined ? rows : coverageShape(circuit);
}

/** 248 random bits. */
const randomElement = (): bigint => BigInt(`0x${randomBytes(31).toString('hex')}`);
