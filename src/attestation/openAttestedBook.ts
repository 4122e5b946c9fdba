import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccountRootOpening } from '../account/accountRoot.js';
import { leafAccount } from '../book/bookAccount.js';
import { openBook } from '../book/store.js';
import { SolvencyError } from '../errors.js';
import { parseBookPlan } from '../formats/bookPlan.js';
import { parseSnapshot } from '../formats/snapshot.js';
import { parseTotals } from '../formats/totals.js';
import type { BookTotals } from '../liabilities/bookTotals.js';
import { buildRiskTable, type RiskTable } from '../risk/riskTable.js';
import type { BookAccess } from './bookAccess.js';
import type { BookPlan } from './bookPlan.js';
import { BOOK_FILES } from './commitAttestedBook.js';

/** A committed book with everything that proving it takes. */
export interface AttestedBook {
  readonly book: BookAccess;
  readonly plan: BookPlan;
  readonly totals: BookTotals;
  readonly table: RiskTable;
  readonly root: AccountRootOpening;
  close(): void;
}

/** Opens what commitAttestedBook wrote. Errors: UNREADABLE, those of openBook and of the readers of its files. */
export async function openAttestedBook(folder: string): Promise<AttestedBook> {
  const read = async (name: string): Promise<readonly [string, string]> => {
    const path = join(folder, name);
    const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      const hint = cause.code === 'ENOENT' ? 'it is no committed book, or one of its files is gone' : cause.code;
      throw new SolvencyError('UNREADABLE', `Cannot read ${path}: ${hint}.`, { details: { path }, cause });
    });
    return [text, path];
  };
  const table = buildRiskTable(parseSnapshot(...(await read(BOOK_FILES.snapshot))));
  const plan = parseBookPlan(...(await read(BOOK_FILES.plan)));
  const { totals } = parseTotals(...(await read(BOOK_FILES.totals)), table.snapshot.registry);
  const store = await openBook(join(folder, BOOK_FILES.store));
  return {
    book: {
      accounts: async (first, count) =>
        store.accounts(first, count).map((account) => (account === undefined ? undefined : leafAccount(account))),
      node: async (level, index) => store.node(level, index),
    },
    plan,
    totals,
    table,
    root: store.root,
    close: () => store.close(),
  };
}
