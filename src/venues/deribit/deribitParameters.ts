/**
 * A grid in the manner of Deribit's portfolio margin as a portfolio model. Source: support.deribit.com, Portfolio Margin:
 *
 *   core      the largest price move (for example 16%) in evenly spaced buckets (9), each with volatility up, same and down
 *   extended  moves of -66, -33, +50, +100, +200, +300, +400 and +500% with volatility up, of which a fraction counts
 *
 * Both tables together are 27 + 8 = 35 rows. The one in which nothing moves loses nothing and needs no place; of the other
 * 34 the model has room for 30. A row left out could only make the requirement laxer, so none ever is: see `placement`.
 */
import { SolvencyError } from '../../errors.js';
import { absolute, add, multiply, type Rational, rational, subtract, ZERO } from '../../numbers/rational.js';
import type { PortfolioParameters, ScenarioParameters } from '../../portfolio/portfolioParameters.js';
import type { Approximation } from '../../pricing/approximation.js';
import { PORTFOLIO } from '../../protocol/constants.js';
import type { GridMarket, PricedExpiry } from '../grid/gridMarket.js';
import { gridParameters, PLAIN_CONTRACT } from '../grid/gridParameters.js';
import { type GridScenario, movedGrid, type VolatilityRule } from '../grid/movedGrid.js';
import { netsWithPrevious } from '../grid/netsWithPrevious.js';

export interface DeribitGrid {
  readonly maxMove: Rational;
  /** odd, from 3, the unmoved one counted */
  readonly buckets: number;
  readonly volatility: VolatilityRule;
  /** rows of the extended table and the part of a loss that counts in them */
  readonly extended: readonly { readonly move: Rational; readonly fraction: Rational }[];
  /** what the claim asks of the worst loss: 1 for maintenance */
  readonly factor: Rational;
  /**
   * exact: every row is a plain scenario, so that the model takes the venue's maximum; refused when there are too many.
   * stricter: four rows of the core are put where the model has room for more, so that the whole table fits. With the price
   * unmoved and volatility up or down, each expiry's change counts as a loss, whatever its sign; the smallest moves with
   * the same volatility count the losses of each expiry without the gains of others. Both ask for at least as much.
   */
  readonly placement: 'exact' | 'stricter';
}

export interface DeribitExpiry extends PricedExpiry {
  /** quote for each option that is short net of the other one of its strike: Deribit's option contingency; 0 for none */
  readonly nakedCharge: Rational;
}

export const DERIBIT_EXTENDED_MOVES: readonly Rational[] = [-66n, -33n, 50n, 100n, 200n, 300n, 400n, 500n].map(
  (percent) => rational(percent, 100n),
);

const MOST = PORTFOLIO.scenarios - PORTFOLIO.absolute;

/** All rows in which something moves: the core from the lowest move to the highest, then the extended table. */
export function deribitRows({ maxMove, buckets, extended, factor }: DeribitGrid): readonly GridScenario[] {
  if (!Number.isSafeInteger(buckets) || buckets < 3 || buckets % 2 === 0) {
    throw new SolvencyError('INVALID_INPUT', `A grid has an odd number of buckets from 3, not ${buckets}.`, {
      details: { buckets },
    });
  }
  const half = (buckets - 1) / 2;
  const core = Array.from({ length: buckets }, (_, bucket) =>
    multiply(maxMove, rational(BigInt(bucket - half), BigInt(half))),
  ).flatMap((move) => (['up', 'same', 'down'] as const).map((volatility) => ({ move, volatility, weight: factor })));
  return [
    ...core.filter(({ move, volatility }) => move.num !== 0n || volatility !== 'same'),
    ...extended.map(({ move, fraction }) => ({
      move,
      volatility: 'up' as const,
      weight: multiply(factor, fraction),
    })),
  ];
}

interface PlacedRows {
  readonly plain: readonly GridScenario[];
  readonly absolute: readonly GridScenario[];
  /** the smallest fall and rise, or nothing */
  readonly basis: readonly GridScenario[];
}

