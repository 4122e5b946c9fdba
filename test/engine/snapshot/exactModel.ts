/**
 * What a model asks of an account before anything is rounded, in exact rationals and by other code than the engine's: options
 * one by one, puts by their own formula, expected shortfall as the mean of the worst. Only what the engine defines in doubles
 * is taken from there: moves (rounded to 1e-9), the factor matrix, charges of add-ons, margin rates.
 */
import type { Holdings } from '../../../src/account/account.js';
import { addOnTiers } from '../../../src/engine/addOns.js';
import { scaledCholesky } from '../../../src/engine/covariance.js';
import { fractionOf, nearestDouble } from '../../../src/engine/numerics/doubles.js';
import { normalQuantile } from '../../../src/engine/numerics/elementary.js';
import { monteCarloScenarios } from '../../../src/engine/scenarios/monteCarlo.js';
import type { Scenario } from '../../../src/engine/scenarios/scenario.js';
import type {
  AddOns,
  GreeksTerms,
  HybridRecipe,
  MeasuredRecipe,
  ParametricTerms,
  PortfolioRecipe,
  TailTerms,
  TieredRecipe,
} from '../../../src/engine/snapshot/engineModel.js';
import type { Market, MarketInstrument } from '../../../src/engine/snapshot/market.js';
import { dynamicRate } from '../../../src/engine/volatility.js';
import {
  absolute,
  add,
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
} from '../../../src/numbers/rational.js';
import { fromInterval } from '../../../src/pricing/approximation.js';
import { black76 } from '../../../src/pricing/black76.js';
import { exp, fromRational } from '../../../src/pricing/fixedPoint.js';
import { greeks } from '../../../src/pricing/greeks.js';

const times = (...factors: readonly Rational[]): Rational => factors.reduce(multiply, ONE);
const larger = (a: Rational, b: Rational): Rational => (compare(a, b) >= 0 ? a : b);
const largest = (values: readonly Rational[]): Rational => values.reduce(larger, ZERO);
const double = (value: number): Rational => {
  const { num, den } = fractionOf(value);
  return rational(num, den);
};
/** To the nearest 1e-9. */
export const fine = (value: number): Rational =>
  rational(floor(add(times(double(value), rational(10n ** 9n)), rational(1n, 2n))), 10n ** 9n);

interface Held {
  readonly instrument: MarketInstrument;
  /** whole things, signed */
  readonly size: Rational;
}

const heldOf = (market: Market, { positions }: Holdings): readonly Held[] =>
  positions.map(({ instrumentId, size }) => {
    const entry = market.registry.entries.find(({ id }) => id === instrumentId);
    const instrument = market.instruments.find((each) => each.instrumentId === instrumentId);
    if (entry === undefined || instrument === undefined) throw new Error('a position outside the market');
    return { instrument, size: rational(size, 10n ** BigInt(entry.amountDecimals)) };
  });

const spotOf = (market: Market, { underlying }: MarketInstrument): Rational =>
  market.underlyings[underlying]?.spot as Rational;

const discount = (market: Market, expiry: number): Rational =>
  fromInterval(
    exp(fromRational(times(rational(-1n), market.discountRate, rational(BigInt(expiry - market.time), 31_536_000n)))),
  ).value;

function valueAt(market: Market, instrument: MarketInstrument, move: Rational, change: Rational): Rational {
  const { contract, mark } = instrument;
  const spot = spotOf(market, instrument);
  if (contract.kind === 'linear') return times(mark ?? spot, add(ONE, move));
  const volatility = larger(ZERO, add(contract.volatility, change));
  return black76({
    forward: times(spot, add(ONE, move)),
    strike: contract.strike,
    volatility,
    secondsToExpiry: rational(BigInt(contract.expiry - market.time)),
    discount: discount(market, contract.expiry),
    isCall: contract.isCall,
  }).value;
}

export const exactMark = (market: Market, instrument: MarketInstrument): Rational =>
  instrument.mark ?? valueAt(market, instrument, ZERO, ZERO);

/** Quote: what the positions are worth at exact marks. */
export const exactWorth = (market: Market, holdings: Holdings): Rational =>
  sum(heldOf(market, holdings).map(({ instrument, size }) => times(size, exactMark(market, instrument))));

const changeOf = (market: Market, { instrument, size }: Held, move: Rational, change: Rational): Rational =>
  times(size, subtract(valueAt(market, instrument, move, change), valueAt(market, instrument, ZERO, ZERO)));

function lossIn(market: Market, held: readonly Held[], scenario: Scenario): Rational {
  return negate(
    sum(
      held.map((each) => {
        const name = market.underlyings[each.instrument.underlying]?.name as string;
        return changeOf(
          market,
          each,
          fine(scenario.moves.get(name) ?? 0),
          fine(scenario.volatilityChanges.get(name) ?? 0),
        );
      }),
    ),
  );
}

const years = (days: Rational): number => nearestDouble(divide(days, rational(365n)));

