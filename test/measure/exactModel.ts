import type { Holdings } from '../../src/account/account.js';
import {
  add,
  ceiling,
  compare,
  divide,
  floor,
  multiply,
  negate,
  ONE,
  type Rational,
  rational,
  subtract,
  sum,
  ZERO,
} from '../../src/numbers/rational.js';
import type { MeasuredInstrument, MeasuredSnapshot, RiskFactors, TailMeasure } from '../../src/snapshot/snapshot.js';

// The risk measures as textbooks write them, in exact rationals of one quote unit. Nothing here is shared with circuits and
// twins but the snapshot itself.

const per = (value: bigint, decimals: number): Rational => rational(value, 10n ** BigInt(decimals));
const larger = (a: Rational, b: Rational): Rational => (compare(a, b) < 0 ? b : a);
const smaller = (a: Rational, b: Rational): Rational => (compare(a, b) < 0 ? a : b);
const notNegative = (value: Rational): Rational => larger(value, ZERO);
const times = (value: Rational, whole: bigint): Rational => multiply(value, rational(whole));

/** What an account is worth and has to cover, quote. A root is not rational: the requirement lies between the two. */
export interface ExactRisk {
  readonly equity: Rational;
  readonly charges: Rational;
  /** of the parametric measure, quote squared */
  readonly variance: Rational;
  readonly least: Rational;
  readonly most: Rational;
  /** how much more than that the circuit may ask for */
  readonly rounding: Rational;
}

/** A measure that lies between two numbers, and how much more of it the circuit may ask for. */
type Measure = Pick<ExactRisk, 'least' | 'most' | 'rounding'>;

const exactly = (value: Rational, rounding: Rational = ZERO): Measure => ({ least: value, most: value, rounding });
/** losses are rounded up to 1e-21 quote */
const STEP = rational(1n, 10n ** 21n);
const NOTHING = exactly(ZERO);

export function exactRisk(snapshot: MeasuredSnapshot, holdings: Holdings): ExactRisk {
  const held = holdings.positions.map(({ instrumentId, size, cost }) => ({
    contract: snapshot.instruments.find((each) => each.instrumentId === instrumentId) as MeasuredInstrument,
    ...{ size, cost },
  }));
  const worth = sum(held.map(({ contract, size, cost }) => subtract(per(contract.price * size, 16), per(cost, 8))));
  const charges = sum(held.map(({ contract, size }) => charged(contract, size < 0n ? -size : size)));
  const { model } = snapshot;
  const greeks = exactly(
    sum(snapshot.underlyings.map((_, place) => worstShock(snapshot, held, place))),
    times(STEP, BigInt(snapshot.underlyings.length)),
  );
  const variance = 'factors' in model ? varianceOf(model.factors, held) : ZERO;
  const parametric = rootOf(variance);
  const losses = ((held[0]?.contract.changes ?? []) as readonly bigint[]).map((_, s) =>
    negate(sum(held.map(({ contract, size }) => per((contract.changes[s] as bigint) * size, 12)))),
  );
  const likely = 'tail' in model ? model.tail.scenarios.length : 0;
  const tail = 'tail' in model && held.length > 0 ? tailOf(model.tail, losses.slice(0, likely)) : NOTHING;
  const stress = exactly(losses.slice(likely).reduce(larger, ZERO));
  const requirement = (): Measure => {
    if (model.family === 'greeks') return plus(greeks, exactly(charges));
    if (model.family === 'parametric') return plus(parametric, exactly(charges));
    if (model.family === 'tail') return plus(tail, exactly(charges));
    const weighted = [
      weigh(exactly(charges), model.weights.charges),
      weigh(greeks, model.weights.greeks),
      weigh(parametric, model.weights.parametric),
      weigh(tail, model.weights.tail),
      weigh(stress, model.weights.stress),
    ];
    const combined = model.rule === 'sum' ? weighted.reduce(plus) : weighted.reduce(largest);
    return plus(combined, weigh(exactly(charges), model.added));
  };
  return { equity: add(worth, balances(snapshot, holdings)), charges, variance, ...requirement() };
}

const plus = (a: Measure, b: Measure): Measure => ({
  least: add(a.least, b.least),
  most: add(a.most, b.most),
  rounding: add(a.rounding, b.rounding),
});
const largest = (a: Measure, b: Measure): Measure => ({
  least: larger(a.least, b.least),
  most: larger(a.most, b.most),
  rounding: larger(a.rounding, b.rounding),
});
const weigh = ({ least, most, rounding }: Measure, weight: bigint): Measure => {
  const factor = per(weight, 6);
  return { least: multiply(least, factor), most: multiply(most, factor), rounding: multiply(rounding, factor) };
};

