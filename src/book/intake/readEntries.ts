import type { ErrorCode } from '../../errors.js';
import { symbolsOf } from '../../formats/symbols.js';
import { MAX_DECIMAL_LENGTH, parseAmount } from '../../numbers/decimal.js';
import { absolute, multiply, parseRational, rational } from '../../numbers/rational.js';
import { BITS, COST_DECIMALS, FIELD_ORDER, LIABILITIES } from '../../protocol/constants.js';
import type { Registry, RegistryEntry } from '../../snapshot/registry.js';
import { normalizeIdentifier } from '../accountId.js';
import { RecordWriter } from '../binaryRecord.js';
import type { Sorter } from '../externalSort.js';
import { type Reading, type Row, readRows } from './csvRows.js';
import { ENTRY_KIND, encodeEntry } from './entryRecord.js';
import { cellOf, type Faults } from './faults.js';

const FIELD_ELEMENT = /^(0|[1-9][0-9]{0,76})$/;
const UNSIGNED = /^[0-9]+(\.[0-9]+)?$/;

/** Cells of one row, with what is wrong in them put on record. */
class RowReader {
  readonly #faults: Faults;
  readonly #file: string;
  readonly #row: number;

  constructor(faults: Faults, file: string, { number }: Row) {
    this.#faults = faults;
    this.#file = file;
    this.#row = number;
  }

