import { SolvencyError } from '../errors.js';
import { BITS, VALUE_DECIMALS } from '../protocol/constants.js';
import { ENTRY_KINDS, type Registry, type RegistryEntry } from './registry.js';

/**
 * A name: 1 to 64 characters with no space at either end. No control or format characters and no lone surrogates:
 * those are invisible, so two symbols could look the same, and the last cannot be hashed as UTF-8.
 */
export const NAME = /^(?!\s)(?!.*\s$)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,64}$/u;

/** Throws INVALID_SNAPSHOT: `where` names the place, `rule` what must hold there. */
export function violation(where: string, rule: string): never {
  throw new SolvencyError('INVALID_SNAPSHOT', `Invalid risk parameters: ${where}: ${rule}.`, {
    details: { where, rule },
  });
}

/** Checks a list of names of one kind of thing: each is a NAME and listed once. */
export function requireNames(names: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (!NAME.test(name)) violation(`${what} ${name.slice(0, 40)}`, 'its name must be 1 to 64 visible characters');
    if (seen.has(name)) violation(`${what} ${name}`, 'it must not be listed twice');
    seen.add(name);
  }
}

/** Checks that every id of a registry means one thing. Errors: INVALID_SNAPSHOT with `where` and `rule`. */
export function validateRegistry(registry: Registry): void {
  if (!NAME.test(registry.venue)) violation('registry', 'the venue must be a name of 1 to 64 visible characters');
  if (!NAME.test(registry.quote)) violation('registry', 'the quote must be a name of 1 to 64 visible characters');
  if (!Number.isSafeInteger(registry.version) || registry.version < 1) {
    violation('registry', 'the version must be a whole number from 1');
  }
  const byId = new Map<number, RegistryEntry>();
  const bySymbol = new Map<string, RegistryEntry>();
  for (const [index, entry] of registry.entries.entries()) {
    const where = `registry entry ${index} (${JSON.stringify(entry.symbol)})`;
    if (!NAME.test(entry.symbol)) violation(where, 'the symbol must be a name of 1 to 64 visible characters');
    if (!Number.isInteger(entry.id) || entry.id < 1 || entry.id >= 2 ** BITS.id) {
      violation(where, 'the id must be a whole number from 1 to 2^32 - 1');
    }
    if (byId.has(entry.id)) violation(where, `id ${entry.id} is already that of ${byId.get(entry.id)?.symbol}`);
    if (bySymbol.has(entry.symbol))
      violation(where, `the symbol is already that of id ${bySymbol.get(entry.symbol)?.id}`);
    if (!ENTRY_KINDS.includes(entry.kind)) violation(where, `the kind must be one of ${ENTRY_KINDS.join(', ')}`);
    if (!Number.isInteger(entry.amountDecimals) || entry.amountDecimals < 0 || entry.amountDecimals > VALUE_DECIMALS) {
      violation(where, `amountDecimals must be a whole number from 0 to ${VALUE_DECIMALS}`);
    }
    byId.set(entry.id, entry);
    bySymbol.set(entry.symbol, entry);
  }
  for (const [index, entry] of registry.entries.entries()) {
    const where = `registry entry ${index} (${JSON.stringify(entry.symbol)})`;
    if (entry.kind === 'asset') {
      if (entry.settleAsset !== undefined) violation(where, 'an asset has no settle asset');
    } else if (entry.settleAsset === undefined || byId.get(entry.settleAsset)?.kind !== 'asset') {
      violation(where, 'the settle asset must be the id of an asset of the registry');
    }
  }
}
