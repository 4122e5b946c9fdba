import type { Rational } from '../numbers/rational.js';
import type { Registry } from '../snapshot/registry.js';
import type { LadderRule } from '../snapshot/snapshot.js';

/**
 * A venue's parameters of the standard option model at one time and for one claim, before anything is rounded: what
 * buildStandard makes a snapshot of. Values are in quote per unit of size.
 */
export interface StandardParameters {
  readonly registry: Registry;
  readonly claim: string;
  readonly time: number;
  readonly haircutRule: LadderRule;
  readonly assets: readonly {
    readonly assetId: number;
    readonly price: Rational;
    readonly ladder: readonly { readonly valueCap: Rational | null; readonly factor: Rational }[];
    /** for each unit, on top of the haircut */
    readonly charge: Rational;
  }[];
  readonly expiries: readonly {
    readonly name: string;
    readonly amountDecimals: number;
    /** margin of each short call beyond the long ones */
    readonly unpaired: Rational;
  }[];
  readonly instruments: readonly {
    readonly instrumentId: number;
    readonly mark: Rational;
    /** null for a perpetual or a future */
    readonly option: {
      /** place in the list of expiries */
      readonly expiry: number;
      readonly strike: Rational;
      readonly type: 'call' | 'put';
      /** margin of each unit short on its own, its mark included */
      readonly isolated: Rational;
    } | null;
    /** for each unit long and short, beside the margin of the expiry */
    readonly longCharge: Rational;
    readonly shortCharge: Rational;
  }[];
}
