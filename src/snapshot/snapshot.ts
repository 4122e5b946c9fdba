import type { FAMILY } from '../protocol/constants.js';
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

/** Every model says which rules its family follows, in which version, and what a proof under it claims. */
interface BaseModel<Family extends keyof typeof FAMILY> {
  readonly family: Family;
  readonly version: number;
  /** 'maintenance', 'initial', ... */
  readonly claim: string;
  readonly haircuts: LadderRule;
}

/** A figure that could not be represented and was rounded against the prover. */
export interface Rounding {
  readonly where: string;
  readonly exact: string;
  readonly used: string;
}

/** All public parameters at one time, for one claim. */
interface BaseSnapshot {
  readonly registry: Registry;
  /** seconds since 1970 */
  readonly time: number;
  readonly roundings: readonly Rounding[];
}

export interface TieredModel extends BaseModel<'tiered'> {
  readonly tiers: LadderRule;
}

export interface TieredSnapshot extends BaseSnapshot {
  readonly model: TieredModel;
  readonly assets: readonly AssetParameters[];
  readonly instruments: readonly InstrumentParameters[];
}

/** One scenario of the portfolio model; all factors in 1e-9. */
export interface Scenario {
  /** of a loss: dampening times loss factor, below 2^38 */
  readonly weight: bigint;
  /** relative change of the underlying's price, signed: what moves collateral that is shocked with it */
  readonly shock: bigint;
  /** of the floor charges */
  readonly floorWeight: bigint;
}

export interface PortfolioModel extends BaseModel<'portfolio'> {
  /** at most 30: gains and losses net over the expiries of an underlying */
  readonly scenarios: readonly Scenario[];
  /** at most 2: each expiry's absolute change counts as a loss */
  readonly absoluteScenarios: readonly Scenario[];
}

/** An asset of the portfolio model. */
export interface ShockedAssetParameters extends AssetParameters {
  /** index in the snapshot's underlyings of the one that it moves with; null when it stands still */
  readonly underlying: number | null;
}

/** One expiry of one underlying; its perpetuals are an expiry of their own. */
export interface ExpiryParameters {
  readonly name: string;
  /** index in the snapshot's underlyings */
  readonly underlying: number;
  readonly perpetual: boolean;
  /** of all its contracts: charges count their units together */
  readonly amountDecimals: number;
  /** what a positive and a negative value counts, 1e-9, rounded down and up */
  readonly positiveDiscount: readonly [down: bigint, up: bigint];
  readonly negativeDiscount: readonly [down: bigint, up: bigint];
  /** for each unit of size, 1e-16 quote */
  readonly charge: bigint;
  /** in its place when the account holds a perpetual of the underlying */
  readonly chargeWithPerpetual: bigint;
}

/** One contract of the portfolio model; values in 1e-16 quote per unit of size. */
export interface PortfolioInstrument {
  readonly instrumentId: number;
  /** mark price */
  readonly price: bigint;
  /** index in the snapshot's expiries */
  readonly expiry: number;
  /** nets with the contract of the id before it: the second of a strike's call and put */
  readonly nets: boolean;
  /** weighted change when the basis widens and narrows, signed */
  readonly up: bigint;
  readonly down: bigint;
  /** for each unit short and not netted */
  readonly nakedCharge: bigint;
  /** for each unit, in scenarios with a floor weight */
  readonly floorCharge: bigint;
  /** one per scenario of the model, the absolute ones last */
  readonly values: readonly bigint[];
}

export interface PortfolioSnapshot extends BaseSnapshot {
  readonly model: PortfolioModel;
  readonly underlyings: readonly string[];
  readonly assets: readonly ShockedAssetParameters[];
  readonly expiries: readonly ExpiryParameters[];
  readonly instruments: readonly PortfolioInstrument[];
}

export type StandardModel = BaseModel<'standard'>;

