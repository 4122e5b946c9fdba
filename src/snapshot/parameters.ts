import type { Rational } from '../numbers/rational.js';
import type { Registry } from './registry.js';
import type { LadderRule } from './snapshot.js';

/** One margin tier as a venue publishes it, before marks are known and before anything is rounded. */
export interface TierParameters {
  /** upper bound of the notional in units of the instrument's settle asset; null: no bound */
  readonly notionalCap: Rational | null;
  readonly maintenanceRate: Rational;
  /** in units of the settle asset; the venue's own figure, checked for continuity and never trusted */
  readonly maintenanceDeduction: Rational;
  /** initial margin rate, 1 / maximum leverage of the tier */
  readonly initialRate: Rational;
}

/** A venue's public risk parameters. One of these yields a snapshot per claim. */
export interface Parameters {
  readonly registry: Registry;
  readonly maintenanceRule: LadderRule;
  readonly initialRule: LadderRule;
  readonly haircutRule: LadderRule;
  readonly assets: readonly {
    readonly assetId: number;
    /** caps in quote units of collateral value; factors in [0, 1]; empty: the asset counts zero */
    readonly ladder: readonly { readonly valueCap: Rational | null; readonly factor: Rational }[];
  }[];
  readonly instruments: readonly { readonly instrumentId: number; readonly tiers: readonly TierParameters[] }[];
}

/** Marks at one time, exact decimals: per asset in quote units, per instrument in units of its settle asset. */
export interface Prices {
  readonly time: number;
  readonly assets: ReadonlyMap<number, Rational>;
  readonly instruments: ReadonlyMap<number, Rational>;
}
