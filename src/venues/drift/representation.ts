import { multiply, type Rational, rational } from '../../numbers/rational.js';
import { BITS, VALUE_DECIMALS, WEIGHTED } from '../../protocol/constants.js';
import { bounded, notRepresentable } from '../caseAccount.js';
import { roundedUnits } from '../weightedAccount.js';
import { higher, type RequirementType } from './model.js';

/** What is asked of a Drift account, and in what its money is counted. */
export interface DriftClaim {
  readonly type: Exclude<RequirementType, 'fill'>;
  /** the account's own margin ratio for all markets, 1e-4, 0 for none */
  readonly customRatio: bigint;
  /** lower and higher price of the quote token, 1e-6 USD; the higher one is the unit of account */
  readonly quoteLow: bigint;
  readonly quoteHigh: bigint;
}

/** 1e-4 in parts per million */
export const PPM_PER_WEIGHT = 100n;
export const WEIGHT_ONE = 10_000n;
/** the finest size whose root the venue takes */
export const BASE_DECIMALS = 9;
/** the venue's smallest unit of money */
export const QUANTUM = rational(1n, 1_000_000n);

/** Figures in 1e-6 USD as exact USD, and USD in the unit of account. */
export const usd = (units: bigint): Rational => rational(units, 1_000_000n);
export const inUnit = (value: Rational, { quoteHigh }: DriftClaim): Rational =>
  multiply(value, rational(1_000_000n, quoteHigh));

/** The price of a token in a table, from USD; NOT_REPRESENTABLE when it has too many bits. */
export function tablePrice(price: Rational, amountDecimals: number, up: boolean, where: string, claim: DriftClaim) {
  const rounded = roundedUnits(inUnit(price, claim), VALUE_DECIMALS - amountDecimals, up, where);
  return { ...rounded, units: bounded(rounded.units, WEIGHTED.priceBits, where) };
}

/**
 * Drift's premium for size as a side's rates: max(w, w - floor(w / 5) + floor(root imf / 1e7)) in 1e-4, or the account's own
 * ratio. The circuit cuts premiums to the same steps, so that this is exact.
 */
export function ratesOf(weight: bigint, imfFactor: bigint, customWeight: bigint, what: string) {
  const ppm = (value: bigint): bigint => {
    if (value >= 1n << BigInt(BITS.rate)) throw notRepresentable(`a rate of ${what}`);
    return value;
  };
  return {
    rate: ppm(higher(customWeight, weight) * PPM_PER_WEIGHT),
    premiumBase: ppm((weight - weight / 5n) * PPM_PER_WEIGHT),
    premium: ppm(imfFactor),
    quadratic: 0n,
  };
}
