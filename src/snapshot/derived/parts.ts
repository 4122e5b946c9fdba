import { SolvencyError } from '../../errors.js';
import { formatAmount } from '../../numbers/decimal.js';
import { formatRational, multiply, type Rational, rational } from '../../numbers/rational.js';

import type { Registry, RegistryEntry } from '../registry.js';
import type {
  LadderRule,
  MarginTier,
  QuantizedSnapshot,
  Rounding,
  Snapshot,
  TieredSnapshot,
  WeightedSnapshot,
} from '../snapshot.js';

export const isTiered = (snapshot: Snapshot): snapshot is TieredSnapshot => snapshot.model.family === 'tiered';
export const isQuantized = (snapshot: Snapshot): snapshot is QuantizedSnapshot => snapshot.model.family === 'quantized';
export const isWeighted = (snapshot: Snapshot): snapshot is WeightedSnapshot => snapshot.model.family === 'weighted';

export function invalid(message: string): never {
  throw new SolvencyError('INVALID_INPUT', message);
}

/** The entry of an id of a valid snapshot. */
export function entryLookup(registry: Registry): (id: number) => RegistryEntry {
  const entries = new Map(registry.entries.map((entry) => [entry.id, entry]));
  return (id) => entries.get(id) as RegistryEntry;
}

/** Turns an exact figure into an integer in units of 10^-decimals and lists it when that is not the same. */
export function rounder(roundings: Rounding[]) {
  return (exact: Rational, decimals: number, direction: (scaled: Rational) => bigint, where: string): bigint => {
    const units = multiply(exact, rational(10n ** BigInt(decimals)));
    const used = direction(units);
    if (units.den !== 1n) {
      roundings.push({ where, exact: formatRational(exact), used: formatAmount(used, decimals) });
    }
    return used;
  };
}

/** Tiers with the deductions that keep the requirement continuous. */
export function withDeductions(
  tiers: readonly Pick<MarginTier, 'notionalCap' | 'rate'>[],
  rule: LadderRule,
): readonly MarginTier[] {
  let deduction = 0n;
  return tiers.map((tier, index) => {
    const below = tiers[index - 1];
    if (rule === 'marginal' && below !== undefined) deduction += (below.notionalCap ?? 0n) * (tier.rate - below.rate);
    return { ...tier, deduction };
  });
}
