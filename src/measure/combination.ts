import { taggedHash } from '../hash/taggedHash.js';
import { maximum } from '../numbers/maximum.js';
import { ranged } from '../numbers/ranged.js';
import { TAGS, WIDTHS } from '../protocol/constants.js';
import type { HybridModel } from '../snapshot/snapshot.js';

/** How a hybrid combines its measures; weights in parts per million. */
export interface Combination {
  readonly isMaximum: bigint;
  /** charges, Greeks, parametric, tail, stress */
  readonly weight: readonly bigint[];
  readonly added: bigint;
}

export const combinationElements = ({ isMaximum, weight, added }: Combination): readonly bigint[] => [
  isMaximum,
  ...weight,
  added,
];

/** Twin of CombinationHash. */
export const combinationHash = (combination: Combination): bigint =>
  taggedHash(TAGS.combination, combinationElements(combination));

export const combinationOf = ({ rule, weights, added }: HybridModel): Combination => ({
  isMaximum: rule === 'maximum' ? 1n : 0n,
  weight: [weights.charges, weights.greeks, weights.parametric, weights.tail, weights.stress],
  added,
});

/** Twin of Combine: measures in 1e-21 quote, in the order of the weights; the requirement in 1e-27. */
export function combine({ isMaximum, weight, added }: Combination, measure: readonly bigint[]): bigint {
  const weighted = weight.map((each, i) => each * (measure[i] as bigint));
  const largest = maximum([0n, ...weighted]);
  ranged(WIDTHS.measure.requirement, largest);
  for (const each of weighted) ranged(WIDTHS.measure.requirement, largest - each);
  const sum = weighted.reduce((all, each) => all + each, 0n);
  return sum + isMaximum * (largest - sum) + added * (measure[0] as bigint);
}
