import { z } from 'zod';
import { SolvencyError } from '../errors.js';
import type { AssetTotals, BookSide, BookTotals, InstrumentTotals, TotalsShape } from '../liabilities/bookTotals.js';
import { formatAmount, parseAmount } from '../numbers/decimal.js';
import { COST_DECIMALS, VALUE_DECIMALS } from '../protocol/constants.js';
import type { Registry } from '../snapshot/registry.js';
import { decimalText, entryId, nameText, saltElement, wholeNumber } from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';
import { entryOf } from './symbols.js';

const count = wholeNumber(0, 2 ** 27);
const side = z.strictObject({
  accounts: count,
  standing: count,
  owed: decimalText,
  deficits: decimalText,
  assets: z.array(
    z.strictObject({
      id: entryId,
      asset: nameText,
      positive: decimalText,
      goodNegative: decimalText,
      otherNegative: decimalText,
    }),
  ),
  instruments: z.array(
    z.strictObject({ id: entryId, instrument: nameText, long: decimalText, short: decimalText, cost: decimalText }),
  ),
});

export const totalsSchema = fileSchema('totals', {
  salt: saltElement,
  /** rows of the hash that the statement carries */
  rows: z.strictObject({ assets: wholeNumber(0, 4096), instruments: wholeNumber(0, 4096) }),
  largestDebtor: decimalText,
  customers: side,
  venue: side,
});

/** Totals of a book, with what it takes to hash them as the statement does. */
export interface TotalsFile {
  readonly salt: bigint;
  readonly shape: TotalsShape;
  readonly totals: BookTotals;
}

/**
 * Reads `zk-solvency/totals`: values in quote units, sizes in units of the instrument. Errors: readFormat's; MISMATCH for an
 * id that is not its symbol's, DUPLICATE, OUT_OF_RANGE for a negative total, INVALID_INPUT for ids out of order.
 */
export function parseTotals(text: string, where: string, registry: Registry): TotalsFile {
  const file = readFormat(totalsSchema, text, { name: 'totals', where });
  const value = (digits: string, path: string): bigint => {
    const amount = parseAmount(digits, VALUE_DECIMALS, path);
    if (amount >= 0n) return amount;
    throw new SolvencyError('OUT_OF_RANGE', `${path} is negative, and a total of one sign is not.`, {
      details: { where: path },
    });
  };
  const instrument = entryOf(registry, 'instrument');
  const asset = entryOf(registry, 'asset');
  const readSide = (name: 'customers' | 'venue'): BookSide => {
    const fields = file[name];
    const path = `${where}: ${name}`;
    requireOrder(fields.assets, `${path}.assets`);
    requireOrder(fields.instruments, `${path}.instruments`);
    return {
      accounts: BigInt(fields.accounts),
      standing: BigInt(fields.standing),
      owed: value(fields.owed, `${path}.owed`),
      deficits: value(fields.deficits, `${path}.deficits`),
      assets: new Map(
        fields.assets.map((row, index): [number, AssetTotals] => {
          const at = `${path}.assets[${index}]`;
          if (asset(row.id).symbol !== row.asset) throw mismatch(at);
          return [
            row.id,
            {
              positive: value(row.positive, `${at}.positive`),
              goodNegative: value(row.goodNegative, `${at}.goodNegative`),
              otherNegative: value(row.otherNegative, `${at}.otherNegative`),
            },
          ];
        }),
      ),
      instruments: new Map(
        fields.instruments.map((row, index): [number, InstrumentTotals] => {
          const at = `${path}.instruments[${index}]`;
          const { symbol, amountDecimals } = instrument(row.id);
          if (symbol !== row.instrument) throw mismatch(at);
          const size = (digits: string, name: string): bigint => parseAmount(digits, amountDecimals, `${at}.${name}`);
          return [
            row.id,
            {
              long: size(row.long, 'long'),
              short: size(row.short, 'short'),
              cost: parseAmount(row.cost, COST_DECIMALS, `${at}.cost`),
            },
          ];
        }),
      ),
    };
  };
  return {
    salt: BigInt(file.salt),
    shape: file.rows,
    totals: {
      customers: readSide('customers'),
      venue: readSide('venue'),
      largestDebtor: value(file.largestDebtor, `${where}: largestDebtor`),
    },
  };
}

/** Writes totals; errors UNKNOWN_ASSET and UNKNOWN_INSTRUMENT for ids outside the registry. */
export function serializeTotals({ salt, shape, totals }: TotalsFile, registry: Registry): string {
  const asset = entryOf(registry, 'asset');
  const instrument = entryOf(registry, 'instrument');
  const value = (amount: bigint): string => formatAmount(amount, VALUE_DECIMALS);
  const byId = <Totals>(by: ReadonlyMap<number, Totals>): readonly (readonly [number, Totals])[] =>
    [...by].sort(([a], [b]) => a - b);
  const writeSide = (totals: BookSide): z.infer<typeof side> => ({
    accounts: Number(totals.accounts),
    standing: Number(totals.standing),
    owed: value(totals.owed),
    deficits: value(totals.deficits),
    assets: byId(totals.assets).map(([id, sums]) => ({
      id,
      asset: asset(id).symbol,
      positive: value(sums.positive),
      goodNegative: value(sums.goodNegative),
      otherNegative: value(sums.otherNegative),
    })),
    instruments: byId(totals.instruments).map(([id, sums]) => {
      const { symbol, amountDecimals } = instrument(id);
      return {
        id,
        instrument: symbol,
        long: formatAmount(sums.long, amountDecimals),
        short: formatAmount(sums.short, amountDecimals),
        cost: formatAmount(sums.cost, COST_DECIMALS),
      };
    }),
  });
  const fields: Omit<z.infer<typeof totalsSchema>, 'format' | 'version'> = {
    salt: salt.toString(),
    rows: shape,
    largestDebtor: value(totals.largestDebtor),
    customers: writeSide(totals.customers),
    venue: writeSide(totals.venue),
  };
  return writeFormat('totals', fields);
}

function requireOrder(rows: readonly { readonly id: number }[], where: string): void {
  rows.forEach(({ id }, k) => {
    const previous = rows[k - 1]?.id ?? 0;
    if (id > previous) return;
    const code = id === previous ? 'DUPLICATE' : 'INVALID_INPUT';
    throw new SolvencyError(code, `${where}[${k}] repeats an id or is out of order: rows are sorted by id.`, {
      details: { where: `${where}[${k}]` },
    });
  });
}

const mismatch = (where: string): SolvencyError =>
  new SolvencyError('MISMATCH', `${where} has an id that is not its symbol's.`, { details: { where } });
