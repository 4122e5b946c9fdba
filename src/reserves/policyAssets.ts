import { SolvencyError } from '../errors.js';
import { symbolsOf } from '../formats/symbols.js';
import type { Registry, RegistryEntry } from '../snapshot/registry.js';
import type { Policy } from './policy.js';

/**
 * The assets of the venue's registry by symbol, after a check that the policy is for this venue and names no others: a
 * symbol with a typing error would leave a token of the venue's own making countable, or a price unpinned. Errors:
 * EXPECTATION_NOT_MET for another venue, UNKNOWN_ASSET naming the symbol and its place in the policy.
 */
export function policyAssets(policy: Policy, registry: Registry): ReadonlyMap<string, RegistryEntry> {
  if (policy.venue !== registry.venue) {
    throw new SolvencyError(
      'EXPECTATION_NOT_MET',
      `The policy is for ${policy.venue}, and the registry is of ${registry.venue}.`,
      { details: { expectation: 'venue', expected: policy.venue, found: registry.venue } },
    );
  }
  const { assets } = symbolsOf(registry);
  const places: readonly (readonly [where: string, symbols: Iterable<string>])[] = [
    ['tokens', policy.tokens.map(({ asset }) => asset)],
    ['haircuts', policy.haircuts.keys()],
    ['issuedByVenue', policy.issuedByVenue],
    ['marks.prices', policy.marks.prices.keys()],
  ];
  for (const [where, symbols] of places) {
    for (const symbol of symbols) {
      if (assets.has(symbol)) continue;
      throw new SolvencyError(
        'UNKNOWN_ASSET',
        `The policy's ${where} name ${JSON.stringify(symbol)}, which is no asset of version ${registry.version} of the registry of ${registry.venue}. Write the symbol as the registry has it.`,
        { details: { where, symbol } },
      );
    }
  }
  return assets;
}
