import { ceiling, divide, ONE } from '../../numbers/rational.js';
import { MODEL_VERSION, RATE_SCALE } from '../../protocol/constants.js';
import type { QuantizedModel, Rounding, Snapshot, TieredModel } from '../snapshot.js';
import { type Derivation, derivedClaim } from './claim.js';
import { entryLookup, invalid, isQuantized, RATE_DECIMALS, rounder } from './parts.js';

/**
 * Gross notional is at most `most` times weighted equity: a flat rate of 1 / most, rounded up, for every contract. The
 * result is of the tiered family; a quantized snapshot stays one, since only that family counts open funding.
 *
 * Some rows are left out, so that an account that holds them has no proof rather than one of too little: options, whose
 * mark says nothing of what they put at stake, and assets of which any step counts less than nothing.
 */
export function leveraged(base: Snapshot, derivation: Derivation & { readonly kind: 'leverage' }): Snapshot {
  const { most } = derivation;
  if (most.num <= 0n) invalid('A leverage must be above zero.');
  const { registry, time } = base;
  const { family, haircuts } = base.model;
  const claim = derivedClaim(base.model.claim, derivation);
  const roundings: Rounding[] = [...base.roundings];
  const rate = rounder(roundings)(divide(ONE, most), RATE_DECIMALS, ceiling, `rate of ${claim}`);

  if (isQuantized(base)) {
    const model: QuantizedModel = { ...base.model, claim };
    const instruments = base.instruments.map((each) => ({ ...each, baseRate: rate, fraction: RATE_SCALE }));
    return { ...base, model, instruments, roundings };
  }
  switch (family) {
    case 'tiered':
    case 'portfolio':
    case 'standard': {
      const entryOf = entryLookup(registry);
      const model: TieredModel = {
        family: 'tiered',
        version: MODEL_VERSION.tiered,
        claim,
        tiers: 'marginal',
        haircuts,
      };
      return {
        registry,
        model,
        time,
        assets: base.assets
          .filter(({ ladder }) => ladder.every(({ factor }) => factor >= 0n))
          .map(({ assetId, price, ladder }) => ({ assetId, price, ladder })),
        instruments: base.instruments
          .filter(({ instrumentId }) => entryOf(instrumentId).kind !== 'option')
          .map(({ instrumentId, price }) => ({
            instrumentId,
            price,
            tiers: [{ notionalCap: null, rate, deduction: 0n }],
          })),
        roundings,
      };
    }
    // a family whose equity another circuit would not count in the same way
    default:
      return invalid(`Leverage is not known for snapshots of the ${family} model.`);
  }
}