type Held = readonly { readonly contract: MeasuredInstrument; readonly size: bigint }[];

/** Debts in full; what is owned by the part of its value in each haircut step. */
function balances({ assets }: MeasuredSnapshot, { collateral }: Holdings): Rational {
  return sum(
    collateral.map(({ assetId, amount }) => {
      const asset = assets.find((each) => each.assetId === assetId);
      const value = per(amount * (asset?.price as bigint), 16);
      if (amount < 0n) return value;
      let below = ZERO;
      return sum(
        (asset?.ladder ?? []).map(({ valueCap, factor }) => {
          const cap = valueCap === null ? value : smaller(per(valueCap, 16), value);
          const part = notNegative(subtract(cap, below));
          below = larger(below, cap);
          return multiply(part, per(factor, 6));
        }),
      );
    }),
  );
}

/** Each charge for the units above the tier below and up to its own cap. */
function charged({ charges }: MeasuredInstrument, size: bigint): Rational {
  return sum(
    charges.map(({ sizeCap, charge }, tier) => {
      const floorOf = charges[tier - 1]?.sizeCap ?? 0n;
      const upTo = sizeCap === null || sizeCap > size ? size : sizeCap;
      return per(charge * (upTo > floorOf ? upTo - floorOf : 0n), 16);
    }),
  );
}

/** Largest of - (delta m + gamma m^2 / 2 + vega v), and not below zero. */
function worstShock({ underlyings }: MeasuredSnapshot, held: Held, place: number): Rational {
  const net = (greek: 'delta' | 'gamma' | 'vega'): Rational =>
    sum(
      held.map(({ contract: { greeks }, size }) =>
        greeks?.underlying === place ? per(greeks[greek] * size, 12) : ZERO,
      ),
    );
  const [delta, gamma, vega] = [net('delta'), net('gamma'), net('vega')];
  return (underlyings[place]?.shocks ?? [])
    .map((shock) => {
      const [move, volatility] = [per(shock.move, 9), per(shock.volatility, 9)];
      const curved = divide(multiply(gamma, multiply(move, move)), rational(2n));
      return negate(add(add(multiply(delta, move), curved), multiply(vega, volatility)));
    })
    .reduce(larger, ZERO);
}

/** e S e with the covariance S = L L transposed, entry by entry. */
function varianceOf({ names, cholesky }: RiskFactors, held: Held): Rational {
  const entry = (i: number, j: number): Rational => per(cholesky[i]?.[j] ?? 0n, 9);
  const exposure = names.map((_, f) =>
    sum(held.map(({ contract, size }) => per((contract.exposures[f] as bigint) * size, 12))),
  );
  return sum(
    names.flatMap((_, i) =>
      names.map((__, j) => {
        const covariance = sum(names.map((___, k) => multiply(entry(i, k), entry(j, k))));
        return multiply(covariance, multiply(exposure[i] as Rational, exposure[j] as Rational));
      }),
    ),
  );
}

/** The root to 1e-40, from below and from above. */
function rootOf(value: Rational): Measure {
  const scaled = floor(times(value, 10n ** 80n));
  let [low, high] = [0n, scaled + 1n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle * middle <= scaled) low = middle;
    else high = middle;
  }
  const above = compare(rational(low * low, 10n ** 80n), value) === 0 ? low : low + 1n;
  return { least: per(low, 40), most: per(above, 40), rounding: STEP };
}

function tailOf({ measure, confidence }: TailMeasure, losses: readonly Rational[]): Measure {
  const level = per(confidence, 6);
  const count = rational(BigInt(losses.length));
  if (measure === 'value at risk') {
    // the smallest loss that is not exceeded with the probability of the level
    const ascending = [...losses].sort(compare);
    return exactly(notNegative(ascending[Number(ceiling(multiply(level, count))) - 1] as Rational));
  }
  // the mean of the worst (1 - level) x count losses, the last of them in part
  const inTail = multiply(subtract(ONE, level), count);
  const whole = floor(inTail);
  const descending = [...losses].sort((a, b) => compare(b, a));
  const part = multiply(subtract(inTail, rational(whole)), descending[Number(whole)] ?? ZERO);
  const mean = divide(add(sum(descending.slice(0, Number(whole))), part), inTail);
  // its weight, rounded up to 1e-9, multiplies what lies beyond the pivot
  const beyond = sum(descending.map((loss) => notNegative(subtract(loss, descending[Number(whole)] ?? ZERO))));
  return exactly(notNegative(mean), multiply(beyond, rational(1n, 10n ** 9n)));
}
