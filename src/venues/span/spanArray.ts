import { SolvencyError } from '../../errors.js';
import { add, ONE, type Rational } from '../../numbers/rational.js';
import type { PortfolioParameters } from '../../portfolio/portfolioParameters.js';
import { exact } from '../../pricing/approximation.js';
import type { GridExpiry, GridMarket, StandingAsset } from '../grid/gridMarket.js';
import { gridParameters, PLAIN_CONTRACT } from '../grid/gridParameters.js';
import { SPAN_SCENARIOS, spanScenarios } from './spanScenarios.js';

/** A contract with its risk array as a clearing house publishes it. */
export interface ArrayContract {
  readonly instrumentId: number;
  /** settlement price times the contract's multiplier */
  readonly mark: Rational;
  /** what a long position of one unit gains in each of the 16 scenarios; the extreme ones already cut to what is covered */
  readonly gains: readonly Rational[];
  /** short option minimum of one unit; 0 of futures */
  readonly shortMinimum: Rational;
}

export interface ArrayExpiry extends GridExpiry {
  readonly contracts: readonly ArrayContract[];
}

/**
 * Parameters of SPAN scanning risk from published risk arrays; an underlying is a combined commodity. SPAN files state a
 * loss of a long position as a positive figure: turn its sign.
 *
 * Not stated as SPAN does, and always stricter:
 * - credits between combined commodities are left out, since a spread's credit is the lesser of two sides' deltas;
 * - the short option minimum is charged for every option short besides the scanning risk, where SPAN takes the larger of the
 *   two; calls and puts do not net in it;
 * - a spread charge between the months of one commodity follows the lesser of long and short deltas: state half of the
 *   dearest spread's charge as the `charge` of every unit of each expiry, and a delivery month's charge on top of it.
 *
 * Errors: INVALID_INPUT for an array without 16 figures.
 */
export function spanArray(market: GridMarket<ArrayExpiry, StandingAsset>): PortfolioParameters {
  const assets = market.assets.map((asset) => ({ ...asset, underlying: null }));
  return gridParameters({ ...market, assets }, { plain: spanScenarios(ONE), absolute: [] }, ({ contracts }) =>
    contracts.map(({ instrumentId, mark, gains, shortMinimum }) => {
      if (gains.length !== SPAN_SCENARIOS.length) {
        throw new SolvencyError(
          'INVALID_INPUT',
          `The risk array of the instrument with id ${instrumentId} has ${gains.length} figures; it has ${SPAN_SCENARIOS.length}.`,
          { details: { instrumentId, figures: gains.length } },
        );
      }
      return {
        ...PLAIN_CONTRACT,
        instrumentId,
        nakedCharge: shortMinimum,
        mark: exact(mark),
        values: gains.map((gain) => exact(add(mark, gain))),
      };
    }),
  );
}
