import { z } from 'zod';
import type { Holdings } from '../account/account.js';
import { SolvencyError } from '../errors.js';
import { formatRational, multiply, parseRational, ZERO } from '../numbers/rational.js';
import type { Registry, RegistryEntry } from '../snapshot/registry.js';
import { decimalText, nameText, unsignedText } from './fields.js';
import { collateralFields, readBalance, readPosition, sizeFields, writeBalance, writePosition } from './holdings.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';
import { assetOf, entryOf, instrumentOf, symbolsOf } from './symbols.js';

export const accountSchema = fileSchema('account', {
  venue: nameText.optional(),
  collateral: z.array(z.strictObject(collateralFields)),
  positions: z.array(
    z
      .strictObject({ ...sizeFields, cost: decimalText.optional(), entryPrice: unsignedText.optional() })
      .refine(({ cost, entryPrice }) => (cost === undefined) !== (entryPrice === undefined), {
        error: 'must have either cost or entryPrice',
        abort: true,
      }),
  ),
});

/**
 * Reads `zk-solvency/account`: what an account holds, by symbols and in decimals, in any order. The cost of a position
 * is signed like its size (size x entry price, in quote). Lines of zero are left out. Messages name places in the file
 * and never an amount or a symbol.
 * Errors: those of readFormat, MISMATCH (another venue), UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, DUPLICATE (two lines for
 * one thing would split it across tiers), NOT_REPRESENTABLE, OUT_OF_RANGE.
 */
export function parseAccount(text: string, where: string, registry: Registry): Holdings {
  const file = readFormat(accountSchema, text, { name: 'account', where });
  if (file.venue !== undefined && file.venue !== registry.venue) {
    throw new SolvencyError('MISMATCH', `${where} is an account at another venue than ${registry.venue}.`, {
      details: { where, expected: registry.venue },
    });
  }
  const symbols = symbolsOf(registry);
  const collateral = file.collateral.map(({ asset, amount }, index) => {
    const path = `${where}: collateral[${index}]`;
    return readBalance(assetOf(symbols, asset, `${path}.asset`), amount, path);
  });
  const positions = file.positions.map(({ instrument, size, cost, entryPrice }, index) => {
    const path = `${where}: positions[${index}]`;
    const entry = instrumentOf(symbols, instrument, `${path}.instrument`);
    return entryPrice === undefined
      ? readPosition(entry, size, cost ?? '0', path)
      : readPosition(entry, size, costAt(size, entryPrice, entry, registry, path), path, 'entryPrice x size');
  });
  return {
    collateral: sortUnique(collateral, ({ assetId }) => assetId, `${where}: collateral`).filter(
      ({ amount }) => amount !== 0n,
    ),
    positions: sortUnique(positions, ({ instrumentId }) => instrumentId, `${where}: positions`).filter(
      ({ size }) => size !== 0n,
    ),
  };
}

/** Writes holdings; errors UNKNOWN_ASSET and UNKNOWN_INSTRUMENT for ids outside the registry. */
export function serializeAccount(holdings: Holdings, registry: Registry): string {
  const asset = entryOf(registry, 'asset');
  const instrument = entryOf(registry, 'instrument');
  const fields: Omit<z.infer<typeof accountSchema>, 'format' | 'version'> = {
    venue: registry.venue,
    collateral: holdings.collateral.map((entry) => writeBalance(asset(entry.assetId), entry)),
    positions: holdings.positions.map((entry) => writePosition(instrument(entry.instrumentId), entry)),
  };
  return writeFormat('account', fields);
}

/** size x entry price, exact; only where that is in quote, since another settle asset's price would be needed. */
function costAt(size: string, entryPrice: string, entry: RegistryEntry, registry: Registry, path: string): string {
  const settle = registry.entries.find(({ id }) => id === entry.settleAsset);
  if (settle?.symbol !== registry.quote) {
    throw new SolvencyError(
      'INVALID_INPUT',
      `${path} settles in another asset than the quote ${registry.quote}: give its cost in ${registry.quote} instead of entryPrice.`,
      { details: { where: path } },
    );
  }
  return formatRational(multiply(parseRational(size) ?? ZERO, parseRational(entryPrice) ?? ZERO));
}

function sortUnique<Entry>(entries: readonly Entry[], idOf: (entry: Entry) => number, where: string): readonly Entry[] {
  const seen = new Map<number, number>();
  for (const [index, entry] of entries.entries()) {
    const first = seen.get(idOf(entry));
    if (first !== undefined) {
      throw new SolvencyError(
        'DUPLICATE',
        `${where}[${index}] has the same symbol as ${where}[${first}]. Net them into one line.`,
        { details: { where: `${where}[${index}]` } },
      );
    }
    seen.set(idOf(entry), index);
  }
  return [...entries].sort((a, b) => idOf(a) - idOf(b));
}
