/** An exact rational number: den > 0 and the fraction is in lowest terms. */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));
const abs = (a: bigint): bigint => (a < 0n ? -a : a);

/** num / den; throws RangeError when den is 0. */
export function rational(num: bigint, den = 1n): Rational {
  if (den === 0n) throw new RangeError('division by zero');
  if (den === 1n) return { num, den };
  const common = gcd(abs(num), abs(den)) * (den < 0n ? -1n : 1n);
  return { num: num / common, den: den / common };
}

export const ZERO: Rational = { num: 0n, den: 1n };
export const ONE: Rational = { num: 1n, den: 1n };

export const add = (a: Rational, b: Rational): Rational =>
  a.den === b.den ? rational(a.num + b.num, a.den) : rational(a.num * b.den + b.num * a.den, a.den * b.den);
export const negate = (a: Rational): Rational => ({ num: -a.num, den: a.den });
export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b));
export const multiply = (a: Rational, b: Rational): Rational => rational(a.num * b.num, a.den * b.den);
export const divide = (a: Rational, b: Rational): Rational => rational(a.num * b.den, a.den * b.num);
export const absolute = (a: Rational): Rational => ({ num: abs(a.num), den: a.den });
/** Negative, zero or positive as a is below, equal to or above b. */
export const compare = (a: Rational, b: Rational): -1 | 0 | 1 => {
  const difference = a.num * b.den - b.num * a.den;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};
export const sum = (terms: readonly Rational[]): Rational => terms.reduce(add, ZERO);

/** The largest integer not above a. */
export const floor = (a: Rational): bigint => {
  const quotient = a.num / a.den;
  return a.num < 0n && quotient * a.den !== a.num ? quotient - 1n : quotient;
};
/** The smallest integer not below a. */
export const ceiling = (a: Rational): bigint => -floor(negate(a));

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Reads a decimal string ("-12.50") or a fraction of two integers ("1/6"); undefined when it is neither. */
export function parseRational(text: string): Rational | undefined {
  const fraction = /^(-?\d+)\/(\d+)$/.exec(text);
  if (fraction !== null) {
    const den = BigInt(fraction[2] as string);
    return den === 0n ? undefined : rational(BigInt(fraction[1] as string), den);
  }
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const decimals = match[3] ?? '';
  const magnitude = rational(BigInt(`${match[2]}${decimals}`), 10n ** BigInt(decimals.length));
  return match[1] === '-' ? negate(magnitude) : magnitude;
}

/** The shortest exact text: a decimal where one exists, else "num/den". */
export function formatRational(value: Rational): string {
  let [rest, twos, fives] = [value.den, 0, 0];
  for (; rest % 2n === 0n; rest /= 2n) twos++;
  for (; rest % 5n === 0n; rest /= 5n) fives++;
  return rest === 1n ? formatFixed(value, Math.max(twos, fives)) : `${value.num}/${value.den}`;
}

/** The value with a fixed number of decimals, rounded toward negative infinity. */
export function formatFixed(value: Rational, decimals: number): string {
  const scaled = floor(multiply(value, rational(10n ** BigInt(decimals))));
  const digits = abs(scaled)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const sign = scaled < 0n ? '-' : '';
  return decimals === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-decimals)}`;
}
