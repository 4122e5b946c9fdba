import { z } from 'zod';
import type { Snapshot } from '../snapshot/snapshot.js';
import { validateSnapshot } from '../snapshot/validate.js';
import {
  greeksSnapshotFromFields,
  greeksSnapshotSchema,
  hybridSnapshotFromFields,
  hybridSnapshotSchema,
  measuredSnapshotToFields,
  parametricSnapshotFromFields,
  parametricSnapshotSchema,
  tailSnapshotFromFields,
  tailSnapshotSchema,
} from './measuredSnapshot.js';
import {
  portfolioSnapshotFromFields,
  portfolioSnapshotSchema,
  portfolioSnapshotToFields,
} from './portfolioSnapshot.js';
import {
  quantizedSnapshotFromFields,
  quantizedSnapshotSchema,
  quantizedSnapshotToFields,
} from './quantizedSnapshot.js';
import { openFormat, writeFormat } from './readFormat.js';
import { standardSnapshotFromFields, standardSnapshotSchema, standardSnapshotToFields } from './standardSnapshot.js';
import { tieredSnapshotFromFields, tieredSnapshotSchema, tieredSnapshotToFields } from './tieredSnapshot.js';
import { weightedSnapshotFromFields, weightedSnapshotSchema, weightedSnapshotToFields } from './weightedSnapshot.js';

type Family = Snapshot['model']['family'];
type Of<Name extends Family> = Extract<Snapshot, { readonly model: { readonly family: Name } }>;

/** How the snapshots of a model family are written: each family has figures of its own. */
interface FamilyFormat<S extends Snapshot, Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly read: (fields: z.infer<Schema>, where: string) => S;
  readonly write: (snapshot: S) => object;
}

const family = <Name extends Family, Schema extends z.ZodType>(
  format: FamilyFormat<Of<Name>, Schema>,
): FamilyFormat<Snapshot, z.ZodType> => format as unknown as FamilyFormat<Snapshot, z.ZodType>;

const FORMATS: { readonly [Name in Family]: FamilyFormat<Snapshot, z.ZodType> } = {
  tiered: family<'tiered', typeof tieredSnapshotSchema>({
    schema: tieredSnapshotSchema,
    read: tieredSnapshotFromFields,
    write: tieredSnapshotToFields,
  }),
  portfolio: family<'portfolio', typeof portfolioSnapshotSchema>({
    schema: portfolioSnapshotSchema,
    read: portfolioSnapshotFromFields,
    write: portfolioSnapshotToFields,
  }),
  standard: family<'standard', typeof standardSnapshotSchema>({
    schema: standardSnapshotSchema,
    read: standardSnapshotFromFields,
    write: standardSnapshotToFields,
  }),
  quantized: family<'quantized', typeof quantizedSnapshotSchema>({
    schema: quantizedSnapshotSchema,
    read: quantizedSnapshotFromFields,
    write: quantizedSnapshotToFields,
  }),
  weighted: family<'weighted', typeof weightedSnapshotSchema>({
    schema: weightedSnapshotSchema,
    read: weightedSnapshotFromFields,
    write: weightedSnapshotToFields,
  }),
  greeks: family<'greeks', typeof greeksSnapshotSchema>({
    schema: greeksSnapshotSchema,
    read: greeksSnapshotFromFields,
    write: measuredSnapshotToFields,
  }),
  parametric: family<'parametric', typeof parametricSnapshotSchema>({
    schema: parametricSnapshotSchema,
    read: parametricSnapshotFromFields,
    write: measuredSnapshotToFields,
  }),
  tail: family<'tail', typeof tailSnapshotSchema>({
    schema: tailSnapshotSchema,
    read: tailSnapshotFromFields,
    write: measuredSnapshotToFields,
  }),
  hybrid: family<'hybrid', typeof hybridSnapshotSchema>({
    schema: hybridSnapshotSchema,
    read: hybridSnapshotFromFields,
    write: measuredSnapshotToFields,
  }),
};

const FAMILIES = Object.keys(FORMATS) as Family[];

export const snapshotSchema = z.union(FAMILIES.map((name) => FORMATS[name].schema));

/** Only the family: which of the schemas a file has to meet. */
const familySchema = z.looseObject({
  model: z.looseObject({ family: z.enum(FAMILIES, `must be one of ${FAMILIES.join(', ')}`) }),
});

/**
 * Reads `zk-solvency/snapshot`, all of whose figures are decimals in quote units, exactly, and validates it.
 * Errors: those of readFormat, NOT_REPRESENTABLE, UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, INVALID_SNAPSHOT.
 */
export function parseSnapshot(text: string, where: string): Snapshot {
  const check = openFormat(text, { name: 'snapshot', where });
  const { schema, read } = FORMATS[check(familySchema).model.family];
  const snapshot = read(check(schema), where);
  validateSnapshot(snapshot);
  return snapshot;
}

/** The one text of a snapshot: shortest decimals, fields in a fixed order. Errors: UNKNOWN_ASSET, UNKNOWN_INSTRUMENT. */
export const serializeSnapshot = (snapshot: Snapshot): string =>
  writeFormat('snapshot', FORMATS[snapshot.model.family].write(snapshot));
