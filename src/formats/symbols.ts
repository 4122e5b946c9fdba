import { SolvencyError } from '../errors.js';
import type { Registry, RegistryEntry } from '../snapshot/registry.js';

/** The entries of a registry by symbol, assets and instruments apart. */
export interface Symbols {
  readonly assets: ReadonlyMap<string, RegistryEntry>;
  readonly instruments: ReadonlyMap<string, RegistryEntry>;
}

export function symbolsOf(registry: Registry): Symbols {
  const bySymbol = (entries: readonly RegistryEntry[]) => new Map(entries.map((entry) => [entry.symbol, entry]));
  return {
    assets: bySymbol(registry.entries.filter((entry) => entry.kind === 'asset')),
    instruments: bySymbol(registry.entries.filter((entry) => entry.kind !== 'asset')),
  };
}

/**
 * The asset of that symbol. `where` is the path in the file. What somebody holds is private, so the symbol stands in
 * `ownerOnly` alone. Error: UNKNOWN_ASSET.
 */
export function assetOf(symbols: Symbols, symbol: string, where: string): RegistryEntry {
  const entry = symbols.assets.get(symbol);
  if (entry !== undefined) return entry;
  throw new SolvencyError('UNKNOWN_ASSET', `${where} is not the symbol of an asset of the venue's registry.`, {
    details: { where },
    ownerOnly: { symbol },
  });
}

/** The instrument of that symbol, as above. Error: UNKNOWN_INSTRUMENT. */
export function instrumentOf(symbols: Symbols, symbol: string, where: string): RegistryEntry {
  const entry = symbols.instruments.get(symbol);
  if (entry !== undefined) return entry;
  throw new SolvencyError(
    'UNKNOWN_INSTRUMENT',
    `${where} is not the symbol of an instrument of the venue's registry.`,
    {
      details: { where },
      ownerOnly: { symbol },
    },
  );
}

/** The entry of an id, for writing a file. Errors: UNKNOWN_ASSET, UNKNOWN_INSTRUMENT. */
export function entryOf(registry: Registry, kind: 'asset' | 'instrument'): (id: number) => RegistryEntry {
  const entries = new Map(
    registry.entries
      .filter((entry) => (entry.kind === 'asset') === (kind === 'asset'))
      .map((entry) => [entry.id, entry]),
  );
  return (id) => {
    const entry = entries.get(id);
    if (entry !== undefined) return entry;
    throw new SolvencyError(
      kind === 'asset' ? 'UNKNOWN_ASSET' : 'UNKNOWN_INSTRUMENT',
      `An ${kind} to be written is not in the venue's registry.`,
      { ownerOnly: { id } },
    );
  };
}
