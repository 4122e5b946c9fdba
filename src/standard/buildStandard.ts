import { SolvencyError } from '../errors.js';
import { ceiling, floor, type Rational } from '../numbers/rational.js';
import { MODEL_VERSION, RATE_DECIMALS, VALUE_DECIMALS } from '../protocol/constants.js';
import { scaled, startRounding } from '../snapshot/rounding.js';
import type { Rounding, StandardInstrument, StandardSnapshot } from '../snapshot/snapshot.js';
import { validateSnapshot } from '../snapshot/validate.js';
import { violation } from '../snapshot/validateRegistry.js';
import type { StandardParameters } from './standardParameters.js';

/**
 * A valid snapshot of a venue's standard option model.
 *
 * Margins and charges round up, haircut factors and caps round down: no account is ever asked for less than by the exact
 * figures. Strikes have to be exact, since a payoff helps one side as much as it harms the other, and so have the marks
 * of what is no option and the prices of assets. The mark of an option counts nowhere and is cut.
 *
 * Errors: NOT_REPRESENTABLE for what has to be exact and is not, INVALID_SNAPSHOT for what the model does not allow.
 */
export function buildStandard(parameters: StandardParameters): StandardSnapshot {
  const { registry } = parameters;
  const roundings: Rounding[] = [];
  const round = startRounding(roundings);
  const entryOf = (id: number) => {
    const entry = registry.entries.find((candidate) => candidate.id === id);
    return entry ?? violation(`id ${id}`, 'the id must be in the registry');
  };

  const snapshot: StandardSnapshot = {
    registry,
    model: {
      family: 'standard',
      version: MODEL_VERSION.standard,
      claim: parameters.claim,
      haircuts: parameters.haircutRule,
    },
    time: parameters.time,
    assets: parameters.assets.map(({ assetId, price, ladder, charge }) => {
      const { symbol, amountDecimals } = entryOf(assetId);
      const decimals = VALUE_DECIMALS - amountDecimals;
      return {
        assetId,
        price: exactly(price, decimals, `the price of ${symbol}`),
        ladder: ladder.map(({ valueCap, factor }, step) => ({
          valueCap: valueCap === null ? null : round(valueCap, VALUE_DECIMALS, floor, `${symbol} step ${step} cap`),
          factor: round(factor, RATE_DECIMALS, floor, `${symbol} step ${step} factor`),
        })),
        charge: round(charge, decimals, ceiling, `${symbol} charge`),
      };
    }),
    expiries: parameters.expiries.map(({ name, amountDecimals, unpaired }) => ({
      name,
      amountDecimals,
      unpaired: round(unpaired, VALUE_DECIMALS - amountDecimals, ceiling, `${name} unpaired call`),
    })),
    instruments: parameters.instruments.map((instrument): StandardInstrument => {
      const { instrumentId, mark, option } = instrument;
      const { symbol, amountDecimals } = entryOf(instrumentId);
      const decimals = VALUE_DECIMALS - amountDecimals;
      return {
        instrumentId,
        price: option === null ? exactly(mark, decimals, `the mark of ${symbol}`) : floor(scaled(mark, decimals)),
        option: option && {
          expiry: option.expiry,
          strike: exactly(option.strike, decimals, `the strike of ${symbol}`),
          type: option.type,
          isolated: round(option.isolated, decimals, ceiling, `${symbol} isolated margin`),
        },
        longCharge: round(instrument.longCharge, decimals, ceiling, `${symbol} charge of a long`),
        shortCharge: round(instrument.shortCharge, decimals, ceiling, `${symbol} charge of a short`),
      };
    }),
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
