import { MODEL_VERSION } from '../../protocol/constants.js';
import type { RegistryEntry } from '../registry.js';
import type { Snapshot } from '../snapshot.js';
import { greeksWords, hybridWords, parametricWords, tailWords } from './families/measured.js';
import { portfolioWords } from './families/portfolio.js';
import { quantizedWords } from './families/quantized.js';
import { standardWords } from './families/standard.js';
import { tieredWords } from './families/tiered.js';
import { weightedWords } from './families/weighted.js';
import { haircutSentences, ladderFigures } from './ladder.js';
import type { FamilyWords, Subject } from './subject.js';
import { perUnit, rule } from './units.js';

type FamilyName = Snapshot['model']['family'];
type Of<Name extends FamilyName> = Extract<Snapshot, { readonly model: { readonly family: Name } }>;

const WORDS: { readonly [Name in FamilyName]: FamilyWords<Of<Name>> } = {
  tiered: tieredWords,
  portfolio: portfolioWords,
  standard: standardWords,
  quantized: quantizedWords,
  weighted: weightedWords,
  greeks: greeksWords,
  parametric: parametricWords,
  tail: tailWords,
  hybrid: hybridWords,
};

/** The family of a snapshot says which of the words it is told in. */
const wordsOf = (snapshot: Snapshot): FamilyWords<Snapshot> =>
  WORDS[snapshot.model.family] as unknown as FamilyWords<Snapshot>;

/** How the requirement of a snapshot's family follows from its figures. */
export const requirementRule = (snapshot: Snapshot): readonly string[] => wordsOf(snapshot).rule;

/** Everything that a valid snapshot has figures of: its model, assets, underlyings and expiries, instruments. */
export function subjectsOf(snapshot: Snapshot): readonly Subject[] {
  const entries = new Map(snapshot.registry.entries.map((entry) => [entry.id, entry]));
  const entryOf = (id: number): RegistryEntry => entries.get(id) as RegistryEntry;
  const words = wordsOf(snapshot);
  return [
    modelSubject(snapshot),
    ...snapshot.assets.map((asset): Subject => {
      const entry = entryOf(asset.assetId);
      const { quote } = snapshot.registry;
      const { figures, within } = words.asset(asset, entry, snapshot);
      return {
        kind: 'asset',
        name: entry.symbol,
        id: entry.id,
        figures: [
          perUnit(quote, entry)('price', asset.price, 'what a unit is worth in equity'),
          ...ladderFigures(asset.ladder, quote),
          ...figures,
        ],
        notes: haircutSentences(asset, snapshot.model.haircuts, quote),
        within,
      };
    }),
    ...words.groups(snapshot),
    ...snapshot.instruments.map((instrument): Subject => {
      const entry = entryOf(instrument.instrumentId);
      return { kind: 'instrument', name: entry.symbol, id: entry.id, ...words.instrument(instrument, entry, snapshot) };
    }),
  ];
}

function modelSubject(snapshot: Snapshot): Subject {
  const { family, version, claim, haircuts } = snapshot.model;
  return {
    kind: 'model',
    name: family,
    id: null,
    figures: [
      rule('family', family, 'whose formula the requirement follows; a constant of its circuits'),
      rule(
        'version',
        String(version),
        `of the family's rules; this software computes version ${MODEL_VERSION[family]}`,
      ),
      rule('claim', claim, 'what a proof under this snapshot shows'),
      rule(
        'haircuts',
        haircuts,
        haircuts === 'marginal'
          ? 'each factor counts for the part of a value inside its step'
          : 'the factor of its step counts for the whole value',
      ),
      ...wordsOf(snapshot).model(snapshot),
    ],
    notes: [],
    within: [],
  };
}