/** Monte Carlo sources only, whose covariance is given. */
function scenariosOf(market: Market, { scenarios, horizonDays }: TailTerms): readonly Scenario[] {
  return scenarios.flatMap((source) => {
    if (source.kind !== 'monteCarlo' || source.covariance.kind !== 'given') throw new Error('another source');
    return monteCarloScenarios({
      seed: source.seed,
      count: source.count,
      names: market.underlyings.map(({ name }) => name),
      volatilities: source.covariance.volatilities.map(nearestDouble),
      correlation: source.covariance.correlation.map((row) => row.map(nearestDouble)),
      horizonYears: years(horizonDays),
    });
  });
}

export function exactTail(market: Market, held: readonly Held[], terms: TailTerms): Rational {
  const losses = scenariosOf(market, terms)
    .map((scenario) => lossIn(market, held, scenario))
    .sort((a, b) => compare(b, a));
  const tail = times(subtract(ONE, terms.confidence), rational(BigInt(losses.length)));
  const whole = floor(tail);
  if (terms.measure === 'value at risk') return larger(ZERO, losses[Number(whole)] as Rational);
  const part = subtract(tail, rational(whole));
  const beyond = sum([
    ...losses.slice(0, Number(whole)),
    part.num === 0n ? ZERO : times(part, losses[Number(whole)] as Rational),
  ]);
  return larger(ZERO, divide(beyond, tail));
}

export function exactStress(market: Market, held: readonly Held[], { stress }: HybridRecipe): Rational {
  return largest(
    stress.map((source) => {
      if (source.kind !== 'named') throw new Error('another source');
      const numbers = (figures: Readonly<Record<string, Rational>>) =>
        new Map(Object.entries(figures).map(([name, figure]) => [name, nearestDouble(figure)]));
      const { name, moves, volatilityChanges } = source;
      return lossIn(market, held, {
        name,
        moves: numbers(moves),
        volatilityChanges: numbers(volatilityChanges),
      });
    }),
  );
}

interface Sensitivity {
  readonly delta: Rational;
  readonly gamma: Rational;
  readonly vega: Rational;
}

function sensitivity(market: Market, instrument: MarketInstrument): Sensitivity {
  const { contract, mark } = instrument;
  const spot = spotOf(market, instrument);
  if (contract.kind === 'linear') return { delta: mark ?? spot, gamma: ZERO, vega: ZERO };
  const { delta, gamma, vega } = greeks({
    ...contract,
    forward: spot,
    secondsToExpiry: rational(BigInt(contract.expiry - market.time)),
    discount: discount(market, contract.expiry),
  });
  return {
    delta: times(delta.value, spot),
    gamma: times(gamma.value, spot, spot),
    vega: vega.value,
  };
}

export function exactGreeks(market: Market, held: readonly Held[], terms: GreeksTerms): Rational {
  return sum(
    market.underlyings.map(({ volatility }, place) => {
      const own = held.filter(({ instrument }) => instrument.underlying === place);
      const net = (of: (figures: Sensitivity) => Rational): Rational =>
        sum(own.map(({ instrument, size }) => times(size, of(sensitivity(market, instrument)))));
      const [delta, gamma, vega] = [net((g) => g.delta), net((g) => g.gamma), net((g) => g.vega)];
      const step = nearestDouble(volatility as Rational) * Math.sqrt(years(terms.horizonDays));
      return largest(
        terms.multiples.flatMap((multiple) =>
          terms.volatilityChanges.map((change) => {
            const [move, by] = [fine(nearestDouble(multiple) * step), fine(nearestDouble(change))];
            return negate(sum([times(delta, move), times(gamma, move, move, rational(1n, 2n)), times(vega, by)]));
          }),
        ),
      );
    }),
  );
}

/** Not above the true root, and below it by less than 1e-40. */
function root(square: Rational): Rational {
  const scaled = floor(times(square, rational(10n ** 80n)));
  let [low, high] = [0n, 1n << BigInt(scaled.toString(2).length)];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle * middle <= scaled) low = middle;
    else high = middle;
  }
  return rational(low, 10n ** 40n);
}

export function exactParametric(market: Market, held: readonly Held[], terms: ParametricTerms): Rational {
  if (terms.covariance.kind !== 'given') throw new Error('another source');
  const matrix = scaledCholesky({
    volatilities: terms.covariance.volatilities.map(nearestDouble),
    correlation: terms.covariance.correlation.map((row) => row.map(nearestDouble)),
    horizonYears: years(terms.horizonDays),
    quantile: normalQuantile(nearestDouble(terms.confidence)),
  });
  const exposures = terms.factors.map(({ underlying, of }) =>
    sum(
      held
        .filter(({ instrument }) => market.underlyings[instrument.underlying]?.name === underlying)
        .map(({ instrument, size }) => {
          const { delta, vega } = sensitivity(market, instrument);
          const { contract } = instrument;
          if (of === 'price') return times(size, delta);
          return contract.kind === 'linear' ? ZERO : times(size, vega, contract.volatility);
        }),
    ),
  );
  const along = exposures.map((_, column) =>
    sum(exposures.map((exposure, row) => times(exposure, double(matrix[row]?.[column] as number)))),
  );
  return root(sum(along.map((each) => times(each, each))));
}

