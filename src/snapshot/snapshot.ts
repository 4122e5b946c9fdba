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

/** What a figure was computed from: for people, and like roundings no part of a root. */
export interface Provenance {
  readonly where: string;
  readonly from: string;
}

/** All public parameters at one time, for one claim. */
interface BaseSnapshot {
  readonly registry: Registry;
  /** seconds since 1970 */
  readonly time: number;
  readonly roundings: readonly Rounding[];
  /** only of snapshots that were computed from market data */
  readonly provenance?: readonly Provenance[];
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

/** What each unit held or owed is charged beside the risk measure: sizes above the previous cap and up to `sizeCap`. */
export interface ChargeTier {
  /** units; null on the last tier */
  readonly sizeCap: bigint | null;
  /** 1e-16 quote; never less than in the tier below */
  readonly charge: bigint;
}

/** Sensitivities of one unit of size in 1e-12 quote. */
export interface CashGreeks {
  /** index in the snapshot's underlyings */
  readonly underlying: number;
  /** change of value per relative move of 1 of the underlying: delta x price */
  readonly delta: bigint;
  /** second derivative by the relative move: gamma x price^2 */
  readonly gamma: bigint;
  /** per change of 1 in volatility */
  readonly vega: bigint;
}

/** One contract as risk measures see it; each family uses its own part, what it does not use is null or empty. */
export interface MeasuredInstrument {
  readonly instrumentId: number;
  /** mark price */
  readonly price: bigint;
  /** at least one, marginal: the requirement is continuous in size */
  readonly charges: readonly ChargeTier[];
  readonly greeks: CashGreeks | null;
  /** change of value when a factor rises by 1, one per factor of the model, 1e-12 quote per unit of size */
  readonly exposures: readonly bigint[];
  /** change of value in every scenario, those of stress last, 1e-12 quote per unit of size */
  readonly changes: readonly bigint[];
}

/** One shock of an underlying, in 1e-9. */
export interface Shock {
  /** relative move of the price, signed */
  readonly move: bigint;
  /** change of volatility, signed: 0.1 is ten points */
  readonly volatility: bigint;
}

export interface ShockedUnderlying {
  readonly name: string;
  /** at most 24 */
  readonly shocks: readonly Shock[];
}

/** Correlated risk factors: value at risk is the length of (transposed factor matrix) x exposures. */
export interface RiskFactors {
  readonly names: readonly string[];
  /**
   * lower triangular, row i has i + 1 entries, 1e-9: the Cholesky factor of the covariance over the holding period times
   * the quantile of the confidence level
   */
  readonly cholesky: readonly (readonly bigint[])[];
}

/** What is measured over the list of scenarios. */
export interface TailMeasure {
  readonly measure: 'expected shortfall' | 'value at risk';
  /** parts per million, 975,000 is 97.5% */
  readonly confidence: bigint;
  /** names of the scenarios of the distribution, each as likely as the others */
  readonly scenarios: readonly string[];
}

interface MeasureSnapshot extends BaseSnapshot {
  readonly assets: readonly AssetParameters[];
  readonly underlyings: readonly ShockedUnderlying[];
  readonly instruments: readonly MeasuredInstrument[];
}

export type GreeksModel = BaseModel<'greeks'>;
export interface GreeksSnapshot extends MeasureSnapshot {
  readonly model: GreeksModel;
}

export interface ParametricModel extends BaseModel<'parametric'> {
  readonly factors: RiskFactors;
}
export interface ParametricSnapshot extends MeasureSnapshot {
  readonly model: ParametricModel;
}

export interface TailModel extends BaseModel<'tail'> {
  readonly tail: TailMeasure;
  /** blocks of 45 scenarios that a circuit has room for */
  readonly blocks: number;
}
export interface TailSnapshot extends MeasureSnapshot {
  readonly model: TailModel;
}

/** Weights of the measures in a hybrid, parts per million; 0 leaves a measure out. */
export interface MeasureWeights {
  /** the charges by tier, as a measure beside the others */
  readonly charges: bigint;
  readonly greeks: bigint;
  readonly parametric: bigint;
  readonly tail: bigint;
  /** the worst loss over the stress scenarios */
  readonly stress: bigint;
}

export interface HybridModel extends BaseModel<'hybrid'> {
  readonly factors: RiskFactors;
  readonly tail: TailMeasure;
  /** names of the stress scenarios, which follow those of the distribution */
  readonly stress: readonly string[];
  readonly blocks: number;
  /** of the weighted measures */
  readonly rule: 'maximum' | 'sum';
  readonly weights: MeasureWeights;
  /** weight of the charges that are added to the maximum or sum, parts per million */
  readonly added: bigint;
}
export interface HybridSnapshot extends MeasureSnapshot {
  readonly model: HybridModel;
}

export type MeasuredSnapshot = GreeksSnapshot | ParametricSnapshot | TailSnapshot | HybridSnapshot;
export type Snapshot =
  | TieredSnapshot
  | PortfolioSnapshot
  | StandardSnapshot
  | QuantizedSnapshot
  | WeightedSnapshot
  | MeasuredSnapshot;
export type Model = Snapshot['model'];
