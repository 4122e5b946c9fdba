import { multiply, type Rational, rational, ZERO } from '../../numbers/rational.js';
import type { TierParameters } from '../../snapshot/parameters.js';
import { type RepresentedCase, representCase } from '../caseAccount.js';
import { type DydxAccount, type DydxPosition, initialPpmOf, notionalOf, PPM, settledUsdc } from './model.js';

const QUANTUMS_PER_USDC = 1_000_000n;

const powerOfTen = (exponent: bigint): Rational =>
  exponent < 0n ? rational(1n, 10n ** -exponent) : rational(10n ** exponent);

const decimal = (value: bigint, exponent: bigint): Rational => multiply(rational(value), powerOfTen(exponent));

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** dYdX's rates for one position: flat, the initial one after the account's own choice and open interest. */
export function dydxTiers(position: DydxPosition): readonly TierParameters[] {
  const { initialMarginPpm, maintenanceFractionPpm } = position.market;
  return [
    {
      notionalCap: null,
      maintenanceRate: rational(initialMarginPpm * maintenanceFractionPpm, PPM * PPM),
      maintenanceDeduction: ZERO,
      initialRate: rational(initialPpmOf(position), PPM),
    },
  ];
}

/**
 * Where the tiered model and dYdX would differ: the first rounding that bites, or undefined when nothing is rounded. The
 * tiered model has no ceilings, so with one it could accept what dYdX refuses, by a quantum of 1e-6 a position. An
 * account whose margins are all whole quantums is judged alike by both.
 */
export function dydxRounding({ positions }: DydxAccount, claim: 'maintenance' | 'initial'): string | undefined {
  for (const position of positions) {
    const { perpetual, quantums, market } = position;
    const notional = notionalOf(quantums, market);
    const exact = decimal(quantums * market.price, market.exponent + market.atomicResolution + 6n);
    if (exact.den !== 1n) return `the notional of ${perpetual} is truncated`;
    const ppm = claim === 'initial' ? initialPpmOf(position) : market.initialMarginPpm;
    const margin = magnitude(notional) * ppm;
    if (margin % PPM !== 0n) return `the initial margin of ${perpetual} is rounded up`;
    if (claim === 'initial') continue;
    if (((margin / PPM) * market.maintenanceFractionPpm) % PPM !== 0n) {
      return `the maintenance margin of ${perpetual} is rounded up`;
    }
    if ((market.initialMarginPpm * market.maintenanceFractionPpm) % PPM !== 0n) {
      return `the maintenance rate of ${perpetual} is no whole ppm`;
    }
  }
  return undefined;
}

/** The account after its funding is settled. A dYdX balance already paid for the positions, so they cost nothing. */
export function representDydx(account: DydxAccount): RepresentedCase {
  return representCase({
    venue: 'dydx-v4',
    quote: 'USDC',
    balance: rational(settledUsdc(account), QUANTUMS_PER_USDC),
    positions: account.positions
      .filter(({ quantums }) => quantums !== 0n)
      .map((position) => ({
        symbol: position.perpetual,
        size: decimal(position.quantums, position.market.atomicResolution),
        cost: ZERO,
        mark: decimal(position.market.price, position.market.exponent),
        tiers: dydxTiers(position),
      })),
  });
}
