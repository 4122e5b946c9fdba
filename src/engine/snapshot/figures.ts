/** Passage from market figures to the integers of a snapshot, with what each rounding is worth. */
import { SolvencyError } from '../../errors.js';
import { add, multiply, type Rational, rational, ZERO } from '../../numbers/rational.js';
import type { Approximation } from '../../pricing/approximation.js';
import { FINE_SCALE } from '../../protocol/constants.js';
import { larger, nearest, scaled, startRounding } from '../../snapshot/rounding.js';
import type { Rounding } from '../../snapshot/snapshot.js';
import { fractionOf } from '../numerics/doubles.js';

const HALF = rational(1n, 2n);

export const largest = (values: readonly Rational[]): Rational => values.reduce(larger, ZERO);

/** A double in lowest terms. */
export function exactDouble(value: number): Rational {
  const { num, den } = fractionOf(value);
  return rational(num, den);
}

/** A double in 1e-9, nearest: moves and changes of volatility are these integers from then on. */
export const fineOf = (value: number): bigint => nearest(multiply(exactDouble(value), rational(FINE_SCALE)));
export const fromFine = (value: bigint): Rational => rational(value, FINE_SCALE);

/** Whole units, and the most by which one of them is off: half a unit and what was not known of it. */
export interface RoundedFigures {
  readonly units: readonly bigint[];
  /** units */
  readonly error: Rational;
}

/** Nearest units of figures that cut both ways; `unit` is how many there are in 1. */
export function roundBothWays(figures: readonly Approximation[], unit: Rational): RoundedFigures {
  let error = ZERO;
  const units = figures.map((figure) => {
    const value = multiply(figure.value, unit);
    const isExact = value.den === 1n && figure.error.num === 0n;
    if (!isExact) error = larger(error, add(HALF, multiply(figure.error, unit)));
    return nearest(value);
  });
  return { units, error };
}

/** Rounds one public figure in a direction, and keeps what was lost. */
export interface Rounder {
  readonly roundings: readonly Rounding[];
  round(exact: Rational, decimals: number, direction: (value: Rational) => bigint, where: string): bigint;
  /** many figures of a kind, or a rule that holds for all of them */
  record(rounding: Rounding): void;
}

export function startRounder(): Rounder {
  const roundings: Rounding[] = [];
  return {
    roundings,
    round: startRounding(roundings),
    record: (rounding) => void roundings.push(rounding),
  };
}

/** A figure that may not be rounded, since it harms one side of the book as much as it helps the other. */
export function exactly(value: Rational, decimals: number, what: string): bigint {
  const units = scaled(value, decimals);
  if (units.den === 1n) return units.num;
  throw new SolvencyError(
    'NOT_REPRESENTABLE',
    `The ${what} has more than the ${decimals} decimals that a snapshot has for it. Give it with at most ${decimals}.`,
    { details: { what, decimals } },
  );
}
