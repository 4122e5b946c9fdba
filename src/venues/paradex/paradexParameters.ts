/**
 * Paradex's portfolio margin as a portfolio model. Source: docs.paradex.trade, risk/portfolio-margin.
 *
 *   initial     = max(SCAN, minimum delta) + provisions,   maintenance = 50% of the max + provisions
 *   SCAN          the worst weighted loss of 24 scenarios
 *   minimum delta = (2% x |net delta| + 1% x hedged delta) x spot,   hedged = (gross - |net|) / 2
 *
 * Minimum delta equals (1.5% x |net| + 0.5% x gross) x spot: the worse of two more scenarios, in which a contract changes by
 * 1.5% of delta x spot either way, each with a floor charge of 0.5% of |delta| x spot. Both scenarios with their floor are
 * compared with the 24, so the model takes the same maximum, exactly.
 */
import { absolute, add, multiply, negate, ONE, type Rational, rational, ZERO } from '../../numbers/rational.js';
import type { PortfolioParameters } from '../../portfolio/portfolioParameters.js';
import { type Approximation, upperBound } from '../../pricing/approximation.js';
import type { ForwardContract, GridMarket, OptionContract, PricedExpiry, StandingAsset } from '../grid/gridMarket.js';
import { gridParameters, PLAIN_CONTRACT } from '../grid/gridParameters.js';
import { type GridScenario, movedGrid, type VolatilityRule } from '../grid/movedGrid.js';

const hundredths = (percent: bigint): Rational => rational(percent, 100n);

/** `move` in percent. */
const scenario = (move: bigint, volatility: 'up' | 'down', weight = ONE): GridScenario => ({
  move: hundredths(move),
  volatility,
  weight,
});

/** The 24 scenarios in the order of Paradex's table. */
export const PARADEX_SCENARIOS: readonly GridScenario[] = [
  scenario(16n, 'up'),
  ...[12n, 8n, 4n, 0n, -4n, -8n, -12n].flatMap((move) => [scenario(move, 'up'), scenario(move, 'down')]),
  scenario(-16n, 'up'),
  scenario(-66n, 'up', rational(24n, 100n)),
  scenario(-33n, 'up', rational(48n, 100n)),
  scenario(50n, 'up', rational(32n, 100n)),
  scenario(100n, 'up', rational(16n, 100n)),
  scenario(200n, 'up', rational(8n, 100n)),
  scenario(300n, 'up', rational(533n, 10_000n)),
  scenario(400n, 'up', rational(4n, 100n)),
  scenario(500n, 'up', rational(32n, 1000n)),
];

/** Volatility +40% and -22%, times (30 / days)^p with at least one day, p = 0.30 below 30 days and 0.13 from there. */
export const PARADEX_VOLATILITY: VolatilityRule = {
  rangeUp: rational(40n, 100n),
  rangeDown: rational(22n, 100n),
  shortTermPower: rational(30n, 100n),
  longTermPower: rational(13n, 100n),
  floor: 86_400n,
  leastUp: ZERO,
};

const NET_DELTA = rational(15n, 1000n);
const GROSS_DELTA = rational(5n, 1000n);
const MAINTENANCE = rational(1n, 2n);

interface WithDelta {
  /** change per change of spot: 1 of futures and perpetuals, of options as published or from optionDelta */
  readonly delta: Approximation;
}

export interface ParadexExpiry extends PricedExpiry<(ForwardContract | OptionContract) & WithDelta> {
  /** price of the underlying that the minimum delta is counted in */
  readonly spot: Rational;
}

export interface ParadexMarket extends GridMarket<ParadexExpiry, StandingAsset> {
  readonly claim: 'initial' | 'maintenance';
}

/**
 * Parameters of Paradex's portfolio margin. The requirement equals Paradex's for an account of one underlying; over several
 * it is the sum of each one's maximum, which is not less than the maximum of their sums.
 *
 * Provisions for fees and funding go into the `charge` of an expiry: the dearest contract's fee, and for perpetuals the
 * larger of what longs and shorts have to fear from funding; never laxer than Paradex, which takes them contract by contract.
 * Collateral stands still, as the USDC that Paradex takes does: shocked collateral has a delta that no floor charge counts.
 *
 * Errors: INVALID_INPUT of black76 and of the volatility shocks.
 */
export function paradexParameters(market: ParadexMarket): PortfolioParameters {
  const part = market.claim === 'initial' ? ONE : MAINTENANCE;
  const plain = [
    ...PARADEX_SCENARIOS.map(({ weight, move }) => ({
      weight: multiply(weight, part),
      shock: move,
      floorWeight: ZERO,
    })),
    ...[NET_DELTA, negate(NET_DELTA)].map((shock) => ({ weight: part, shock, floorWeight: part })),
  ];
  const assets = market.assets.map((asset) => ({ ...asset, underlying: null }));
  return gridParameters({ ...market, assets }, { plain, absolute: [] }, (expiry) => {
    const valued = movedGrid(expiry, PARADEX_SCENARIOS, PARADEX_VOLATILITY);
    return expiry.contracts.map((contract) => {
      const { mark, values } = valued(contract);
      const { delta } = contract;
      const alongDelta = (change: Rational): Approximation => {
        const perDelta = multiply(change, expiry.spot);
        return {
          value: add(mark.value, multiply(perDelta, delta.value)),
          error: add(mark.error, multiply(absolute(perDelta), delta.error)),
        };
      };
      const steepest = upperBound({ value: absolute(delta.value), error: delta.error });
      return {
        ...PLAIN_CONTRACT,
        instrumentId: contract.instrumentId,
        floorCharge: multiply(multiply(GROSS_DELTA, expiry.spot), steepest),
        mark,
        values: [...values, alongDelta(NET_DELTA), alongDelta(negate(NET_DELTA))],
      };
    });
  });
}
