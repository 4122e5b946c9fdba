import { SolvencyError } from '../../../errors.js';
import {
  absolute,
  add,
  ceiling,
  multiply,
  type Rational,
  rational,
  subtract,
  sum,
  ZERO,
} from '../../../numbers/rational.js';
import { type Approximation, exact } from '../../../pricing/approximation.js';
import { FINE_SCALE, MEASURE } from '../../../protocol/constants.js';
import { shortText } from '../../../snapshot/rounding.js';
import type { RiskFactors } from '../../../snapshot/snapshot.js';
import { scaledCholesky } from '../../covariance.js';
import { nearestDouble } from '../../numerics/doubles.js';
import { normalQuantile } from '../../numerics/elementary.js';
import type { CheckedMarket, ListedInstrument } from '../checkMarket.js';
import type { ParametricTerms } from '../engineModel.js';
import { type Histories, momentsFrom, type Series } from '../estimates.js';
import { exactDouble, fineOf, fromFine, roundBothWays } from '../figures.js';
import { yearsOfDays } from '../scenarioLists.js';
import type { MeasurePart } from './measurePart.js';
import { sensitivities } from './sensitivities.js';
import { changeUnit } from './units.js';

export interface ParametricPart extends MeasurePart {
  readonly factors: RiskFactors;
  /** per instrument, one per factor */
  readonly exposures: readonly (readonly bigint[])[];
}

/** The factors with their underlyings; a contract whose price no factor moves would count as free of risk. */
function seriesOf(market: CheckedMarket, { factors }: ParametricTerms): readonly Series[] {
  const series = factors.map(({ underlying: name, of }): Series => {
    const underlying = market.underlyings.find((each) => each.name === name);
    if (underlying === undefined) {
      throw new SolvencyError(
        'INVALID_INPUT',
        `The model has a factor of ${name}, which is no underlying of the market.`,
      );
    }
    return { name: of === 'price' ? name : `${name} volatility`, underlying, of };
  });
  if (new Set(series.map(({ name }) => name)).size !== series.length) {
    throw new SolvencyError('DUPLICATE', 'The model has a factor twice. Leave one of each.');
  }
  if (series.length > MEASURE.factors) {
    throw new SolvencyError(
      'INVALID_INPUT',
      `The model has ${series.length} factors, and at most ${MEASURE.factors} fit.`,
    );
  }
  for (const { underlying, entry } of market.instruments) {
    const name = market.underlyings[underlying]?.name;
    if (!series.some((each) => each.of === 'price' && each.underlying.name === name)) {
      throw new SolvencyError(
        'INVALID_INPUT',
        `No factor of the model moves the price of ${name}, which ${entry.symbol} needs.`,
      );
    }
  }
  return series;
}

/** Change of value when each factor rises by 1, quote per whole thing of size. */
function exposuresOf(
  market: CheckedMarket,
  instrument: ListedInstrument,
  series: readonly Series[],
): readonly Approximation[] {
  const { delta, vega } = sensitivities(market, instrument);
  const { contract } = instrument;
  const volatility = contract.kind === 'linear' ? ZERO : contract.volatility;
  const name = market.underlyings[instrument.underlying]?.name;
  return series.map(({ underlying, of }) => {
    if (underlying.name !== name) return exact(ZERO);
    if (of === 'price') return delta;
    return { value: multiply(vega.value, volatility), error: multiply(vega.error, volatility) };
  });
}

/** Sums of errors need no more digits than this, rounded up. */
const GRID = 10n ** 18n;
const coarse = (value: Rational): Rational => rational(ceiling(multiply(value, rational(GRID))), GRID);

/**
 * Correlated factors and exposures. Value at risk is |L' x|, L the factor matrix in doubles, x the exposures of an account.
 * With L and x both rounded,
 *
 *   |L~' x~| >= |L' x| - |L' (x~ - x)| - |(L~ - L)' x~|
 *
 * and |M' y| <= sum over factors of |y_f| x (sum of the magnitudes in row f of M), so a unit of size is off by at most
 * sum of u_f x row sum of |L| + |x~_f| x row sum of |L~ - L|, with u_f the error of its exposure to f.
 */
export function parametricPart(market: CheckedMarket, terms: ParametricTerms, histories: Histories): ParametricPart {
  const series = seriesOf(market, terms);
  const moments = momentsFrom(series, terms.covariance, histories);
  const matrix = scaledCholesky({
    ...moments.value,
    horizonYears: yearsOfDays(terms.horizonDays),
    quantile: normalQuantile(nearestDouble(terms.confidence)),
  }).map((row, index) => row.slice(0, index + 1));
  const cholesky = matrix.map((row) => row.map(fineOf));
  const lengths = matrix.map((row) => coarse(sum(row.map((entry) => absolute(exactDouble(entry))))));
  const losses = matrix.map((row, f) =>
    coarse(sum(row.map((entry, j) => absolute(subtract(exactDouble(entry), fromFine(cholesky[f]?.[j] as bigint)))))),
  );
  const rounded = market.instruments.map((instrument) => {
    const figures = exposuresOf(market, instrument, series).map((each) =>
      roundBothWays([each], changeUnit(instrument.entry)),
    );
    const offBy = figures.map(({ units, error }, f) =>
      add(
        multiply(error, lengths[f] as Rational),
        multiply(absolute(rational(units[0] as bigint)), losses[f] as Rational),
      ),
    );
    return { exposures: figures.map(({ units }) => units[0] as bigint), error: sum(offBy) };
  });
  return {
    factors: { names: series.map(({ name }) => name), cholesky },
    exposures: rounded.map(({ exposures }) => exposures),
    errors: rounded.map(({ error }) => error),
    provenance: [
      {
        where: 'factor matrix',
        from: `normal quantile of ${shortText(terms.confidence)} over ${shortText(terms.horizonDays)} days; ${moments.from}`,
      },
      { where: 'exposures', from: 'Black-76 delta x spot, vega x volatility; curvature is not part of this measure' },
    ],
    histories: moments.histories,
    roundings: [
      {
        where: 'entries of the factor matrix',
        exact: 'doubles',
        used: `nearest ${shortText(rational(1n, FINE_SCALE))}; the charges ask for what that can be worth`,
      },
    ],
  };
}
