import type { Rational } from '../numbers/rational.js';
import type { Approximation } from '../pricing/approximation.js';
import type { Registry } from '../snapshot/registry.js';
import type { LadderRule } from '../snapshot/snapshot.js';

/** One scenario of a portfolio model as a venue states it. */
export interface ScenarioParameters {
  /** factor on a loss in it: dampening times loss factor */
  readonly weight: Rational;
  /** relative change of the underlying's price */
  readonly shock: Rational;
  /** factor on the floor charges */
  readonly floorWeight: Rational;
}

/**
 * A venue's parameters of a portfolio model at one time and for one claim, before anything is rounded: what
 * buildPortfolio makes a snapshot of. Values are in quote per unit of size.
 */
export interface PortfolioParameters {
  readonly registry: Registry;
  readonly claim: string;
  readonly time: number;
  readonly haircutRule: LadderRule;
  readonly scenarios: readonly ScenarioParameters[];
  /** scenarios in which each expiry's absolute change counts as a loss */
  readonly absoluteScenarios: readonly ScenarioParameters[];
  readonly underlyings: readonly string[];
  readonly assets: readonly {
    readonly assetId: number;
    readonly price: Rational;
    readonly ladder: readonly { readonly valueCap: Rational | null; readonly factor: Rational }[];
    /** place of the underlying that it moves with; null when it stands still */
    readonly underlying: number | null;
  }[];
  readonly expiries: readonly {
    readonly name: string;
    readonly underlying: number;
    readonly perpetual: boolean;
    readonly amountDecimals: number;
    readonly positiveDiscount: Approximation;
    readonly negativeDiscount: Approximation;
    /** for each unit of size */
    readonly charge: Rational;
    readonly chargeWithPerpetual: Rational;
  }[];
  readonly instruments: readonly {
    readonly instrumentId: number;
    readonly expiry: number;
    /** the second of a strike's call and put, listed under the id after the first */
    readonly nets: boolean;
    readonly mark: Approximation;
    /** change when the basis widens or narrows, times the weight that the model gives it */
    readonly up: Approximation;
    readonly down: Approximation;
    readonly nakedCharge: Rational;
    readonly floorCharge: Rational;
    /** in every scenario, the absolute ones last */
    readonly values: readonly Approximation[];
  }[];
}
