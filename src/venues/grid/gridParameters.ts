import { ONE, ZERO } from '../../numbers/rational.js';
import type { PortfolioParameters, ScenarioParameters } from '../../portfolio/portfolioParameters.js';
import { exact } from '../../pricing/approximation.js';
import type { GridExpiry, GridMarket } from './gridMarket.js';

/** One contract as the portfolio model takes it, without its place. */
export type GridInstrument = Omit<PortfolioParameters['instruments'][number], 'expiry'>;

/** What a grid leaves out of a contract: no basis, no charges, no netting. */
export const PLAIN_CONTRACT = {
  nets: false,
  up: exact(ZERO),
  down: exact(ZERO),
  nakedCharge: ZERO,
  floorCharge: ZERO,
} as const;

const WHOLE = exact(ONE);

export interface GridScenarios {
  readonly plain: readonly ScenarioParameters[];
  readonly absolute: readonly ScenarioParameters[];
}

/**
 * The portfolio model of a venue that revalues everything in a grid of scenarios. `instrumentsOf` says what an expiry's
 * contracts are worth in each of them, the absolute ones last. Nothing is discounted: a static discount is a Derive rule.
 *
 * The model adds up the worst losses of the underlyings, so a venue that takes the worst of all of them together is stated
 * more strictly, and a gain in one underlying pays for no loss in another.
 */
export function gridParameters<Expiry extends GridExpiry>(
  market: GridMarket<Expiry>,
  scenarios: GridScenarios,
  instrumentsOf: (expiry: Expiry) => readonly GridInstrument[],
): PortfolioParameters {
  const listed = market.underlyings.flatMap(({ expiries }, underlying) =>
    expiries.map((expiry) => ({ expiry, underlying })),
  );
  const positions = new Map(market.registry.entries.map(({ id }, position) => [id, position]));
  const position = ({ instrumentId }: { readonly instrumentId: number }): number => positions.get(instrumentId) ?? -1;
  return {
    registry: market.registry,
    claim: market.claim,
    time: market.time,
    haircutRule: market.haircutRule,
    scenarios: scenarios.plain,
    absoluteScenarios: scenarios.absolute,
    underlyings: market.underlyings.map(({ name }) => name),
    assets: market.assets,
    expiries: listed.map(({ expiry: { name, perpetual, amountDecimals, charge }, underlying }) => ({
      name,
      underlying,
      perpetual,
      amountDecimals,
      positiveDiscount: WHOLE,
      negativeDiscount: WHOLE,
      charge,
      chargeWithPerpetual: charge,
    })),
    // a snapshot lists instruments in the order of the registry
    instruments: listed
      .flatMap(({ expiry }, index) => instrumentsOf(expiry).map((instrument) => ({ ...instrument, expiry: index })))
      .sort((a, b) => position(a) - position(b)),
  };
}
