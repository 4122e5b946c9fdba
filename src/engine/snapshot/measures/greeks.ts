import { SolvencyError } from '../../../errors.js';
import { absolute, add, multiply, type Rational, rational } from '../../../numbers/rational.js';
import { FINE_SCALE, MEASURE } from '../../../protocol/constants.js';
import type { CashGreeks, Shock, ShockedUnderlying } from '../../../snapshot/snapshot.js';
import { nearestDouble } from '../../numerics/doubles.js';
import type { CheckedMarket } from '../checkMarket.js';
import type { GreeksTerms } from '../engineModel.js';
import { type Histories, volatilityOf } from '../estimates.js';
import { fineOf, fromFine, largest, roundBothWays } from '../figures.js';
import type { MarketUnderlying } from '../market.js';
import { yearsOfDays } from '../scenarioLists.js';
import type { MeasurePart } from './measurePart.js';
import { sensitivities } from './sensitivities.js';
import { changeUnit } from './units.js';

export interface GreeksPart extends MeasurePart {
  readonly underlyings: readonly ShockedUnderlying[];
  /** one per instrument */
  readonly greeks: readonly CashGreeks[];
}

/** Every multiple of the volatility over the horizon with every change of volatility; what moves nothing is left out. */
function shocksOf(name: string, volatility: number, terms: GreeksTerms): readonly Shock[] {
  const step = volatility * Math.sqrt(yearsOfDays(terms.horizonDays));
  const shocks = terms.multiples
    .flatMap((multiple) =>
      terms.volatilityChanges.map((change) => ({
        move: fineOf(nearestDouble(multiple) * step),
        volatility: fineOf(nearestDouble(change)),
      })),
    )
    .filter(({ move, volatility: change }) => move !== 0n || change !== 0n);
  if (shocks.length === 0 || shocks.length > MEASURE.shocks) {
    throw new SolvencyError(
      'INVALID_INPUT',
      `The model shocks ${name} in ${shocks.length} ways, and there must be 1 to ${MEASURE.shocks}. Change the multiples, or the changes of volatility.`,
    );
  }
  if (shocks.some(({ move }) => move < -FINE_SCALE)) {
    throw new SolvencyError(
      'INVALID_INPUT',
      `A shock takes the price of ${name} below zero. Lower the multiples or the horizon.`,
    );
  }
  return shocks;
}

/**
 * Shocks of the underlyings and cash Greeks of the contracts. The loss in a shock is -(delta m + gamma m^2 / 2 + vega v), and
 * the worst of them moves no faster than any: an error of u in each Greek moves it by at most
 * u_delta |m| + u_gamma m^2 / 2 + u_vega |v|, so the largest of that over the shocks bounds what a unit of size is off.
 */
export function greeksPart(market: CheckedMarket, terms: GreeksTerms, histories: Histories): GreeksPart {
  const volatilities = market.underlyings.map((underlying) => volatilityOf(underlying, terms.volatility, histories));
  const underlyings = market.underlyings.map(({ name }: MarketUnderlying, place): ShockedUnderlying => {
    return { name, shocks: shocksOf(name, volatilities[place]?.value as number, terms) };
  });
  const rounded = market.instruments.map((instrument) => {
    const { underlying, entry } = instrument;
    const exact = sensitivities(market, instrument);
    const unit = changeUnit(entry);
    const [delta, gamma, vega] = [exact.delta, exact.gamma, exact.vega].map((each) => roundBothWays([each], unit));
    const unitOf = (figure: typeof delta): bigint => figure?.units[0] as bigint;
    const offBy = (shock: Shock): Rational => {
      const [move, change] = [absolute(fromFine(shock.move)), absolute(fromFine(shock.volatility))];
      const curved = multiply(multiply(move, move), rational(1n, 2n));
      return add(
        add(multiply(delta?.error as Rational, move), multiply(gamma?.error as Rational, curved)),
        multiply(vega?.error as Rational, change),
      );
    };
    return {
      greeks: { underlying, delta: unitOf(delta), gamma: unitOf(gamma), vega: unitOf(vega) },
      error: largest((underlyings[underlying]?.shocks ?? []).map(offBy)),
    };
  });
  return {
    underlyings,
    greeks: rounded.map(({ greeks }) => greeks),
    errors: rounded.map(({ error }) => error),
    provenance: [
      ...market.underlyings.map(({ name }, place) => ({
        where: `shocks of ${name}`,
        from: `multiples of its volatility over the horizon; ${volatilities[place]?.from}`,
      })),
      { where: 'Greeks', from: 'Black-76 at the spot price and volatility of the market' },
    ],
    histories: volatilities.flatMap(({ histories: used }) => used),
    roundings: [
      {
        where: 'moves of the shocks',
        exact: 'doubles',
        used: 'nearest 1e-9, which defines the shocks',
      },
    ],
  };
}
