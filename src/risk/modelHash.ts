import { taggedHash } from '../hash/taggedHash.js';
import { textHash } from '../hash/textHash.js';
import { FAMILY, TAGS } from '../protocol/constants.js';
import type { LadderRule, Model } from '../snapshot/snapshot.js';

/** The private model inputs of a circuit, in hash order after the family. */
export interface ModelFields {
  readonly version: bigint;
  readonly claim: bigint;
  readonly tierRule: bigint;
  readonly haircutRule: bigint;
}

const RULE_CODE: Record<LadderRule, bigint> = { marginal: 1n, whole: 2n };

/** A model as field elements. */
export const modelFields = (model: Model): ModelFields => ({
  version: BigInt(model.version),
  claim: textHash(model.claim),
  tierRule: RULE_CODE[model.tiers],
  haircutRule: RULE_CODE[model.haircuts],
});

/** Twin of ModelHash: the family is a constant of the circuit, every flag is hashed. */
export const modelHash = (family: keyof typeof FAMILY, fields: ModelFields): bigint =>
  taggedHash(TAGS.model, [BigInt(FAMILY[family]), fields.version, fields.claim, fields.tierRule, fields.haircutRule]);
