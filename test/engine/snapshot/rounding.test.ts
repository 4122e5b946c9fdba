import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Holdings } from '../../../src/account/account.js';
import { buildEngineSnapshot } from '../../../src/engine/snapshot/buildEngineSnapshot.js';
import type {
  EngineModel,
  MeasuredRecipe,
  PortfolioRecipe,
  TieredRecipe,
} from '../../../src/engine/snapshot/engineModel.js';
import type { Market } from '../../../src/engine/snapshot/market.js';
import { marginFigures } from '../../../src/margin/families.js';
import { compare, type Rational, rational, subtract } from '../../../src/numbers/rational.js';
import { buildRiskTable } from '../../../src/risk/riskTable.js';
import { exactPortfolio, exactRequirement, exactTiered, exactWorth } from './exactModel.js';
import { addOns, greeksTerms, holdingsIn, hybrids, markets, number, parametricTerms, tailTerms } from './markets.js';

/** As a snapshot of the market says it, quote. */
function stated(market: Market, model: EngineModel, holdings: Holdings): { requirement: Rational; equity: Rational } {
  const table = buildRiskTable(buildEngineSnapshot(market, [], model));
  const { requirement, weightedEquity, decimals } = marginFigures(holdings, table);
  const unit = 10n ** BigInt(decimals);
  return { requirement: rational(requirement, unit), equity: rational(weightedEquity, unit) };
}

const COLLATERAL = rational(1n);

/** Neither is less asked for, nor is less left after marks are counted; and what is asked for more is next to nothing. */
function neverLaxer(market: Market, model: EngineModel, holdings: Holdings, exact: Rational): void {
  const { requirement, equity } = stated(market, model, holdings);
  expect(compare(requirement, exact)).toBeGreaterThanOrEqual(0);
  const exactEquity = exactWorth(market, holdings);
  const room = subtract(subtract(equity, COLLATERAL), requirement);
  expect(compare(room, subtract(exactEquity, exact))).toBeLessThanOrEqual(0);
}

const base = { claim: 'maintenance', haircuts: 'marginal' } as const;
const runs = { numRuns: 25 };

const checked = (recipes: (market: Market) => fc.Arbitrary<MeasuredRecipe>): void =>
  fc.assert(
    fc.property(
      markets(3).chain((market) => fc.tuple(fc.constant(market), recipes(market), holdingsIn(market))),
      ([market, recipe, holdings]) => neverLaxer(market, recipe, holdings, exactRequirement(market, holdings, recipe)),
    ),
    runs,
  );

describe('no account is asked for less than by the model without roundings', () => {
  it('tail', () =>
    checked((market) =>
      fc.tuple(tailTerms(market), addOns).map(([terms, charges]) => ({
        ...base,
        ...terms,
        family: 'tail',
        blocks: null,
        addOns: charges,
      })),
    ));

  it('greeks', () =>
    checked(() =>
      fc
        .tuple(greeksTerms, addOns)
        .map(([terms, charges]) => ({ ...base, ...terms, family: 'greeks', addOns: charges })),
    ));

  it('parametric', () =>
    checked((market) =>
      fc.tuple(parametricTerms(market), addOns).map(([terms, charges]) => ({
        ...base,
        ...terms,
        family: 'parametric',
        addOns: charges,
      })),
    ));

  it('hybrid', () => checked(hybrids));

  const grid: PortfolioRecipe = {
    ...base,
    family: 'portfolio',
    grid: {
      moves: ['-0.15', '-0.075', '0', '0.075', '0.15'].map(number),
      volatilityChanges: ['-0.2', '0', '0.2'].map(number),
      weight: number('1.25'),
    },
    extreme: [{ move: number('-0.6'), volatilityChange: number('0.3'), weight: number('1/3') }],
  };
  it('portfolio', () =>
    fc.assert(
      fc.property(
        markets(3).chain((market) => fc.tuple(fc.constant(market), holdingsIn(market))),
        ([market, holdings]) => neverLaxer(market, grid, holdings, exactPortfolio(market, holdings, grid)),
      ),
      runs,
    ));

  const dynamic: TieredRecipe = {
    ...base,
    family: 'tiered',
    confidence: number('0.99'),
    horizonDays: number('2'),
    volatility: { kind: 'market' },
    floor: number('1/75'),
    cap: number('0.5'),
    buffer: number('0.25'),
    tiers: [
      { notionalCap: number('1000.00000000000000009'), multiple: number('1') },
      { notionalCap: null, multiple: number('4/3') },
    ],
  };
  it('tiered', () =>
    fc.assert(
      fc.property(
        markets(0).chain((market) => fc.tuple(fc.constant(market), holdingsIn(market))),
        ([market, holdings]) => neverLaxer(market, dynamic, holdings, exactTiered(market, holdings, dynamic)),
      ),
      runs,
    ));
});
