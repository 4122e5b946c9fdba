import type { Rational } from '../../numbers/rational.js';
import type { Registry } from '../../snapshot/registry.js';

/** What a price of the contracts depends on: a spot index, or a dated forward where it stands apart from the index. */
export interface MarketUnderlying {
  readonly name: string;
  /** quote */
  readonly spot: Rational;
  /** per square root of a year of 365 days; null when nobody states one */
  readonly volatility: Rational | null;
  /** name of the history of its prices, and of that of its implied volatility */
  readonly history: string | null;
  readonly volatilityHistory: string | null;
}

/** Quote for a unit moves with the underlying in proportion. */
export interface LinearContract {
  readonly kind: 'linear';
}

/** European option on its underlying's price, one whole thing of size on one whole thing of the underlying. */
export interface MarketOption {
  readonly kind: 'option';
  readonly strike: Rational;
  /** seconds since 1970 */
  readonly expiry: number;
  readonly isCall: boolean;
  /** that of Black-76, per square root of a year of 365 days */
  readonly volatility: Rational;
}

export interface MarketInstrument {
  readonly instrumentId: number;
  /** place in the market's underlyings */
  readonly underlying: number;
  /** quote per whole thing of size; null: a linear contract stands at the underlying's price, an option at Black-76 */
  readonly mark: Rational | null;
  readonly contract: LinearContract | MarketOption;
  /** sizes in whole things; null when nobody states them */
  readonly averageDailyVolume: Rational | null;
  /** what the order book takes at once */
  readonly depth: Rational | null;
  /** half the difference of bid and ask over the mark */
  readonly halfSpread: Rational | null;
}

export interface MarketAsset {
  readonly assetId: number;
  /** quote per whole thing */
  readonly price: Rational;
  readonly ladder: readonly { readonly valueCap: Rational | null; readonly factor: Rational }[];
}

/** Public market data at one time: what anybody can look up. */
export interface Market {
  readonly registry: Registry;
  /** seconds since 1970 */
  readonly time: number;
  /** per year, continuously compounded: options are paid at expiry and worth e^(-rate x years) of that now */
  readonly discountRate: Rational;
  readonly assets: readonly MarketAsset[];
  readonly underlyings: readonly MarketUnderlying[];
  readonly instruments: readonly MarketInstrument[];
}
