import { z } from 'zod';
import { ENTRY_KINDS, type Registry } from '../snapshot/registry.js';
import { validateRegistry } from '../snapshot/validateRegistry.js';
import { amountDecimals, entryId, nameText, versionNumber } from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';

/** A registry as it stands inside other files. */
export const registryFields = z.strictObject({
  venue: nameText,
  version: versionNumber,
  quote: nameText,
  entries: z.array(
    z.strictObject({
      id: entryId,
      symbol: nameText,
      kind: z.enum(ENTRY_KINDS, `must be one of ${ENTRY_KINDS.join(', ')}`),
      settleAsset: entryId.optional(),
      amountDecimals,
    }),
  ),
});

export const registrySchema = fileSchema('registry', { registry: registryFields });

/** The registry of the fields, validated. Errors: INVALID_SNAPSHOT. */
export function registryFromFields(fields: z.infer<typeof registryFields>): Registry {
  const registry: Registry = {
    ...fields,
    entries: fields.entries.map(({ settleAsset, ...entry }) =>
      settleAsset === undefined ? entry : { ...entry, settleAsset },
    ),
  };
  validateRegistry(registry);
  return registry;
}

/** The fields in the order in which they are written. */
export function registryToFields(registry: Registry): z.infer<typeof registryFields> {
  return {
    venue: registry.venue,
    version: registry.version,
    quote: registry.quote,
    entries: registry.entries.map(({ id, symbol, kind, settleAsset, amountDecimals }) => ({
      id,
      symbol,
      kind,
      ...(settleAsset === undefined ? {} : { settleAsset }),
      amountDecimals,
    })),
  };
}

/** Reads `zk-solvency/registry`. Errors: those of readFormat, INVALID_SNAPSHOT for a registry that contradicts itself. */
export function parseRegistry(text: string, where: string): Registry {
  return registryFromFields(readFormat(registrySchema, text, { name: 'registry', where }).registry);
}

export const serializeRegistry = (registry: Registry): string =>
  writeFormat('registry', { registry: registryToFields(registry) });
