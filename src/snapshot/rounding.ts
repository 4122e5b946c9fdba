/** Passage from exact public figures to the integers of a snapshot, and the list of what was rounded. */
import { formatAmount } from '../numbers/decimal.js';
import {
  absolute,
  add,
  compare,
  floor,
  formatRational,
  multiply,
  type Rational,
  rational,
} from '../numbers/rational.js';
import type { Rounding } from './snapshot.js';

/** A figure in units of 10^-decimals. */
export const scaled = (value: Rational, decimals: number): Rational =>
  multiply(value, rational(10n ** BigInt(decimals)));

/** The nearest integer, of two the larger. */
export const nearest = (value: Rational): bigint => floor(add(value, rational(1n, 2n)));

export const larger = (a: Rational, b: Rational): Rational => (compare(a, b) >= 0 ? a : b);

/** A figure for people: cut where it is long or endless. */
export function shortText(value: Rational): string {
  const text = formatRational(value);
  if (text.length <= 60 && !text.includes('/')) return text;
  return `${value.num < 0n ? '-' : ''}${formatAmount(floor(scaled(absolute(value), 20)), 20)}...`;
}

/** Turns exact figures into integers in units of 10^-decimals and lists those that are not the same. */
export const startRounding =
  (roundings: Rounding[]) =>
  (exact: Rational, decimals: number, direction: (value: Rational) => bigint, where: string): bigint => {
    const value = scaled(exact, decimals);
    const used = direction(value);
    if (value.den !== 1n) roundings.push({ where, exact: shortText(exact), used: formatAmount(used, decimals) });
    return used;
  };
