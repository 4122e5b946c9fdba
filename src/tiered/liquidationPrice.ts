import type { PositionSlot } from '../account/positionEntry.js';
import type { Evaluation, PositionEvaluation } from '../margin/evaluate.js';
import { compare, divide, multiply, type Rational, rational, subtract, ZERO } from '../numbers/rational.js';
import { RATE_SCALE } from '../protocol/constants.js';
import type { RiskTable } from '../risk/riskTable.js';
import type { InstrumentParameters, TieredSnapshot } from '../snapshot/snapshot.js';
import { marginOf } from './tieredFigures.js';

/**
 * The mark at which the account's weighted equity meets its requirement if only this instrument's mark moves, in the
 * instrument's price units; null where no positive mark does. Per tier the equation is linear:
 *   weightedEquity + side x q x (p - mark) = requirement of the others + rate x q x p - deduction,
 * solved where the notional q x p lies in the tier. Equality is still solvent. Models that are not tiered have none.
 */
export function liquidationPrice(evaluation: Evaluation, table: RiskTable, instrumentId: number): Rational | null {
  const position = evaluation.positions.find((candidate) => candidate.instrumentId === instrumentId);
  const parameters = tieredInstrument(table, instrumentId);
  if (position === undefined || parameters === undefined) return null;
  const own = marginOf(slotOf(position), instrumentId, table).requirement;
  const solutions = pieces(parameters).flatMap(({ floor, cap, rate, deduction }) => {
    const size = rational(position.size);
    const magnitude = rational(position.size < 0n ? -position.size : position.size);
    // equity and requirements without what depends on p, all in 1e-22 quote
    const rest = rational(
      evaluation.weightedEquity - RATE_SCALE * position.notional - (evaluation.requirement - own) + deduction,
    );
    const slope = subtract(multiply(magnitude, rational(rate)), multiply(size, rational(RATE_SCALE)));
    if (slope.num === 0n) return [];
    const price = divide(rest, slope);
    const notional = multiply(magnitude, price);
    const inside = compare(notional, floor) > 0 && (cap === null || compare(notional, cap) <= 0);
    return inside ? [price] : [];
  });
  // with jumps between tiers there can be several; the one nearest to the mark is met first
  const distance = (price: Rational): Rational => {
    const difference = subtract(price, rational(parameters.price));
    return difference.num < 0n ? { num: -difference.num, den: difference.den } : difference;
  };
  return solutions.reduce<Rational | null>(
    (nearest, price) => (nearest === null || compare(distance(price), distance(nearest)) < 0 ? price : nearest),
    null,
  );
}

function pieces({ tiers }: InstrumentParameters) {
  let floor = ZERO;
  return tiers.map(({ notionalCap, rate, deduction }) => {
    const cap = notionalCap === null ? null : rational(notionalCap);
    const piece = { floor, cap, rate, deduction };
    floor = cap ?? floor;
    return piece;
  });
}

function tieredInstrument({ snapshot }: RiskTable, instrumentId: number): InstrumentParameters | undefined {
  if (snapshot.model.family !== 'tiered') return undefined;
  return (snapshot as TieredSnapshot).instruments.find((candidate) => candidate.instrumentId === instrumentId);
}

const slotOf = ({ size }: PositionEvaluation): PositionSlot => ({
  gap: 0n,
  sizeSign: size < 0n ? 1n : 0n,
  size: size < 0n ? -size : size,
  costSign: 0n,
  cost: 0n,
});
