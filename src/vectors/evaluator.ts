import type { Holdings } from '../account/account.js';
import type { Rational } from '../numbers/rational.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { JsonObject } from './json.js';

/** A case as an evaluator sees it. `expected` is not part of the type: no evaluator can read the answer. */
export interface CaseInputs {
  readonly id: string;
  readonly model: string;
  /** the case without its expected figures, those derived from it, its source and its prose */
  readonly fields: JsonObject;
  /** fields that stand under `expected` but ask rather than answer, as named by `asks` */
  readonly asked: JsonObject;
}

/** A number, a flag, or null where the venue states that there is none. */
export type Figure = Rational | boolean | null;

/** A figure, or a list or table of figures as the files nest them. */
export type Figures = Figure | readonly Figures[] | { readonly [name: string]: Figures };

export interface Evaluation {
  /** every figure the model can tell, under the name that the files use */
  readonly figures: ReadonlyMap<string, Figures>;
  /** what a reader should know when the figure of that name does not match */
  readonly remarks?: ReadonlyMap<string, string>;
}

/** What a margin circuit is asked about one case. */
export interface CaseStatement {
  readonly claim: 'maintenance' | 'initial';
  /** of this claim; its family says which circuit is asked */
  readonly snapshot: Snapshot;
  readonly holdings: Holdings;
}

/** A statement with what the reference model says of it, in quote units of the case. */
export interface JudgedStatement {
  readonly statement: CaseStatement;
  /** equity minus requirement: the statement holds when it is not negative */
  readonly slack: Rational;
  readonly requirement: Rational;
  /** figures that were rounded against the prover to fit the account's units */
  readonly rounded: readonly string[];
  /** whether the statement is about the account as the case states it, so that the case's own verdict applies */
  readonly asStated: boolean;
}

/** Why one claim of a case is not put to a circuit. */
export interface LeftOut {
  readonly skipped: string;
}

/**
 * One model of the vector files. Both functions throw SolvencyError INVALID_INPUT or NOT_REPRESENTABLE, with the reason
 * for a reader, when the case is outside of what they support; it is then listed as skipped.
 */
export interface Evaluator {
  /** names of the expected fields that are part of the question */
  readonly asks: (fields: JsonObject) => readonly string[];
  readonly evaluate: (inputs: CaseInputs) => Evaluation;
  readonly statements: (inputs: CaseInputs) => readonly (JudgedStatement | LeftOut)[];
}
