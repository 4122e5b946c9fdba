import { taggedHash } from '../hash/taggedHash.js';
import { textHash } from '../hash/textHash.js';
import { FAMILY, TAGS } from '../protocol/constants.js';
import type { LadderRule } from '../snapshot/snapshot.js';

/** The private model inputs of a circuit, in hash order after the family. */
export interface ModelFields {
  readonly version: bigint;
  readonly claim: bigint;
  /** the family's own rules and parameters, in the order of its template */
  readonly rules: readonly bigint[];
}

/** A rule of tiers or haircuts as a field element. */
export const RULE_CODE: Record<LadderRule, bigint> = { marginal: 1n, whole: 2n };

/** A model as field elements. */
export const modelFields = (
  model: { readonly version: number; readonly claim: string },
  rules: readonly bigint[],
): ModelFields => ({ version: BigInt(model.version), claim: textHash(model.claim), rules });

/** Twin of ModelHash: the family is a constant of the circuit, every flag is hashed. */
export const modelHash = (family: keyof typeof FAMILY, fields: ModelFields): bigint =>
  taggedHash(TAGS.model, [BigInt(FAMILY[family]), fields.version, fields.claim, ...fields.rules]);
