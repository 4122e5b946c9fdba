/**
 * Sums over the options of one expiry and the contingencies on them, as in derivexyz/v2-core (commit 7736900d),
 * src/risk-managers/PMRMLib.sol and PMRMLib_2.sol.
 */
import {
  absolute,
  add,
  compare,
  multiply,
  negate,
  ONE,
  type Rational,
  rational,
  subtract,
  sum,
  ZERO,
} from '../../../numbers/rational.js';
import { yearsOf } from '../../../pricing/black76.js';
import { smaller } from './extremes.js';
import type { OptionValues } from './scenario.js';

/** A position of one expiry with what a unit of it is worth. */
export interface ValuedOption {
  readonly strike: Rational;
  /** signed */
  readonly amount: Rational;
  readonly values: OptionValues<Rational>;
}

/** Value of all options of an expiry, each valued by `pick`. */
export const totalValue = (
  options: readonly ValuedOption[],
  pick: (values: OptionValues<Rational>) => Rational,
): Rational => sum(options.map(({ amount, values }) => multiply(amount, pick(values))));

export const grossAmount = (options: readonly { readonly amount: Rational }[]): Rational =>
  sum(options.map(({ amount }) => absolute(amount)));

/**
 * Shorts that no long of the same strike covers, calls and puts taken together: max(0, -(call + put)) per strike. The
 * source's loop over pairs comes to the same, since an account holds at most one call and one put of a strike.
 */
export function nakedShorts(options: readonly { readonly strike: Rational; readonly amount: Rational }[]): Rational {
  const perStrike = new Map<string, Rational>();
  for (const { strike, amount } of options) {
    const key = `${strike.num}/${strike.den}`;
    perStrike.set(key, add(perStrike.get(key) ?? ZERO, amount));
  }
  return sum([...perStrike.values()].map((net) => (net.num < 0n ? negate(net) : ZERO)));
}

export interface BasisFactor {
  readonly add: Rational;
  /** per year to expiry */
  readonly multiple: Rational;
}

export const basisFactorOf = (factor: BasisFactor, seconds: bigint): Rational =>
  add(factor.add, multiply(factor.multiple, yearsOf(rational(seconds))));

/** The loss of an expiry when the forward's basis moves against it, never positive. */
export function basisContingency(options: readonly ValuedOption[], factor: Rational): Rational {
  const mark = totalValue(options, (values) => values.mark);
  const [up, down] = [
    totalValue(options, (values) => values.basisUp),
    totalValue(options, (values) => values.basisDown),
  ];
  const loss = smaller(smaller(subtract(up, mark), subtract(down, mark)), ZERO);
  return multiply(loss, factor);
}

export interface ConfidenceParameters {
  readonly threshold: Rational;
  readonly margin: Rational;
}

/** The part of a notional that is asked for when its feeds are not sure of themselves: nothing from the threshold on. */
export const confidenceRate = (confidence: Rational, { threshold, margin }: ConfidenceParameters): Rational =>
  compare(confidence, threshold) < 0 ? multiply(subtract(ONE, confidence), margin) : ZERO;
