import { taggedHash } from '../hash/taggedHash.js';
import { textHash } from '../hash/textHash.js';
import { TAGS } from '../protocol/constants.js';

/** Kinds of a registry entry, in the order of their codes (the code is the index + 1). */
export const ENTRY_KINDS = ['asset', 'perpetual', 'future', 'option'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface RegistryEntry {
  /** below 2^32, unique over assets and instruments together, never reused */
  readonly id: number;
  readonly symbol: string;
  readonly kind: EntryKind;
  /** id of the asset that an instrument settles in; an asset has none */
  readonly settleAsset?: number;
  readonly amountDecimals: number;
}

/** A venue's append-only list of ids. Entries stay in the order in which they were added. */
export interface Registry {
  readonly venue: string;
  readonly version: number;
  /** symbol of the quote unit in which prices, costs and margins are counted */
  readonly quote: string;
  readonly entries: readonly RegistryEntry[];
}

/** The venue's id as a field element. */
export const venueId = (registry: Registry): bigint => textHash(registry.venue);

/**
 * Hash of a registry: a chain over the entries in order, so that an appended list extends the chain, sealed with the
 * venue, the quote and the version.
 */
export function registryHash(registry: Registry): bigint {
  const chain = registry.entries.reduce(
    (previous, entry) =>
      taggedHash(TAGS.registryEntry, [
        previous,
        BigInt(entry.id),
        textHash(entry.symbol),
        BigInt(ENTRY_KINDS.indexOf(entry.kind) + 1),
        BigInt(entry.settleAsset ?? 0),
        BigInt(entry.amountDecimals),
      ]),
    0n,
  );
  return taggedHash(TAGS.registry, [venueId(registry), textHash(registry.quote), BigInt(registry.version), chain]);
}
