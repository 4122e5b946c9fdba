/**
 * What closing a position costs beyond the move that a risk measure covers: half the spread, and for what the order book
 * does not take at once the impact of trading and the risk of waiting.
 *
 * A size Q above the depth leaves E = Q - depth, which is sold evenly over E / (participation x ADV) days. Per unit of E:
 *
 *   impact   coefficient x daily volatility x sqrt(E / ADV)
 *            the square-root law: R. Grinold, R. Kahn, Active Portfolio Management (2000), ch. 16; R. Almgren et al.,
 *            "Direct estimation of equity market impact" (2005) measure an exponent of 0.6
 *   waiting  quantile x daily volatility x sqrt(days / 3)
 *            the standard deviation of an even liquidation: R. Almgren, N. Chriss, "Optimal execution of portfolio
 *            transactions" (2000); the scaling by the root of time is that of liquidity horizons in the Basel framework, MAR33
 *
 *   cost(Q) = price x (half spread x Q + (impact + waiting) x E), convex in Q
 *
 * A snapshot has marginal charges by tier, so cost is replaced by its chords between the caps: above it everywhere, equal
 * at the caps, and rising from tier to tier.
 */
import { SolvencyError } from '../errors.js';
import { requireVolatility } from './volatility.js';

const DAYS_PER_YEAR = 365;

export interface LiquidityInputs {
  /** quote per unit of size */
  readonly price: number;
  /** half the difference of bid and ask over the price */
  readonly halfSpread: number;
  /** units that the order book takes at once, on its thinner side */
  readonly depth: number;
  /** units traded on an average day */
  readonly averageDailyVolume: number;
  /** share of a day's volume that a liquidation may be: 0.1 is 10% */
  readonly participation: number;
  /** per year */
  readonly volatility: number;
  /** of the square-root law, about 1 */
  readonly impactCoefficient: number;
  /** of the confidence at which waiting is covered */
  readonly quantile: number;
  /** caps of the tiers above the depth, as multiples of the average daily volume, rising */
  readonly multiples: readonly number[];
}

/** Sizes above the previous cap and up to this one. */
export interface AddOnTier {
  /** units of size; null on the last tier */
  readonly sizeCapUnits: number | null;
  /** quote per unit; never less than in the tier below */
  readonly chargePerUnit: number;
}

function requireInputs(inputs: LiquidityInputs): void {
  const { price, halfSpread, depth, averageDailyVolume, participation, volatility, impactCoefficient, quantile } =
    inputs;
  requireVolatility(volatility, 'the volatility of an add-on');
  const refuse = (what: string): never => {
    throw new SolvencyError('INVALID_INPUT', `the ${what} of an add-on is not in its range`);
  };
  const isAmount = (value: number): boolean => value >= 0 && Number.isFinite(value);
  if (!(isAmount(price) && price > 0)) refuse('price, above 0,');
  if (!(halfSpread >= 0 && halfSpread < 1)) refuse('half spread, from 0 to 1,');
  if (!isAmount(depth)) refuse('depth, 0 or above,');
  if (!(isAmount(averageDailyVolume) && averageDailyVolume > 0)) refuse('average daily volume, above 0,');
  if (!(participation > 0 && participation <= 1)) refuse('participation, above 0 and up to 1,');
  if (!isAmount(impactCoefficient)) refuse('impact coefficient, 0 or above,');
  if (!isAmount(quantile)) refuse('quantile, 0 or above,');
}

/** Quote to close `size` units: the formula at the top of this file. Throws as `addOnTiers` does. */
export function closingCost(inputs: LiquidityInputs, size: number): number {
  requireInputs(inputs);
  const { price, halfSpread, depth, averageDailyVolume, participation, volatility } = inputs;
  const excess = Math.max(0, size - depth);
  const dailyVolatility = volatility / Math.sqrt(DAYS_PER_YEAR);
  const impact = inputs.impactCoefficient * Math.sqrt(excess / averageDailyVolume);
  const waiting = inputs.quantile * Math.sqrt(excess / (3 * participation * averageDailyVolume));
  return price * (halfSpread * size + dailyVolatility * (impact + waiting) * excess);
}

/**
 * Marginal charges per unit: the first tier reaches to the depth, the next ones to the multiples of the average daily
 * volume. What is above the last multiple is charged its whole price, as no multiple of a day's volume bounds what it
 * costs to sell; give larger multiples where such positions are allowed.
 *
 * Throws INVALID_VOLATILITY for a negative volatility, INVALID_INPUT for any other figure out of its range and for
 * multiples that do not rise or whose first is not above the depth.
 */
export function addOnTiers(inputs: LiquidityInputs): readonly AddOnTier[] {
  requireInputs(inputs);
  const caps = inputs.multiples.map((multiple) => multiple * inputs.averageDailyVolume);
  if (inputs.depth > 0) caps.unshift(inputs.depth);
  const tiers: AddOnTier[] = [];
  let [reached, charge] = [0, 0];
  for (const cap of caps) {
    if (!(cap > reached && Number.isFinite(cap))) {
      throw new SolvencyError('INVALID_INPUT', 'the size tiers of an add-on do not rise from the depth on');
    }
    const chord = (closingCost(inputs, cap) - closingCost(inputs, reached)) / (cap - reached);
    // the cost is convex; this only undoes roundings of the last bit
    charge = Math.max(charge, chord);
    tiers.push({ sizeCapUnits: cap, chargePerUnit: charge });
    reached = cap;
  }
  return [...tiers, { sizeCapUnits: null, chargePerUnit: Math.max(charge, inputs.price) }];
}
