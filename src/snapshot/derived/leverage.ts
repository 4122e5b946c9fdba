import { ceiling, divide, ONE } from '../../numbers/rational.js';
import { MODEL_VERSION, RATE_DECIMALS, RATE_SCALE } from '../../protocol/constants.js';
import type {
  MeasuredSnapshot,
  PortfolioSnapshot,
  Rounding,
  Snapshot,
  StandardSnapshot,
  TieredSnapshot,
  WeightedInstrument,
  WeightedSide,
} from '../snapshot.js';
import { type Derivation, derivedClaim } from './claim.js';
import { entryLookup, invalid, isQuantized, isWeighted, rounder } from './parts.js';

/**
 * Gross notional is at most `most` times weighted equity: a flat rate of 1 / most, rounded up, for every contract. The
 * result is of the tiered family; quantized and weighted snapshots keep theirs, since no other family counts open funding
 * or unrealised profit as they do.
 *
 * Some rows are left out, so that an account that holds them has no proof rather than one of too little: options, whose
 * mark says nothing of what they put at stake, and assets of which any step counts less than nothing.
 */
export function leveraged(base: Snapshot, derivation: Derivation & { readonly kind: 'leverage' }): Snapshot {
  const { most } = derivation;
  if (most.num <= 0n) invalid('A leverage must be above zero.');
  const claim = derivedClaim(base.model.claim, derivation);
  const roundings: Rounding[] = [...base.roundings];
  const rate = rounder(roundings)(divide(ONE, most), RATE_DECIMALS, ceiling, `rate of ${claim}`);

  if (isQuantized(base)) {
    const instruments = base.instruments.map((each) => ({ ...each, baseRate: rate, fraction: RATE_SCALE }));
    return { ...base, model: { ...base.model, claim }, instruments, roundings };
  }
  if (isWeighted(base)) {
    const instruments = base.instruments.map((each) => flatSides(each, rate));
    return { ...base, model: { ...base.model, claim }, instruments, roundings };
  }
  return { ...flatTiers(base, claim, rate), roundings };
}

/** The families whose equity is that of the tiered one, apart from options. */
function flatTiers(
  {
    registry,
    time,
    model,
    assets,
    instruments,
  }: TieredSnapshot | PortfolioSnapshot | StandardSnapshot | MeasuredSnapshot,
  claim: string,
  rate: bigint,
): Omit<TieredSnapshot, 'roundings'> {
  const entryOf = entryLookup(registry);
  return {
    registry,
    model: {
      family: 'tiered',
      version: MODEL_VERSION.tiered,
      claim,
      tiers: 'marginal',
      haircuts: model.haircuts,
    },
    time,
    assets: assets
      .filter(({ ladder }) => ladder.every(({ factor }) => factor >= 0n))
      .map(({ assetId, price, ladder }) => ({ assetId, price, ladder })),
    instruments: instruments
      .filter(({ instrumentId }) => entryOf(instrumentId).kind !== 'option')
      .map(({ instrumentId, price }) => ({ instrumentId, price, tiers: [{ notionalCap: null, rate, deduction: 0n }] })),
  };
}

/** A side that equity does not count, such as a debt, stays required in full: at a flat rate it would be forgotten. */
function flatSides(instrument: WeightedInstrument, rate: bigint): WeightedInstrument {
  const { price, long, short } = instrument;
  const flat = (side: WeightedSide): WeightedSide => ({
    price: side.price,
    marginPrice: price,
    rate,
    premiumBase: 0n,
    premium: 0n,
    quadratic: 0n,
  });
  const kept = (side: WeightedSide): WeightedSide => (side.price === 0n ? side : flat(side));
  return { ...instrument, long: kept(long), short: kept(short) };
}
