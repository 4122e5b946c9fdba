import { SolvencyError } from '../../errors.js';
import { ceiling, divide, floor, multiply, type Rational, rational, ZERO } from '../../numbers/rational.js';
import { VALUE_DECIMALS } from '../../protocol/constants.js';
import { scaled } from '../../snapshot/rounding.js';
import { MAX_AMOUNT } from '../../snapshot/rows.js';
import type { ChargeTier } from '../../snapshot/snapshot.js';
import { addOnTiers as tiersOf } from '../addOns.js';
import { nearestDouble } from '../numerics/doubles.js';
import { normalQuantile } from '../numerics/elementary.js';
import type { CheckedMarket, ListedInstrument } from './checkMarket.js';
import type { AddOns } from './engineModel.js';
import type { Sourced } from './estimates.js';
import { exactDouble } from './figures.js';
import { spotOf } from './valuation.js';

/** A charge tier before its figures are rounded. */
interface ExactTier {
  /** whole things of size */
  readonly sizeCap: Rational | null;
  /** quote per whole thing */
  readonly charge: Rational;
}

/**
 * Charges for closing a position of this instrument. An option is closed as so much of its underlying, which moves at least
 * as much as it does; half its spread is that of its own mark.
 */
function exactTiers(
  market: CheckedMarket,
  { entry, underlying, averageDailyVolume, depth, halfSpread, mark, contract }: ListedInstrument,
  addOns: AddOns,
  { value: volatility }: Sourced<number>,
  price: Rational,
): readonly ExactTier[] {
  if (averageDailyVolume === null) {
    throw new SolvencyError(
      'INVALID_INPUT',
      `The market states no average daily volume of ${entry.symbol}, which the add-ons of the model need.`,
      { details: { symbol: entry.symbol } },
    );
  }
  const base = contract.kind === 'linear' ? (mark ?? spotOf(market, underlying)) : spotOf(market, underlying);
  return tiersOf({
    price: nearestDouble(base),
    halfSpread: nearestDouble(divide(multiply(halfSpread ?? ZERO, price), base)),
    depth: nearestDouble(depth ?? ZERO),
    averageDailyVolume: nearestDouble(averageDailyVolume),
    participation: nearestDouble(addOns.participation),
    volatility,
    impactCoefficient: nearestDouble(addOns.impactCoefficient),
    quantile: normalQuantile(nearestDouble(addOns.confidence)),
    multiples: addOns.multiples.map(nearestDouble),
  }).map(({ sizeCapUnits, chargePerUnit }) => ({
    sizeCap: sizeCapUnits === null ? null : exactDouble(sizeCapUnits),
    charge: exactDouble(chargePerUnit),
  }));
}

/**
 * The tiers in a snapshot's units: charges up, caps down, so that more of a size is in the dearer tier. `price` is the mark
 * in quote. Without add-ons one tier of charge 0.
 */
export function chargeTiers(
  market: CheckedMarket,
  instrument: ListedInstrument,
  addOns: AddOns | null,
  volatility: Sourced<number> | undefined,
  price: Rational,
): readonly ChargeTier[] {
  if (addOns === null || volatility === undefined) return [{ sizeCap: null, charge: 0n }];
  const { amountDecimals } = instrument.entry;
  const unit = rational(10n ** BigInt(VALUE_DECIMALS - amountDecimals));
  const tiers: ChargeTier[] = [];
  for (const { sizeCap, charge } of exactTiers(market, instrument, addOns, volatility, price)) {
    const cap = sizeCap === null ? MAX_AMOUNT : floor(scaled(sizeCap, amountDecimals));
    const used = ceiling(multiply(charge, unit));
    // a tier of no whole unit is left to the next one, which is no cheaper
    if (cap <= (tiers.at(-1)?.sizeCap ?? 0n)) continue;
    if (cap >= MAX_AMOUNT) return [...tiers, { sizeCap: null, charge: used }];
    tiers.push({ sizeCap: cap, charge: used });
  }
  return tiers;
}
