import { z } from 'zod';
import { SolvencyError } from '../errors.js';
import { formatRational, parseRational, type Rational, ZERO } from '../numbers/rational.js';
import type { Prices } from '../snapshot/parameters.js';
import type { Registry } from '../snapshot/registry.js';
import { nameText, seconds, unsignedText } from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';
import { assetOf, entryOf, instrumentOf, symbolsOf } from './symbols.js';

export const pricesSchema = fileSchema('prices', {
  venue: nameText,
  time: seconds,
  assets: z.array(z.strictObject({ asset: nameText, price: unsignedText })),
  instruments: z.array(z.strictObject({ instrument: nameText, mark: unsignedText })),
});

/**
 * Reads `zk-solvency/prices`: per asset in quote units, per instrument in units of its settle asset, at one time.
 * Errors: those of readFormat, MISMATCH for another venue's prices, UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, DUPLICATE.
 */
export function parsePrices(text: string, where: string, registry: Registry): Prices {
  const file = readFormat(pricesSchema, text, { name: 'prices', where });
  if (file.venue !== registry.venue) {
    throw new SolvencyError(
      'MISMATCH',
      `${where} holds prices of ${file.venue}, and those of ${registry.venue} are needed.`,
      {
        details: { where, found: file.venue, expected: registry.venue },
      },
    );
  }
  const symbols = symbolsOf(registry);
  return {
    time: file.time,
    assets: uniqueMap(file.assets, `${where}: assets`, ({ asset, price }, path) => [
      assetOf(symbols, asset, `${path}.asset`).id,
      exact(price),
    ]),
    instruments: uniqueMap(file.instruments, `${where}: instruments`, ({ instrument, mark }, path) => [
      instrumentOf(symbols, instrument, `${path}.instrument`).id,
      exact(mark),
    ]),
  };
}

/** Writes prices; errors UNKNOWN_ASSET and UNKNOWN_INSTRUMENT, NOT_REPRESENTABLE for a price that is no finite decimal. */
export function serializePrices(prices: Prices, registry: Registry): string {
  const asset = entryOf(registry, 'asset');
  const instrument = entryOf(registry, 'instrument');
  const fields: Omit<z.infer<typeof pricesSchema>, 'format' | 'version'> = {
    venue: registry.venue,
    time: prices.time,
    assets: [...prices.assets].map(([id, price]) => {
      const { symbol } = asset(id);
      return { asset: symbol, price: decimal(price, symbol) };
    }),
    instruments: [...prices.instruments].map(([id, price]) => {
      const { symbol } = instrument(id);
      return { instrument: symbol, mark: decimal(price, symbol) };
    }),
  };
  return writeFormat('prices', fields);
}

/** Two prices of one thing are an error: which of them counts must not depend on the reader. */
function uniqueMap<Item>(
  items: readonly Item[],
  where: string,
  read: (item: Item, path: string) => readonly [number, Rational],
): ReadonlyMap<number, Rational> {
  const map = new Map<number, Rational>();
  for (const [index, item] of items.entries()) {
    const [id, price] = read(item, `${where}[${index}]`);
    if (map.has(id)) {
      throw new SolvencyError('DUPLICATE', `${where}[${index}] gives a second price for the same symbol. Leave one.`, {
        details: { where: `${where}[${index}]` },
      });
    }
    map.set(id, price);
  }
  return map;
}

/** The schema has let nothing else pass. */
const exact = (text: string): Rational => parseRational(text) ?? ZERO;

function decimal(price: Rational, symbol: string): string {
  const text = formatRational(price);
  if (text.includes('/')) {
    throw new SolvencyError('NOT_REPRESENTABLE', `The price of ${symbol} is no finite decimal: ${text}.`, {
      details: { where: symbol },
    });
  }
  return text;
}