function placeRows(grid: DeribitGrid): PlacedRows {
  const rows = deribitRows(grid);
  if (rows.length <= MOST) return { plain: rows, absolute: [], basis: [] };
  if (grid.placement === 'exact') refuse(rows.length, MOST);
  const half = BigInt((grid.buckets - 1) / 2);
  const smallest = multiply(absolute(grid.maxMove), rational(1n, half));
  // the core comes first: an extended row is never among those taken out
  const core = rows.slice(0, rows.length - grid.extended.length);
  const still = core.filter(({ move }) => move.num === 0n);
  const near = core.filter(
    ({ move, volatility }) => volatility === 'same' && subtract(absolute(move), smallest).num === 0n,
  );
  const plain = rows.filter((row) => !still.includes(row) && !near.includes(row));
  if (plain.length > MOST) refuse(rows.length, MOST + still.length + near.length);
  return { plain, absolute: still, basis: near };
}

function refuse(rows: number, most: number): never {
  throw new SolvencyError(
    'NOT_REPRESENTABLE',
    `The grid has ${rows} scenarios and the model has room for ${most}. Choose fewer buckets; no row may be left out.`,
    { details: { scenarios: rows, most } },
  );
}

const weighted = (weight: Rational, to: Approximation, from: Approximation): Approximation => ({
  value: multiply(weight, subtract(to.value, from.value)),
  error: multiply(weight, add(to.error, from.error)),
});

/**
 * Parameters of a Deribit-style grid. Contracts are linear in quote; those that settle in coin are not stated.
 *
 * Not stated, and what becomes of it:
 * - the fixed amount that the venue's dampener takes off an extended loss: left out, which is stricter;
 * - charges for futures that offset each other across expiries: concave in the sizes, so state half of the charge of one
 *   offset pair as the `charge` of every unit in the expiry of futures, which is stricter;
 * - any further add-on of the venue (shocks of delta and roll): a proof claims the grid and the charges given, no more.
 *
 * Errors: INVALID_INPUT for buckets that are not odd, and as black76; NOT_REPRESENTABLE with `scenarios` and `most` for a
 * grid that does not fit, and for the stricter placement with collateral that moves, whose loss the rows of the smallest
 * moves would not see.
 */
export function deribitParameters(market: GridMarket<DeribitExpiry>, grid: DeribitGrid): PortfolioParameters {
  const placed = placeRows(grid);
  // shocks move collateral only: where none moves, moves with endless decimals may stand too
  const moving = market.assets.some(({ underlying }) => underlying !== null);
  if (moving && placed.basis.length > 0) {
    throw new SolvencyError(
      'NOT_REPRESENTABLE',
      'With the stricter placement no collateral may move with an underlying. Choose fewer buckets.',
    );
  }
  const stated = ({ weight, move }: GridScenario): ScenarioParameters => ({
    weight,
    shock: moving ? move : ZERO,
    floorWeight: ZERO,
  });
  const inModel = [...placed.plain, ...placed.absolute];
  const scenarios = { plain: placed.plain.map(stated), absolute: placed.absolute.map(stated) };
  return gridParameters(market, scenarios, (expiry) => {
    const valued = movedGrid(expiry, [...inModel, ...placed.basis], grid.volatility);
    return expiry.contracts.map((contract) => {
      const { mark, values } = valued(contract);
      const [down, up] = values.slice(inModel.length).map((value) => weighted(grid.factor, value, mark));
      return {
        ...PLAIN_CONTRACT,
        ...(up === undefined || down === undefined ? {} : { up, down }),
        instrumentId: contract.instrumentId,
        nets: contract.kind === 'option' && netsWithPrevious(contract, expiry.contracts),
        nakedCharge: contract.kind === 'option' ? expiry.nakedCharge : ZERO,
        mark,
        values: values.slice(0, inModel.length),
      };
    });
  });
}