  refuse(code: ErrorCode, column: string | undefined, what: string): undefined {
    const at = { file: this.#file, row: this.#row };
    this.#faults.add(code, column === undefined ? at : { ...at, column }, what);
    return undefined;
  }

  identifier(text: string): string | undefined {
    return (
      normalizeIdentifier(text) ??
      this.refuse(
        'INVALID_INPUT',
        'account',
        'must be an identifier of 1 to 200 visible characters in UTF-8, with no space at either end',
      )
    );
  }

  /** An exact quantity whose magnitude fits `bits`. */
  quantity(text: string, decimals: number, bits: number, column: string): bigint | undefined {
    const at = { file: this.#file, row: this.#row, column };
    const value = this.#faults.attempt(at, () => parseAmount(text, decimals, cellOf(at)));
    if (value === undefined || (value < 0n ? -value : value) >> BigInt(bits) === 0n) return value;
    return this.refuse('OUT_OF_RANGE', column, `does not fit ${bits} bits in its smallest unit`);
  }

  /** size x entry price, exact. */
  costAt(text: string, size: bigint, { amountDecimals }: RegistryEntry): bigint | undefined {
    const column = 'entry_price';
    const price = UNSIGNED.test(text) && text.length <= MAX_DECIMAL_LENGTH ? parseRational(text) : undefined;
    if (price === undefined) {
      return this.refuse('INVALID_INPUT', column, 'must be a decimal string without sign such as "12.5"');
    }
    const cost = multiply(price, rational(size * 10n ** BigInt(COST_DECIMALS), 10n ** BigInt(amountDecimals)));
    if (cost.den !== 1n) {
      return this.refuse(
        'NOT_REPRESENTABLE',
        column,
        `times size has more than ${COST_DECIMALS} decimals: give the cost`,
      );
    }
    if (absolute(cost).num >> BigInt(BITS.cost) === 0n) return cost.num;
    return this.refuse('OUT_OF_RANGE', column, `times size does not fit ${BITS.cost} bits`);
  }
}

/** balances.csv: puts each row of it into the sorter, zeros too, since a second row of the same thing is a fault. */
export async function readBalances(
  file: string,
  sorter: Sorter,
  registry: Registry,
  debts: boolean,
  reading: Reading,
): Promise<void> {
  const { assets } = symbolsOf(registry);
  for await (const row of readRows(file, { required: ['account', 'asset', 'amount'] }, reading)) {
    const [account, symbol, text] = row.cells as [string, string, string];
    const cells = new RowReader(reading.faults, file, row);
    const identifier = cells.identifier(account);
    const asset = assets.get(symbol);
    if (asset === undefined) {
      cells.refuse('UNKNOWN_ASSET', 'asset', "is not the symbol of an asset of the venue's registry");
      continue;
    }
    const amount = cells.quantity(text, asset.amountDecimals, LIABILITIES.amountBits, 'amount');
    if (amount !== undefined && amount < 0n && !debts) {
      cells.refuse(
        'OUT_OF_RANGE',
        'amount',
        'is a debt, and debts are allowed only in a book with positions or on demand',
      );
    }
    if (identifier === undefined) continue;
    const head = { identifier, kind: ENTRY_KIND.balance, id: asset.id, row: row.number };
    sorter.add(encodeEntry(head, [amount ?? 0n]));
  }
}

/** positions.csv: cost in quote, signed like the size, or the entry price of an instrument that settles in the quote. */
export async function readPositions(file: string, sorter: Sorter, registry: Registry, reading: Reading): Promise<void> {
  const { instruments } = symbolsOf(registry);
  const quoteId = registry.entries.find(({ symbol, kind }) => kind === 'asset' && symbol === registry.quote)?.id;
  const columns = { required: ['account', 'instrument', 'size'], optional: ['cost', 'entry_price'] };
  for await (const row of readRows(file, columns, reading)) {
    const [account, symbol, sizeText, costText, priceText] = row.cells as [string, string, string, string, string];
    const cells = new RowReader(reading.faults, file, row);
    const identifier = cells.identifier(account);
    const instrument = instruments.get(symbol);
    if (instrument === undefined) {
      cells.refuse('UNKNOWN_INSTRUMENT', 'instrument', "is not the symbol of an instrument of the venue's registry");
      continue;
    }
    const size = cells.quantity(sizeText, instrument.amountDecimals, LIABILITIES.amountBits, 'size');
    let cost: bigint | undefined;
    if ((costText === '') === (priceText === '')) {
      cells.refuse('INVALID_INPUT', undefined, 'must have either cost or entry_price');
    } else if (costText !== '') {
      cost = cells.quantity(costText, COST_DECIMALS, BITS.cost, 'cost');
    } else if (instrument.settleAsset !== quoteId) {
      // another settle asset's price would be needed, and it would have to be that of the day of the trade
      cells.refuse(
        'INVALID_INPUT',
        'entry_price',
        `is for instruments that settle in ${registry.quote}: give the cost`,
      );
    } else if (size !== undefined) {
      cost = cells.costAt(priceText, size, instrument);
    }
    // equity is size x mark - cost: a cost without a size would be equity out of nothing
    if (size === 0n && cost !== undefined && cost !== 0n) {
      cells.refuse('OUT_OF_RANGE', 'cost', 'must be zero for a position of size zero');
    }
    if (identifier === undefined) continue;
    const head = { identifier, kind: ENTRY_KIND.position, id: instrument.id, row: row.number };
    sorter.add(encodeEntry(head, [size ?? 0n, cost ?? 0n]));
  }
}

const commitmentWriter = new RecordWriter();

/** owners.csv: `owners` sorts by commitment, so that one that two accounts share is noticed. */
export async function readOwners(file: string, sorter: Sorter, owners: Sorter, reading: Reading): Promise<void> {
  for await (const row of readRows(file, { required: ['account', 'owner_commitment'] }, reading)) {
    const [account, text] = row.cells as [string, string];
    const cells = new RowReader(reading.faults, file, row);
    const identifier = cells.identifier(account);
    if (!FIELD_ELEMENT.test(text) || BigInt(text) >= FIELD_ORDER) {
      cells.refuse('OUT_OF_RANGE', 'owner_commitment', "must be a whole number in decimal, below the field's order");
      continue;
    }
    if (identifier === undefined) continue;
    const commitment = BigInt(text);
    sorter.add(encodeEntry({ identifier, kind: ENTRY_KIND.owner, id: 0, row: row.number }, [commitment]));
    owners.add(commitmentWriter.field(commitment).whole(row.number, 6).finish());
  }
}

/** venue_accounts.csv: the accounts that are the venue's own. */
export async function readVenueAccounts(file: string, sorter: Sorter, reading: Reading): Promise<void> {
  for await (const row of readRows(file, { required: ['account'] }, reading)) {
    const identifier = new RowReader(reading.faults, file, row).identifier(row.cells[0] as string);
    if (identifier === undefined) continue;
    sorter.add(encodeEntry({ identifier, kind: ENTRY_KIND.venueAccount, id: 0, row: row.number }, []));
  }
}
