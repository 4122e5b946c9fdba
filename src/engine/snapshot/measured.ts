import { SolvencyError } from '../../errors.js';
import { maximum } from '../../numbers/maximum.js';
import { add, ceiling, divide, multiply, type Rational, rational, ZERO } from '../../numbers/rational.js';
import { MEASURE, MODEL_VERSION, RATE_DECIMALS, RATE_SCALE } from '../../protocol/constants.js';
import { larger } from '../../snapshot/rounding.js';
import type { ChargeTier, MeasuredInstrument, MeasuredSnapshot, MeasureWeights } from '../../snapshot/snapshot.js';
import { chargeTiers } from './addOnTiers.js';
import { assetParameters } from './assets.js';
import type { CheckedMarket } from './checkMarket.js';
import type { HybridRecipe, MeasuredRecipe } from './engineModel.js';
import { type Histories, historyProvenance, volatilityOf } from './estimates.js';
import { type Rounder, startRounder } from './figures.js';
import { type MarkPrice, marksOf } from './marks.js';
import { type GreeksPart, greeksPart } from './measures/greeks.js';
import type { MeasurePart } from './measures/measurePart.js';
import { type ParametricPart, parametricPart } from './measures/parametric.js';
import { type ScenarioPart, scenarioPart } from './measures/scenarios.js';
import type { OnProgress } from './onProgress.js';

interface Parts {
  readonly greeks?: GreeksPart;
  readonly parametric?: ParametricPart;
  readonly scenarios?: ScenarioPart;
}

function partsOf(
  market: CheckedMarket,
  recipe: MeasuredRecipe,
  histories: Histories,
  rounder: Rounder,
  onProgress: OnProgress,
): Parts {
  const fraction = (done: number): void => onProgress('revaluing contracts in every scenario', done);
  switch (recipe.family) {
    case 'greeks':
      return { greeks: greeksPart(market, recipe, histories) };
    case 'parametric':
      return { parametric: parametricPart(market, recipe, histories) };
    case 'tail': {
      const lists = { family: recipe.family, stress: [], blocks: recipe.blocks };
      return { scenarios: scenarioPart(market, recipe, lists, histories, rounder, fraction) };
    }
    case 'hybrid':
      return {
        greeks: greeksPart(market, recipe.greeks, histories),
        parametric: parametricPart(market, recipe.parametric, histories),
        scenarios: scenarioPart(market, recipe.tail, recipe, histories, rounder, fraction),
      };
    default:
      return recipe satisfies never;
  }
}

/** How a hybrid combines its measures, rounded up: each of them only adds. */
interface Combination {
  readonly weights: MeasureWeights;
  readonly added: bigint;
}

function combinationOf({ weights, added }: HybridRecipe, rounder: Rounder): Combination {
  const weight = (value: Rational, what: string): bigint => rounder.round(value, RATE_DECIMALS, ceiling, what);
  return {
    weights: {
      charges: weight(weights.charges, 'weight of charges'),
      greeks: weight(weights.greeks, 'weight of the Greeks'),
      parametric: weight(weights.parametric, 'weight of the parametric measure'),
      tail: weight(weights.tail, 'weight of the tail'),
      stress: weight(weights.stress, 'weight of stress'),
    },
    added: weight(added, 'weight of the added charges'),
  };
}

/**
 * What each unit of size of instrument `index` is charged for roundings, 1e-16 quote. One measure with weight 1: its error
 * and the mark's. A hybrid's sum is off by the sum of its weighted errors, its maximum by the largest of them; what is added
 * of the charges has to cover that.
 */
function allowanceOf(parts: Parts, index: number, mark: MarkPrice, hybrid: Hybrid | undefined): bigint {
  const errorOf = (part: MeasurePart | undefined): Rational => part?.errors[index] ?? ZERO;
  const markError = rational(mark.error);
  const fine = (error: Rational): Rational => multiply(error, rational(MEASURE.changeScale));
  const { greeks, parametric, scenarios } = parts;
  if (hybrid === undefined) {
    return ceiling([greeks, parametric, scenarios].reduce((sum, part) => add(sum, fine(errorOf(part))), markError));
  }
  const { weights, added } = hybrid.combination;
  const weighted = (
    [
      [weights.greeks, greeks],
      [weights.parametric, parametric],
      [weights.tail, scenarios],
      [weights.stress, scenarios],
    ] as const
  ).map(([weight, part]) => multiply(rational(weight, RATE_SCALE), fine(errorOf(part))));
  const measures = weighted.reduce(hybrid.recipe.rule === 'sum' ? add : larger, ZERO);
  const needed = add(measures, markError);
  if (needed.num === 0n) return 0n;
  if (added === 0n) {
    throw new SolvencyError(
      'INVALID_INPUT',
      'The weight `added` of the charges is 0, and they have to pay for what roundings can be worth. Give it a weight above 0.',
    );
  }
  return ceiling(divide(needed, rational(added, RATE_SCALE)));
}

