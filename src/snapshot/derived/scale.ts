import { ceiling, multiply, rational } from '../../numbers/rational.js';
import { RATE_DECIMALS, RATE_SCALE } from '../../protocol/constants.js';
import type { Rounding, Snapshot } from '../snapshot.js';
import { type Derivation, derivedClaim } from './claim.js';
import { entryLookup, invalid, isTiered, rounder, withDeductions } from './parts.js';

/**
 * The requirement times a factor, a margin call's distance from maintenance: every rate is multiplied and rounded up, and
 * the deductions follow. No other family's requirement is a sum of rates of which each may be rounded up by itself.
 */
export function scaled(base: Snapshot, derivation: Derivation & { readonly kind: 'scale' }): Snapshot {
  const { factor } = derivation;
  if (factor.num <= 0n) invalid('A factor of the requirement must be above zero.');
  if (!isTiered(base)) {
    invalid(
      `The requirement can be scaled in snapshots of the tiered model, and this one is of the ${base.model.family} model. A proof's threshold scales that of any model: 12000 basis points ask for 1.2 times the requirement.`,
    );
  }
  const entryOf = entryLookup(base.registry);
  const claim = derivedClaim(base.model.claim, derivation);
  const roundings: Rounding[] = [...base.roundings];
  const round = rounder(roundings);
  const instruments = base.instruments.map((instrument) => {
    const { symbol } = entryOf(instrument.instrumentId);
    const tiers = instrument.tiers.map(({ notionalCap, rate }, tier) => ({
      notionalCap,
      rate: round(multiply(rational(rate, RATE_SCALE), factor), RATE_DECIMALS, ceiling, `${symbol} tier ${tier} rate`),
    }));
    return { ...instrument, tiers: withDeductions(tiers, base.model.tiers) };
  });
  return { ...base, model: { ...base.model, claim }, instruments, roundings };
}
