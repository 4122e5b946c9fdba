import { SolvencyError } from '../../errors.js';
import { ceiling, floor, multiply, type Rational } from '../../numbers/rational.js';
import { MODEL_VERSION, RATE_DECIMALS, VALUE_DECIMALS } from '../../protocol/constants.js';
import { withDeductions } from '../../snapshot/derived/parts.js';
import { shortText } from '../../snapshot/rounding.js';
import type { InstrumentParameters, MarginTier, TieredSnapshot } from '../../snapshot/snapshot.js';
import { nearestDouble } from '../numerics/doubles.js';
import { dynamicRate } from '../volatility.js';
import { assetParameters } from './assets.js';
import type { CheckedMarket } from './checkMarket.js';
import type { TieredRecipe } from './engineModel.js';
import { type Histories, historyProvenance, volatilityOf } from './estimates.js';
import { exactDouble, type Rounder, startRounder } from './figures.js';
import { type MarkPrice, marksOf } from './marks.js';
import type { OnProgress } from './onProgress.js';
import { yearsOfDays } from './scenarioLists.js';

/** Rates up, caps down; deductions follow from both, so that the requirement is continuous in size. */
function tiersOf({ tiers }: TieredRecipe, rate: Rational, symbol: string, rounder: Rounder): readonly MarginTier[] {
  const rounded = tiers.map(({ notionalCap, multiple }, index) => {
    const where = `${symbol} tier ${index}`;
    const used = rounder.round(multiply(rate, multiple), RATE_DECIMALS, ceiling, `${where} rate`);
    return {
      notionalCap: notionalCap === null ? null : rounder.round(notionalCap, VALUE_DECIMALS, floor, `${where} cap`),
      rate: used,
    };
  });
  return withDeductions(rounded, 'marginal');
}

/**
 * A tiered snapshot whose rates follow the volatility of each underlying, between a floor and a cap and with a buffer: see
 * dynamicRate. Throws INVALID_INPUT for an option, whose risk no rate of its mark covers, and as dynamicRate does.
 */
export function tieredSnapshot(
  market: CheckedMarket,
  recipe: TieredRecipe,
  histories: Histories,
  onProgress: OnProgress,
): TieredSnapshot {
  const rounder = startRounder();
  onProgress('estimating from market data', 0);
  const option = market.instruments.find(({ contract }) => contract.kind === 'option');
  if (option !== undefined) {
    throw new SolvencyError(
      'INVALID_INPUT',
      `${option.entry.symbol} is an option, and a rate of its mark does not cover it. Take a family that revalues it, or leave it out.`,
      { details: { symbol: option.entry.symbol } },
    );
  }
  const volatilities = market.underlyings.map((underlying) => volatilityOf(underlying, recipe.volatility, histories));
  const [horizonYears, confidence, floorRate, cap, buffer] = [
    yearsOfDays(recipe.horizonDays),
    ...[recipe.confidence, recipe.floor, recipe.cap, recipe.buffer].map(nearestDouble),
  ] as [number, number, number, number, number];
  const rates = volatilities.map(({ value: volatility }): Rational => {
    const rate = dynamicRate({ volatility, horizonYears, confidence, floor: floorRate, cap, buffer });
    // a bound that is met counts as stated: as a double it may be a little more, and would round up
    if (rate === floorRate) return recipe.floor;
    return rate === cap ? recipe.cap : exactDouble(rate);
  });
  const marks = marksOf(market, rounder);
  return {
    registry: market.registry,
    model: {
      family: 'tiered',
      version: MODEL_VERSION.tiered,
      claim: recipe.claim,
      haircuts: recipe.haircuts,
      tiers: 'marginal',
    },
    time: market.time,
    assets: assetParameters(market, rounder),
    instruments: market.instruments.map(
      ({ entry, underlying }, index): InstrumentParameters => ({
        instrumentId: entry.id,
        price: (marks[index] as MarkPrice).price,
        tiers: tiersOf(recipe, rates[underlying] as Rational, entry.symbol, rounder),
      }),
    ),
    roundings: rounder.roundings,
    provenance: [
      { where: 'marks', from: 'the market' },
      ...market.underlyings.map(({ name }, place) => ({
        where: `rates of contracts on ${name}`,
        from: `normal quantile ${shortText(recipe.confidence)}, ${shortText(recipe.horizonDays)} days, floor ${shortText(recipe.floor)}, cap ${shortText(recipe.cap)}, buffer ${shortText(recipe.buffer)}; ${volatilities[place]?.from}`,
      })),
      ...historyProvenance(volatilities.flatMap(({ histories: used }) => used)),
    ],
  };
}
