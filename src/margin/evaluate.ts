import type { Holdings } from '../account/account.js';
import { checkHoldings, collateralSlots, positionSlots } from '../account/slots.js';
import { compare, divide, multiply, type Rational, rational, subtract, ZERO } from '../numbers/rational.js';
import { COST_SCALE, RATE_SCALE } from '../protocol/constants.js';
import { findRow, openRow, type RiskTable } from '../risk/riskTable.js';
import type { InstrumentParameters } from '../snapshot/snapshot.js';
import { collateralValue } from './collateralValue.js';
import { positionMargin } from './positionMargin.js';

/** One position in plain figures. */
export interface PositionEvaluation {
  readonly instrumentId: number;
  /** signed, in units of 10^-amountDecimals */
  readonly size: bigint;
  /** size x mark, signed, 1e-16 quote */
  readonly notional: bigint;
  /** unrealised profit and loss, 1e-16 quote */
  readonly pnl: bigint;
  /** 1e-22 quote */
  readonly requirement: bigint;
}

/** One account under one snapshot, as the circuit will see it. */
export interface Evaluation {
  /** before haircuts, 1e-16 quote */
  readonly equity: bigint;
  /** after haircuts, 1e-22 quote */
  readonly weightedEquity: bigint;
  /** under the snapshot's claim, 1e-22 quote */
  readonly requirement: bigint;
  /** sum of |notional|, 1e-16 quote */
  readonly grossNotional: bigint;
  readonly positions: readonly PositionEvaluation[];
}

/** Evaluates holdings with the twins of the circuit's own templates. Throws what checkHoldings and findRow throw. */
export function evaluate(holdings: Holdings, table: RiskTable): Evaluation {
  checkHoldings(holdings);
  let equity = 0n;
  let weightedEquity = 0n;
  collateralSlots(holdings, holdings.collateral.length).forEach((slot, k) => {
    const { assetId, amount } = holdings.collateral[k] as Holdings['collateral'][number];
    const { row } = openRow(table, findRow(table, 'asset', assetId, amount > 0n ? amount : 0n));
    equity += amount * row.price;
    weightedEquity += collateralValue(1n, slot, row);
  });
  const positions = positionSlots(holdings, holdings.positions.length).map((slot, k): PositionEvaluation => {
    const { instrumentId, size, cost } = holdings.positions[k] as Holdings['positions'][number];
    const { row } = openRow(table, findRow(table, 'instrument', instrumentId, slot.size));
    const { requirement } = positionMargin(1n, slot, row);
    const notional = size * row.price;
    return { instrumentId, size, notional, pnl: notional - COST_SCALE * cost, requirement };
  });
  const pnl = positions.reduce((sum, position) => sum + position.pnl, 0n);
  return {
    equity: equity + pnl,
    weightedEquity: weightedEquity + RATE_SCALE * pnl,
    requirement: positions.reduce((sum, position) => sum + position.requirement, 0n),
    grossNotional: positions.reduce((sum, { notional }) => sum + (notional < 0n ? -notional : notional), 0n),
    positions,
  };
}

/** weightedEquity / requirement; null when nothing is required. */
export const marginRatio = ({ weightedEquity, requirement }: Evaluation): Rational | null =>
  requirement === 0n ? null : rational(weightedEquity, requirement);

/** Gross notional / equity; null when equity is not positive. */
export const leverage = ({ grossNotional, equity }: Evaluation): Rational | null =>
  equity > 0n ? rational(grossNotional, equity) : null;

/**
 * The mark at which the account's weighted equity meets its requirement if only this instrument's mark moves, in the
 * instrument's price units; null where no positive mark does. Per tier the equation is linear:
 *   weightedEquity + side x q x (p - mark) = requirement of the others + rate x q x p - deduction,
 * solved where the notional q x p lies in the tier. Equality is still solvent.
 */
export function liquidationPrice(evaluation: Evaluation, table: RiskTable, instrumentId: number): Rational | null {
  const position = evaluation.positions.find((candidate) => candidate.instrumentId === instrumentId);
  const parameters = table.snapshot.instruments.find((candidate) => candidate.instrumentId === instrumentId);
  if (position === undefined || parameters === undefined) return null;
  const solutions = pieces(parameters).flatMap(({ floor, cap, rate, deduction }) => {
    const size = rational(position.size);
    const magnitude = rational(position.size < 0n ? -position.size : position.size);
    // equity and requirements without what depends on p, all in 1e-22 quote
    const rest = rational(
      evaluation.weightedEquity -
        RATE_SCALE * position.notional -
        (evaluation.requirement - position.requirement) +
        deduction,
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
