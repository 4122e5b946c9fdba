import type { Registry } from './registry.js';

/** One haircut step: balances whose value lies above the previous cap and up to `valueCap` count at `factor`. */
export interface HaircutStep {
  /** upper bound of the collateral value in 1e-16 quote units; null on the last step: no bound */
  readonly valueCap: bigint | null;
  /** parts per million of the value that counts */
  readonly factor: bigint;
}

export interface AssetParameters {
  readonly assetId: number;
  /** quote per unit, with 16 - amountDecimals decimals */
  readonly price: bigint;
  /** empty: the asset counts zero */
  readonly ladder: readonly HaircutStep[];
}

/** One margin tier: notionals above the previous cap and up to `notionalCap`. */
export interface MarginTier {
  /** upper bound of the notional in 1e-16 quote units; null on the last tier: no bound but that of sizes */
  readonly notionalCap: bigint | null;
  /** parts per million of the notional */
  readonly rate: bigint;
  /** in 1e-22 quote units */
  readonly deduction: bigint;
}

export interface InstrumentParameters {
  readonly instrumentId: number;
  /** mark price, quote per unit of size, with 16 - amountDecimals decimals */
  readonly price: bigint;
  readonly tiers: readonly MarginTier[];
}

/** marginal: each rate applies to the part inside its tier; whole: the tier's rate applies to everything. */
export type LadderRule = 'marginal' | 'whole';

export interface Model {
  readonly family: 'tiered';
  readonly version: number;
  /** what a proof under this snapshot claims: 'maintenance', 'initial', ... */
  readonly claim: string;
  readonly tiers: LadderRule;
  readonly haircuts: LadderRule;
}

/** A figure that could not be represented and was rounded against the prover. */
export interface Rounding {
  readonly where: string;
  readonly exact: string;
  readonly used: string;
}

/** All public parameters at one time, for one claim. */
export interface Snapshot {
  readonly registry: Registry;
  readonly model: Model;
  /** seconds since 1970 */
  readonly time: number;
  readonly assets: readonly AssetParameters[];
  readonly instruments: readonly InstrumentParameters[];
  readonly roundings: readonly Rounding[];
}