interface Hybrid {
  readonly recipe: HybridRecipe;
  readonly combination: Combination;
}

const chargedMore = (tiers: readonly ChargeTier[], allowance: bigint): readonly ChargeTier[] =>
  tiers.map(({ sizeCap, charge }) => ({ sizeCap, charge: charge + allowance }));

/**
 * A snapshot of a family of risk measures. Figures that cut both ways round to nearest, and every unit of size is charged
 * for the most that this can be worth: see the parts. Claims hold as those of buildPortfolio do, at a threshold of 100% or
 * more.
 */
export function measuredSnapshot(
  market: CheckedMarket,
  recipe: MeasuredRecipe,
  histories: Histories,
  onProgress: OnProgress,
): MeasuredSnapshot {
  const rounder = startRounder();
  onProgress('estimating from market data', 0);
  const hybrid = recipe.family === 'hybrid' ? { recipe, combination: combinationOf(recipe, rounder) } : undefined;
  const parts = partsOf(market, recipe, histories, rounder, onProgress);
  const { greeks, parametric, scenarios } = parts;
  onProgress('charges and marks', 0);
  const marks = marksOf(market, rounder);
  const { addOns } = recipe;
  const volatilities = market.underlyings.map((underlying) =>
    addOns === null ? undefined : volatilityOf(underlying, addOns.volatility, histories),
  );
  const allowances = marks.map((mark, index) => allowanceOf(parts, index, mark, hybrid));
  const instruments = market.instruments.map((instrument, index): MeasuredInstrument => {
    const mark = marks[index] as MarkPrice;
    const tiers = chargeTiers(market, instrument, addOns, volatilities[instrument.underlying], mark.quote);
    return {
      instrumentId: instrument.entry.id,
      price: mark.price,
      charges: chargedMore(tiers, allowances[index] as bigint),
      greeks: greeks?.greeks[index] ?? null,
      exposures: parametric?.exposures[index] ?? [],
      changes: scenarios?.changes[index] ?? [],
    };
  });
  const used = [greeks, parametric, scenarios].filter((part) => part !== undefined);
  const assets = assetParameters(market, rounder);
  for (const part of used) part.roundings.forEach(rounder.record);
  const most = maximum([0n, ...allowances]);
  if (most > 0n) {
    rounder.record({
      where: `figures of ${instruments.length} contracts per unit of size`,
      exact: 'real numbers with certain bounds',
      used: `nearest 1e-12 quote; each unit is charged for what that can be worth, up to ${most} x 1e-16 quote`,
    });
  }
  if (addOns !== null) {
    rounder.record({ where: 'add-ons', exact: 'doubles', used: 'charges up to 1e-16 quote, caps down to whole units' });
  }
  const { family, claim, haircuts } = recipe;
  const shared = { version: MODEL_VERSION[family], claim, haircuts };
  const table = {
    registry: market.registry,
    time: market.time,
    assets,
    underlyings: greeks?.underlyings ?? [],
    instruments,
    roundings: rounder.roundings,
    provenance: [
      { where: 'marks', from: 'the market; options without one by Black-76' },
      ...used.flatMap(({ provenance }) => provenance),
      ...(addOns === null
        ? []
        : market.underlyings.map(({ name }, place) => ({
            where: `add-ons of contracts on ${name}`,
            from: `volume, depth and spread of the market; ${volatilities[place]?.from}`,
          }))),
      ...historyProvenance([...used, ...volatilities].flatMap((part) => part?.histories ?? [])),
    ],
  };
  // the recipe's family says which of them it is
  return { ...table, model: modelOf(recipe, shared, parts, hybrid) } as MeasuredSnapshot;
}

/** The model of the family, with the parts that it has. */
function modelOf(
  recipe: MeasuredRecipe,
  shared: { readonly version: number; readonly claim: string; readonly haircuts: MeasuredRecipe['haircuts'] },
  { parametric, scenarios }: Parts,
  hybrid: Hybrid | undefined,
): object {
  return {
    family: recipe.family,
    ...shared,
    ...(parametric === undefined ? {} : { factors: parametric.factors }),
    ...(scenarios === undefined ? {} : { tail: scenarios.tail, blocks: scenarios.blocks }),
    ...(hybrid === undefined
      ? {}
      : { stress: scenarios?.stress ?? [], rule: hybrid.recipe.rule, ...hybrid.combination }),
  };
}
