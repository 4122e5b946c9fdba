import { isoTime } from '../../numbers/isoTime.js';
import { add, type Rational, ZERO } from '../../numbers/rational.js';
import { buildPortfolio } from '../../portfolio/buildPortfolio.js';
import type { PortfolioParameters } from '../../portfolio/portfolioParameters.js';
import { type Approximation, exact } from '../../pricing/approximation.js';
import type { PortfolioSnapshot } from '../../snapshot/snapshot.js';
import type { GridExpiry } from '../../venues/grid/gridMarket.js';
import { type GridInstrument, gridParameters, PLAIN_CONTRACT } from '../../venues/grid/gridParameters.js';
import { nearestDouble } from '../numerics/doubles.js';
import type { CheckedMarket, ListedInstrument } from './checkMarket.js';
import type { PortfolioRecipe } from './engineModel.js';
import { fineOf } from './figures.js';
import type { OnProgress } from './onProgress.js';
import { type FineMove, modelValue, scenarioChanges } from './valuation.js';

interface Row extends FineMove {
  readonly weight: Rational;
}

/** Every move of the grid with every change of volatility, then the extreme rows; what moves nothing is left out. */
function rowsOf({ grid, extreme }: PortfolioRecipe): readonly Row[] {
  const fine = (value: Rational): bigint => fineOf(nearestDouble(value));
  return [
    ...grid.moves.flatMap((move) =>
      grid.volatilityChanges.map((change) => ({ move: fine(move), volatility: fine(change), weight: grid.weight })),
    ),
    ...extreme.map(({ move, volatilityChange, weight }) => ({
      move: fine(move),
      volatility: fine(volatilityChange),
      weight,
    })),
  ].filter(({ move, volatility }) => move !== 0n || volatility !== 0n);
}

interface Expiry extends GridExpiry {
  readonly members: readonly number[];
}

/** Contracts that expire together; perpetuals and futures of an underlying, and units of size, stand apart. */
function expiriesOf(market: CheckedMarket): readonly { readonly name: string; readonly expiries: readonly Expiry[] }[] {
  const nameOf = ({ entry, contract, underlying }: ListedInstrument): string => {
    const { name } = market.underlyings[underlying] as CheckedMarket['underlyings'][number];
    const when = contract.kind === 'option' ? isoTime(contract.expiry) : `${entry.kind}s`;
    return `${name} ${when}, ${entry.amountDecimals} decimals`;
  };
  return market.underlyings.map(({ name }, place) => {
    const groups = new Map<string, number[]>();
    market.instruments.forEach((instrument, index) => {
      if (instrument.underlying !== place) return;
      const group = nameOf(instrument);
      groups.set(group, [...(groups.get(group) ?? []), index]);
    });
    return {
      name,
      expiries: [...groups].map(([group, members]): Expiry => {
        const { entry } = market.instruments[members[0] as number] as ListedInstrument;
        const perpetual = entry.kind === 'perpetual';
        return { name: group, perpetual, amountDecimals: entry.amountDecimals, charge: ZERO, members };
      }),
    };
  });
}

/**
 * A portfolio snapshot: every contract revalued in a grid of moves and changes of volatility, by buildPortfolio, which rounds
 * and charges for it. Collateral stands still. A stated mark differs from the model by the same in every scenario. Throws
 * INVALID_SNAPSHOT for a grid that does not fit, NOT_REPRESENTABLE for a price with too many decimals.
 */
export function portfolioSnapshot(
  market: CheckedMarket,
  recipe: PortfolioRecipe,
  onProgress: OnProgress,
): PortfolioSnapshot {
  const rows = rowsOf(recipe);
  const changes = scenarioChanges(
    market,
    () => rows,
    (done) => onProgress('revaluing contracts in every scenario', done),
  );
  const valued = (index: number): GridInstrument => {
    const instrument = market.instruments[index] as ListedInstrument;
    const mark = instrument.mark === null ? modelValue(market, instrument) : exact(instrument.mark);
    return {
      ...PLAIN_CONTRACT,
      instrumentId: instrument.entry.id,
      mark,
      values: (changes[index] ?? []).map(
        (change): Approximation => ({
          value: add(mark.value, change.value),
          error: add(mark.error, change.error),
        }),
      ),
    };
  };
  const { registry, time, assets, instruments } = market;
  const parameters: PortfolioParameters = gridParameters<Expiry>(
    {
      registry,
      claim: recipe.claim,
      time,
      haircutRule: recipe.haircuts,
      assets: assets.map(({ assetId, price, ladder }) => ({ assetId, price, ladder, underlying: null })),
      underlyings: expiriesOf(market),
    },
    {
      plain: rows.map(({ weight }) => ({ weight, shock: ZERO, floorWeight: ZERO })),
      absolute: [],
    },
    ({ members }) => members.map(valued),
  );
  onProgress('rounding', 0);
  const built = buildPortfolio(parameters);
  return {
    ...built,
    roundings: [
      ...built.roundings,
      {
        where: `marks of options and values of ${instruments.length} contracts in ${rows.length} scenarios`,
        exact: 'Black-76, known to 1e-30 and better',
        used: 'nearest 1e-16 quote per unit of size; the charge of each expiry pays for what that can be worth',
      },
    ],
    provenance: [
      { where: 'marks', from: 'the market; options without one by Black-76' },
      { where: 'scenarios', from: 'the grid and the extreme moves of the model, in steps of 1e-9' },
      { where: 'values in scenarios', from: 'mark + change; change of options by Black-76 now and after the move' },
    ],
  };
}
