import type { RegistryEntry } from '../registry.js';
import type { AssetParameters, Snapshot } from '../snapshot.js';
import type { Figure } from './figure.js';

export type SubjectKind = 'model' | 'asset' | 'underlying' | 'expiry' | 'instrument';

/** Something that a snapshot has figures of. */
export interface Subject {
  readonly kind: SubjectKind;
  /** the symbol of an asset or instrument; unique within its kind */
  readonly name: string;
  /** of its rows in the table; null of the model, which has none */
  readonly id: number | null;
  readonly figures: readonly Figure[];
  /** its ladder as sentences */
  readonly notes: readonly string[];
  /** the expiry and underlying whose figures hold for it too */
  readonly within: readonly { readonly kind: SubjectKind; readonly name: string }[];
}

/** What a family says of one thing, without its name. */
export type SubjectWords = Pick<Subject, 'figures' | 'notes' | 'within'>;

/** What the figures of a family mean. */
export interface FamilyWords<S extends Snapshot> {
  /** how the requirement follows from the figures, in sentences */
  readonly rule: readonly string[];
  /** rules and parameters of the model beside family, version, claim and haircuts */
  readonly model: (snapshot: S) => readonly Figure[];
  /** of an asset beside price and haircuts */
  readonly asset: (
    asset: S['assets'][number],
    entry: RegistryEntry,
    snapshot: S,
  ) => Pick<SubjectWords, 'figures' | 'within'>;
  /** underlyings and expiries */
  readonly groups: (snapshot: S) => readonly Subject[];
  readonly instrument: (instrument: S['instruments'][number], entry: RegistryEntry, snapshot: S) => SubjectWords;
}

/** Of families whose assets have price and haircuts alone. */
export const plainAsset = (_: AssetParameters): Pick<SubjectWords, 'figures' | 'within'> => ({
  figures: [],
  within: [],
});
export const noGroups = (): readonly Subject[] => [];
