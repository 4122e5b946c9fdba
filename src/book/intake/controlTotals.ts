import { parseAmount } from '../../numbers/decimal.js';
import { COST_DECIMALS } from '../../protocol/constants.js';
import type { RegistryEntry } from '../../snapshot/registry.js';
import type { BookSums, Sums } from './bookSums.js';
import { type Reading, readRows } from './csvRows.js';
import { cellOf } from './faults.js';

interface TotalsColumn {
  readonly name: string;
  readonly of: (sums: Sums) => bigint;
  readonly decimals: (entry: RegistryEntry) => number;
}

const amountDecimals = ({ amountDecimals }: RegistryEntry): number => amountDecimals;

/** The two files of control totals: the name of the first column, and the sums that follow it. */
export const TOTALS_FILES = {
  asset: [
    { name: 'positive', of: ({ positive }) => positive, decimals: amountDecimals },
    { name: 'negative', of: ({ negative }) => negative, decimals: amountDecimals },
  ],
  instrument: [
    { name: 'long', of: ({ positive }) => positive, decimals: amountDecimals },
    { name: 'short', of: ({ negative }) => negative, decimals: amountDecimals },
    { name: 'cost', of: ({ cost }) => cost, decimals: () => COST_DECIMALS },
  ],
} as const satisfies Readonly<Record<string, readonly TotalsColumn[]>>;

/**
 * Holds what was taken in against the venue's own totals, so that a file cut short or an account left out on the way is
 * noticed: every asset or instrument that an account holds must have its row. Faults: MISMATCH and those of the cells.
 */
export async function checkTotals(
  file: string,
  kind: keyof typeof TOTALS_FILES,
  entries: readonly RegistryEntry[],
  sums: BookSums,
  reading: Reading,
): Promise<void> {
  const { faults } = reading;
  const columns: readonly TotalsColumn[] = TOTALS_FILES[kind];
  const bySymbol = new Map(entries.map((entry) => [entry.symbol, entry]));
  const rowOf = new Map<RegistryEntry, number>();
  for await (const { number: row, cells } of readRows(
    file,
    { required: [kind, ...columns.map(({ name }) => name)] },
    reading,
  )) {
    const entry = bySymbol.get(cells[0] as string);
    if (entry === undefined) {
      const code = kind === 'asset' ? 'UNKNOWN_ASSET' : 'UNKNOWN_INSTRUMENT';
      faults.add(code, { file, row, column: kind }, `is not the symbol of an ${kind} of the venue's registry`);
      continue;
    }
    const before = rowOf.get(entry);
    if (before !== undefined) faults.add('DUPLICATE', { file, row }, `is about the same ${kind} as row ${before}`);
    rowOf.set(entry, row);
    columns.forEach(({ name, of, decimals }, k) => {
      const at = { file, row, column: name };
      const stated = faults.attempt(at, () => parseAmount(cells[k + 1] as string, decimals(entry), cellOf(at)));
      if (stated !== undefined && stated !== of(sums.get(entry.id))) {
        faults.add('MISMATCH', at, 'is not the sum over the accounts taken in');
      }
    });
  }
  if (!faults.none) return;
  for (const entry of entries) {
    if (rowOf.has(entry) || columns.every(({ of }) => of(sums.get(entry.id)) === 0n)) continue;
    faults.add('MISMATCH', { file, row: 1 }, `is followed by no row about ${entry.symbol}, which accounts hold`);
  }
}
