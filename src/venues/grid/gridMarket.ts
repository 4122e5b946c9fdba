import type { Rational } from '../../numbers/rational.js';
import type { PortfolioParameters } from '../../portfolio/portfolioParameters.js';
import type { Registry } from '../../snapshot/registry.js';

/** Contracts of one underlying that expire together; its perpetuals are an expiry of their own. */
export interface GridExpiry {
  /** unique over the market */
  readonly name: string;
  readonly perpetual: boolean;
  /** of all its contracts, as in the registry */
  readonly amountDecimals: number;
  /** quote for each unit of size, long or short: fees, funding, spreads; 0 for none */
  readonly charge: Rational;
}

/** An asset whose price no scenario moves. */
export type StandingAsset = Omit<PortfolioParameters['assets'][number], 'underlying'>;

/** What a venue lists at one time; prices in quote per unit of size. */
export interface GridMarket<Expiry extends GridExpiry, Asset = PortfolioParameters['assets'][number]> {
  readonly registry: Registry;
  readonly claim: string;
  /** seconds since 1970 */
  readonly time: number;
  readonly haircutRule: PortfolioParameters['haircutRule'];
  readonly assets: readonly Asset[];
  readonly underlyings: readonly { readonly name: string; readonly expiries: readonly Expiry[] }[];
}

/** A dated future or a perpetual: it is worth its expiry's forward. */
export interface ForwardContract {
  readonly kind: 'forward';
  readonly instrumentId: number;
}

/** A European option on its expiry's forward. */
export interface OptionContract {
  readonly kind: 'option';
  readonly instrumentId: number;
  readonly strike: Rational;
  readonly isCall: boolean;
  /** that of the mark price, per square root of a year */
  readonly volatility: Rational;
}

/** An expiry whose contracts are valued by Black-76. */
export interface PricedExpiry<Contract = ForwardContract | OptionContract> extends GridExpiry {
  /** of a perpetual its mark price */
  readonly forward: Rational;
  /** 0 for perpetuals */
  readonly secondsToExpiry: bigint;
  /** factor on the undiscounted price of an option */
  readonly discount: Rational;
  readonly contracts: readonly Contract[];
}
