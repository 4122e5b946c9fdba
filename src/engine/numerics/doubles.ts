/**
 * Exact passage between doubles (IEEE 754 binary64) and whole numbers. Everything here is decided by integers, so that it
 * comes out the same to the last bit on every machine.
 */
import { SolvencyError } from '../../errors.js';
import type { Rational } from '../../numbers/rational.js';

const SIGNIFICAND_BITS = 52n;
/** a double is significand x 2^(exponent field - 1075) */
const EXPONENT_BIAS = 1075n;
/** 66 or 67 bits of a quotient and one for the rest: more than the 53 of a double, so that one rounding decides */
const QUOTIENT_BITS = 66n;
/** 2^(-955 - 67) = 2^-1022 is the smallest normal double: what is smaller than 2^-955 counts as zero */
const SMALLEST = -955n;

const bitLength = (value: bigint): bigint => BigInt(value.toString(2).length);

/** significand x 2^exponent = value, exactly. Throws INVALID_INPUT when the value is not finite. */
export function partsOf(value: number): { readonly significand: bigint; readonly exponent: bigint } {
  if (!Number.isFinite(value)) {
    throw new SolvencyError('INVALID_INPUT', 'a figure is not a finite number; check the market data and parameters');
  }
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const field = (bits >> SIGNIFICAND_BITS) & 0x7ffn;
  const fraction = bits & ((1n << SIGNIFICAND_BITS) - 1n);
  const magnitude = field === 0n ? fraction : fraction | (1n << SIGNIFICAND_BITS);
  return {
    significand: bits >> 63n === 1n ? -magnitude : magnitude,
    exponent: (field === 0n ? 1n : field) - EXPONENT_BIAS,
  };
}

/** The double as the fraction that it is. Not in lowest terms. Throws INVALID_INPUT when it is not finite. */
export function fractionOf(value: number): Rational {
  const { significand, exponent } = partsOf(value);
  return exponent >= 0n ? { num: significand << exponent, den: 1n } : { num: significand, den: 1n << -exponent };
}

function powerOfTwo(exponent: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, (exponent + 1023n) << SIGNIFICAND_BITS);
  return view.getFloat64(0);
}

/**
 * The double nearest to num / den, of two equally near ones the even one; zero below 2^-955 (3e-288). den > 0, and the
 * fraction need not be in lowest terms. Throws OUT_OF_RANGE at 2^1023 (9e307) and above.
 */
export function nearestDouble({ num, den }: Rational): number {
  if (num < 0n) return -nearestDouble({ num: -num, den });
  if (num === 0n) return 0;
  const magnitude = bitLength(num) - bitLength(den);
  if (magnitude < SMALLEST) return 0;
  if (magnitude > 1022n) throw new SolvencyError('OUT_OF_RANGE', 'a figure of the engine is above 9e307');
  const shift = QUOTIENT_BITS - magnitude;
  const [top, bottom] = shift >= 0n ? [num << shift, den] : [num, den << -shift];
  const quotient = top / bottom;
  const rest = quotient * bottom === top ? 0n : 1n;
  // Number() of a bigint rounds to nearest, ties to even; the scaling is by a power of two and exact
  return Number(2n * quotient + rest) * powerOfTwo(-shift - 1n);
}
