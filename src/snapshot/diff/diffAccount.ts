import type { Holdings } from '../../account/account.js';
import { SolvencyError } from '../../errors.js';
import { type Evaluation, evaluate, marginRatio } from '../../margin/evaluate.js';
import { divide, multiply, type Rational, rational, subtract, sum, ZERO } from '../../numbers/rational.js';
import { VALUE_DECIMALS } from '../../protocol/constants.js';
import type { RiskTable } from '../../risk/riskTable.js';
import type { RegistryEntry } from '../registry.js';
import { diffSnapshots } from './diffSnapshots.js';

/** One account under one of the two snapshots, in quote. */
export interface Standing {
  readonly equity: Rational;
  readonly weightedEquity: Rational;
  readonly requirement: Rational;
  /** weightedEquity / requirement; null when nothing is required */
  readonly ratio: Rational | null;
}

/** What one balance or position adds to the change, in quote. */
export interface Contribution {
  readonly symbol: string;
  /** amount x change of the price; size x change of the mark, less the funding that it paid */
  readonly equity: Rational;
  /** the same after haircuts */
  readonly weightedEquity: Rational;
  /** of the requirement on its own, at the former share of its notional: what the mark alone makes it */
  readonly requirementFromMark: Rational;
  /** the rest of what it requires on its own more than before: rates, charges, values in scenarios */
  readonly requirementFromRates: Rational;
}

export interface AccountDiff {
  readonly before: Standing;
  readonly after: Standing;
  readonly contributions: readonly Contribution[];
  /** of the change of the requirement, what no balance or position shows on its own: how they net */
  readonly netting: Rational;
  /** the same of weighted equity: what is rounded once for the whole account */
  readonly weightedRest: Rational;
}

/**
 * How an account's figures differ under two snapshots, and which balance and position that comes from. Contributions to
 * equity add up to its change exactly; each is also evaluated alone, and what its requirements do not add up to is netting.
 * Private: for the owner. Errors: those of evaluate and diffSnapshots; MISMATCH when an id means another thing after.
 */
export function diffAccount(holdings: Holdings, before: RiskTable, after: RiskTable): AccountDiff {
  if (diffSnapshots(before, after).registry.broken.length > 0) {
    throw new SolvencyError(
      'MISMATCH',
      'The later registry leaves out or changes entries of the former, so an id means two things: no account can be compared under both.',
    );
  }
  const entries = new Map(after.snapshot.registry.entries.map((entry) => [entry.id, entry]));
  const symbolOf = (id: number): string => (entries.get(id) as RegistryEntry).symbol;
  const alone: readonly (readonly [string, Holdings])[] = [
    ...holdings.collateral.map((entry) => [symbolOf(entry.assetId), { collateral: [entry], positions: [] }] as const),
    ...holdings.positions.map(
      (entry) => [symbolOf(entry.instrumentId), { collateral: [], positions: [entry] }] as const,
    ),
  ];
  const contributions = alone.map(([symbol, one]) => contribution(symbol, evaluate(one, before), evaluate(one, after)));
  const [from, to] = [standing(evaluate(holdings, before)), standing(evaluate(holdings, after))];
  const required = contributions.map(({ requirementFromMark: mark, requirementFromRates: rates }) =>
    sum([mark, rates]),
  );
  return {
    before: from,
    after: to,
    contributions,
    netting: subtract(subtract(to.requirement, from.requirement), sum(required)),
    weightedRest: subtract(
      subtract(to.weightedEquity, from.weightedEquity),
      sum(contributions.map(({ weightedEquity }) => weightedEquity)),
    ),
  };
}

const scaled = (value: bigint, decimals: number): Rational => rational(value, 10n ** BigInt(decimals));

const standing = (evaluation: Evaluation): Standing => ({
  equity: scaled(evaluation.equity, VALUE_DECIMALS),
  weightedEquity: scaled(evaluation.weightedEquity, evaluation.decimals),
  requirement: scaled(evaluation.requirement, evaluation.decimals),
  ratio: marginRatio(evaluation),
});

function contribution(symbol: string, before: Evaluation, after: Evaluation): Contribution {
  const [from, to] = [standing(before), standing(after)];
  const [notional, later] = [before, after].map(({ grossNotional }) => scaled(grossNotional, VALUE_DECIMALS)) as [
    Rational,
    Rational,
  ];
  // without a notional, as of collateral or of an option worth nothing, a mark has no share in what is required
  const fromMark = notional.num === 0n ? ZERO : multiply(divide(from.requirement, notional), subtract(later, notional));
  return {
    symbol,
    equity: subtract(to.equity, from.equity),
    weightedEquity: subtract(to.weightedEquity, from.weightedEquity),
    requirementFromMark: fromMark,
    requirementFromRates: subtract(subtract(to.requirement, from.requirement), fromMark),
  };
}
