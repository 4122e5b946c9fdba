import { SolvencyError } from '../errors.js';
import { add, ceiling, compare, floor, multiply, ONE, type Rational, rational, ZERO } from '../numbers/rational.js';
import { type Approximation, lowerBound, upperBound } from '../pricing/approximation.js';
import { FINE_DECIMALS, MODEL_VERSION, RATE_DECIMALS, VALUE_DECIMALS } from '../protocol/constants.js';
import { larger, nearest, scaled, startRounding } from '../snapshot/rounding.js';
import type {
  ExpiryParameters,
  PortfolioInstrument,
  PortfolioSnapshot,
  Rounding,
  Scenario,
} from '../snapshot/snapshot.js';
import { validateSnapshot } from '../snapshot/validate.js';
import { violation } from '../snapshot/validateRegistry.js';
import type { PortfolioParameters, ScenarioParameters } from './portfolioParameters.js';

/**
 * A valid snapshot of a venue's portfolio model.
 *
 * Discounts are kept rounded down and up, weights, floors and charges round up, haircut factors and caps round down. A
 * contract's values help one side as much as they harm the other, so they round to the nearest unit and every unit of
 * size pays for what that can be worth: an error of one unit in each value moves equity by one unit, a scenario's
 * weighted loss by its weight x (1 + the larger discount), and the loss of the basis by one, so the charge of an expiry
 * with any inexact value grows by 1 + max(1, largest weight x (1 + largest discount)) units, rounded up. With it no
 * account is ever asked for less than by the exact figures at a threshold of 100% or more. (Below, the charge shrinks with
 * the threshold and the marks' own part of the error does not: at most one unit a unit of size. A floor is compared with
 * equity at the rounded marks.) Shocks have to be exact: they too cut both ways.
 *
 * Errors: NOT_REPRESENTABLE for a shock or an asset's price with too many decimals, INVALID_SNAPSHOT for what the model
 * does not allow, by name.
 */
export function buildPortfolio(parameters: PortfolioParameters): PortfolioSnapshot {
  const { registry } = parameters;
  const roundings: Rounding[] = [];
  const round = startRounding(roundings);
  const entries = new Map(registry.entries.map((entry) => [entry.id, entry]));
  const decimalsOf = (id: number): number => {
    const entry = entries.get(id);
    if (entry === undefined) violation(`id ${id}`, 'the id must be in the registry');
    return VALUE_DECIMALS - entry.amountDecimals;
  };

  const scenario = ({ weight, shock, floorWeight }: ScenarioParameters, where: string): Scenario => ({
    weight: round(weight, FINE_DECIMALS, ceiling, `${where} weight`),
    shock: exactly(shock, FINE_DECIMALS, `the shock of ${where}`),
    floorWeight: round(floorWeight, FINE_DECIMALS, ceiling, `${where} floor weight`),
  });
  const heaviest = [...parameters.scenarios, ...parameters.absoluteScenarios].reduce(
    (most, { weight }) => larger(most, weight),
    ZERO,
  );

  const expiries = parameters.expiries.map((expiry, index): ExpiryParameters => {
    const { name, underlying, perpetual, amountDecimals } = expiry;
    const decimals = VALUE_DECIMALS - amountDecimals;
    const contracts = parameters.instruments.filter((instrument) => instrument.expiry === index);
    const exact = contracts.every(({ mark, up, down, values }) =>
      [mark, up, down, ...values].every(({ value, error }) => error.num === 0n && scaled(value, decimals).den === 1n),
    );
    const discount = larger(upperBound(expiry.positiveDiscount), upperBound(expiry.negativeDiscount));
    const allowance = exact ? 0n : ceiling(add(ONE, larger(ONE, multiply(heaviest, add(ONE, discount)))));
    const charge = (value: Rational, what: string) => round(value, decimals, ceiling, `${name} ${what}`) + allowance;
    return {
      name,
      underlying,
      perpetual,
      amountDecimals,
      positiveDiscount: bothWays(expiry.positiveDiscount),
      negativeDiscount: bothWays(expiry.negativeDiscount),
      charge: charge(expiry.charge, 'charge'),
      chargeWithPerpetual: charge(expiry.chargeWithPerpetual, 'charge with a perpetual'),
    };
  });

  const instruments = parameters.instruments.map((instrument): PortfolioInstrument => {
    const { instrumentId, expiry, nets } = instrument;
    const decimals = decimalsOf(instrumentId);
    const where = `instrument with id ${instrumentId}`;
    const value = (approximation: Approximation): bigint => nearest(scaled(approximation.value, decimals));
    const all = [instrument.mark, instrument.up, instrument.down, ...instrument.values];
    if (all.some(({ error }) => compare(scaled(error, decimals), rational(1n, 2n)) > 0)) {
      violation(where, 'its values must be known to half a unit');
    }
    return {
      instrumentId,
      price: value(instrument.mark),
      expiry,
      nets,
      up: value(instrument.up),
      down: value(instrument.down),
      nakedCharge: round(instrument.nakedCharge, decimals, ceiling, `${where} naked charge`),
      floorCharge: round(instrument.floorCharge, decimals, ceiling, `${where} floor charge`),
      values: instrument.values.map(value),
    };
  });

  const snapshot: PortfolioSnapshot = {
    registry,
    model: {
      family: 'portfolio',
      version: MODEL_VERSION.portfolio,
      claim: parameters.claim,
      haircuts: parameters.haircutRule,
      scenarios: parameters.scenarios.map((each, s) => scenario(each, `scenario ${s}`)),
      absoluteScenarios: parameters.absoluteScenarios.map((each, s) => scenario(each, `absolute scenario ${s}`)),
    },
    time: parameters.time,
    underlyings: parameters.underlyings,
    assets: parameters.assets.map(({ assetId, price, ladder, underlying }) => ({
      assetId,
      price: exactly(price, decimalsOf(assetId), `the price of the asset with id ${assetId}`),
      ladder: ladder.map(({ valueCap, factor }, step) => ({
        valueCap:
          valueCap === null ? null : round(valueCap, VALUE_DECIMALS, floor, `asset ${assetId} step ${step} cap`),
        factor: round(factor, RATE_DECIMALS, floor, `asset ${assetId} step ${step} factor`),
      })),
      underlying,
    })),
    expiries,
    instruments,
    roundings,
  };
  validateSnapshot(snapshot);
  return snapshot;
}

function exactly(value: Rational, decimals: number, what: string): bigint {
  const units = scaled(value, decimals);
  if (units.den === 1n) return units.num;
  throw new SolvencyError('NOT_REPRESENTABLE', `${what} has more than ${decimals} decimals.`, { details: { what } });
}

const bothWays = (discount: Approximation): readonly [bigint, bigint] => {
  const down = floor(scaled(lowerBound(discount), FINE_DECIMALS));
  return [down < 0n ? 0n : down, ceiling(scaled(upperBound(discount), FINE_DECIMALS))];
};