/** An asset of the standard option model. */
export interface ChargedAssetParameters extends AssetParameters {
  /** for each unit owned or owed, 1e-16 quote: asked for on top of the haircut */
  readonly charge: bigint;
}

/** One expiry of one underlying's options. */
export interface OptionExpiry {
  readonly name: string;
  /** of all its contracts: their units are added up */
  readonly amountDecimals: number;
  /** margin of each short call beyond the long ones, 1e-16 quote: a factor of the forward */
  readonly unpaired: bigint;
}

export interface OptionTerms {
  /** index in the snapshot's expiries */
  readonly expiry: number;
  /** 1e-16 quote per unit of size */
  readonly strike: bigint;
  readonly type: 'call' | 'put';
  /** margin of each unit short on its own, 1e-16 quote, its mark included */
  readonly isolated: bigint;
}

/** One contract of the standard option model; values in 1e-16 quote per unit of size. */
export interface StandardInstrument {
  readonly instrumentId: number;
  /** mark price; that of an option does not count in equity */
  readonly price: bigint;
  /** null for a perpetual or a future */
  readonly option: OptionTerms | null;
  /** for each unit held long and short, beside the margin of the expiry */
  readonly longCharge: bigint;
  readonly shortCharge: bigint;
}

export interface StandardSnapshot extends BaseSnapshot {
  readonly model: StandardModel;
  readonly assets: readonly ChargedAssetParameters[];
  readonly expiries: readonly OptionExpiry[];
  readonly instruments: readonly StandardInstrument[];
}

export type QuantizedModel = BaseModel<'quantized'>;

/** One perpetual of the quantized model, whose margins are rounded up to whole quantums of 1e-6 quote. */
export interface QuantizedInstrument {
  readonly instrumentId: number;
  /** mark price, quote per unit of size, with 16 - amountDecimals decimals */
  readonly price: bigint;
  /** what a unit held long has paid since the index began, signed, in the unit of the price */
  readonly fundingIndex: bigint;
  /** of the notional, parts per million: rounded up before the fraction is taken */
  readonly baseRate: bigint;
  /** of that margin, parts per million */
  readonly fraction: bigint;
}

export interface QuantizedSnapshot extends BaseSnapshot {
  readonly model: QuantizedModel;
  readonly assets: readonly AssetParameters[];
  readonly instruments: readonly QuantizedInstrument[];
}

export interface WeightedModel extends BaseModel<'weighted'> {
  /** premiums for size are cut to multiples of it, parts per million */
  readonly rateStep: bigint;
}

/** What holds for positions on one side of an instrument. Prices with 16 - amountDecimals decimals. */
export interface WeightedSide {
  /** what values a position in equity; 0: it is not valued there */
  readonly price: bigint;
  /** what values it in the requirement */
  readonly marginPrice: bigint;
  /** least margin rate, parts per million */
  readonly rate: bigint;
  /** rate to which the premium for size is added, parts per million */
  readonly premiumBase: bigint;
  /** parts per million per square root of a unit of size */
  readonly premium: bigint;
  /** rate per smallest unit of size, 1e-18 */
  readonly quadratic: bigint;
}

/** One contract of the weighted model, or what an account can borrow. */
export interface WeightedInstrument {
  readonly instrumentId: number;
  /** mark price */
  readonly price: bigint;
  readonly long: WeightedSide;
  readonly short: WeightedSide;
  /** of unrealised profit, parts per million */
  readonly gainWeight: bigint;
  /** most unrealised profit that counts, 1e-16 quote; null: no cap */
  readonly gainCap: bigint | null;
}

export interface WeightedSnapshot extends BaseSnapshot {
  readonly model: WeightedModel;
  readonly assets: readonly AssetParameters[];
  readonly instruments: readonly WeightedInstrument[];
}

export type Snapshot = TieredSnapshot | PortfolioSnapshot | StandardSnapshot | QuantizedSnapshot | WeightedSnapshot;
export type Model = Snapshot['model'];