/** Charges of add-ons: for each position the part of its size in each tier times that tier's charge. */
export function exactCharges(market: Market, held: readonly Held[], addOns: AddOns | null): Rational {
  if (addOns === null) return ZERO;
  return sum(
    held.map(({ instrument, size }) => {
      const spot = spotOf(market, instrument);
      const base = instrument.contract.kind === 'linear' ? exactMark(market, instrument) : spot;
      const spread = times(instrument.halfSpread ?? ZERO, exactMark(market, instrument));
      const tiers = addOnTiers({
        price: nearestDouble(base),
        halfSpread: nearestDouble(divide(spread, base)),
        depth: nearestDouble(instrument.depth ?? ZERO),
        averageDailyVolume: nearestDouble(instrument.averageDailyVolume as Rational),
        participation: nearestDouble(addOns.participation),
        volatility: nearestDouble(market.underlyings[instrument.underlying]?.volatility as Rational),
        impactCoefficient: nearestDouble(addOns.impactCoefficient),
        quantile: normalQuantile(nearestDouble(addOns.confidence)),
        multiples: addOns.multiples.map(nearestDouble),
      });
      let [reached, total] = [ZERO, ZERO];
      for (const { sizeCapUnits, chargePerUnit } of tiers) {
        const end = sizeCapUnits === null ? absolute(size) : double(sizeCapUnits);
        const top = compare(end, absolute(size)) < 0 ? end : absolute(size);
        if (compare(top, reached) > 0) total = add(total, times(subtract(top, reached), double(chargePerUnit)));
        reached = larger(reached, top);
      }
      return total;
    }),
  );
}

/** Requirement in quote. */
export function exactRequirement(market: Market, holdings: Holdings, recipe: MeasuredRecipe): Rational {
  const held = heldOf(market, holdings);
  const charges = exactCharges(market, held, recipe.addOns);
  switch (recipe.family) {
    case 'tail':
      return add(charges, exactTail(market, held, recipe));
    case 'greeks':
      return add(charges, exactGreeks(market, held, recipe));
    case 'parametric':
      return add(charges, exactParametric(market, held, recipe));
    case 'hybrid': {
      const { weights } = recipe;
      const weighted = [
        times(weights.charges, charges),
        times(weights.greeks, exactGreeks(market, held, recipe.greeks)),
        times(weights.parametric, exactParametric(market, held, recipe.parametric)),
        times(weights.tail, exactTail(market, held, recipe.tail)),
        times(weights.stress, exactStress(market, held, recipe)),
      ];
      const joined = recipe.rule === 'sum' ? sum(weighted) : largest(weighted);
      return add(joined, times(recipe.added, charges));
    }
  }
}

/** By underlying the worst weighted loss of the grid. */
export function exactPortfolio(market: Market, holdings: Holdings, { grid, extreme }: PortfolioRecipe): Rational {
  const held = heldOf(market, holdings);
  const rows = [
    ...grid.moves.flatMap((move) =>
      grid.volatilityChanges.map((volatilityChange) => ({ move, volatilityChange, weight: grid.weight })),
    ),
    ...extreme,
  ];
  return sum(
    market.underlyings.map((_, place) => {
      const own = held.filter(({ instrument }) => instrument.underlying === place);
      return largest(
        rows.map(({ move, volatilityChange, weight }) =>
          negate(times(weight, sum(own.map((each) => changeOf(market, each, move, volatilityChange))))),
        ),
      );
    }),
  );
}

/** Rate x |notional|, tier by tier. */
export function exactTiered(market: Market, holdings: Holdings, recipe: TieredRecipe): Rational {
  return sum(
    heldOf(market, holdings).map(({ instrument, size }) => {
      const [least, most] = [recipe.floor, recipe.cap].map(nearestDouble) as [number, number];
      const rate = dynamicRate({
        volatility: nearestDouble(market.underlyings[instrument.underlying]?.volatility as Rational),
        horizonYears: years(recipe.horizonDays),
        confidence: nearestDouble(recipe.confidence),
        floor: least,
        cap: most,
        buffer: nearestDouble(recipe.buffer),
      });
      const base = rate === least ? recipe.floor : rate === most ? recipe.cap : double(rate);
      const notional = times(absolute(size), exactMark(market, instrument));
      let [reached, total] = [ZERO, ZERO];
      for (const { notionalCap, multiple } of recipe.tiers) {
        const top = notionalCap === null || compare(notionalCap, notional) > 0 ? notional : notionalCap;
        if (compare(top, reached) > 0) total = add(total, times(subtract(top, reached), base, multiple));
        reached = larger(reached, top);
      }
      return total;
    }),
  );
}
