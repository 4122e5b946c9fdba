import { compare, floor, multiply, type Rational, rational, subtract, ZERO } from '../../numbers/rational.js';
import { MAX_TIERS, RATE_SCALE } from '../../protocol/constants.js';
import type { HaircutStep } from '../../snapshot/snapshot.js';
import { higher, integerRoot, lower } from './model.js';
import { BASE_DECIMALS, PPM_PER_WEIGHT, WEIGHT_ONE } from './representation.js';

/** What a ladder is made of: the market's figures only, no account's. */
export interface DepositMarket {
  /** flat weight, 1e-4 */
  readonly weight: bigint;
  readonly imfFactor: bigint;
  readonly amountDecimals: number;
  /** 1e-16 quote for the smallest unit */
  readonly price: bigint;
}

/**
 * A ladder that never counts more than Drift's discount for size. amount x min(w, 1.1 / (1 + imf sqrt(amount))) is concave,
 * and so it stays less a step of 1e-4, which the venue truncates: chords between points of it lie below. The points stand
 * half as much again apart, which costs at most 0.6% of the value; beyond the last nothing more counts.
 */
export function depositLadder(market: DepositMarket): readonly HaircutStep[] {
  const { weight, imfFactor, price } = market;
  const flat = weight * PPM_PER_WEIGHT;
  if (imfFactor === 0n) return [{ valueCap: null, factor: flat }];
  const first = lastFullAmount(market);
  const knots = [first];
  while (knots.length < MAX_TIERS - 1) knots.push(((knots.at(-1) as bigint) * 3n + 1n) / 2n);

  const steps: HaircutStep[] = [{ valueCap: first * price, factor: floorPpm(leastWeight(first, market)) }];
  let counted = (steps[0]?.factor as bigint) * first * price;
  for (const [index, knot] of knots.entries()) {
    const below = knots[index - 1];
    if (below === undefined) continue;
    const width = (knot - below) * price;
    const target = multiply(leastWeight(knot, market), rational(knot * price * RATE_SCALE, WEIGHT_ONE));
    const previous = steps.at(-1)?.factor as bigint;
    const chord = floor(multiply(subtract(target, rational(counted)), rational(1n, width)));
    const factor = higher(0n, lower(chord, previous));
    counted += factor * width;
    steps.push({ valueCap: knot * price, factor });
  }
  return [...steps, { valueCap: null, factor: 0n }];
}

const floorPpm = (weight: Rational): bigint => floor(multiply(weight, rational(PPM_PER_WEIGHT)));

/** A weight in 1e-4 that the venue's is never below: the root rounded up, and the step that the venue truncates. */
function leastWeight(amount: bigint, { weight, imfFactor, amountDecimals }: DepositMarket): Rational {
  const size = amount * 10n ** BigInt(BASE_DECIMALS - amountDecimals);
  const root = integerRoot(10n * size + 1n) + 1n;
  const discounted = subtract(
    rational(11_000n * RATE_SCALE * 100_000n, RATE_SCALE * 100_000n + root * imfFactor),
    rational(1n),
  );
  const flat = rational(weight);
  const least = compare(discounted, flat) < 0 ? discounted : flat;
  return least.num < 0n ? ZERO : least;
}

/** The largest amount that has its full weight; at least one unit. */
function lastFullAmount(market: DepositMarket): bigint {
  let [low, high] = [1n, 1n << 64n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (compare(leastWeight(middle, market), rational(market.weight)) === 0) low = middle;
    else high = middle;
  }
  return low;
}
