/**
 * Derive's standard manager in exact rationals, over a mark price per option. Signs are the venue's: margins add to the
 * account, so what is required is negative. Per market, with q the signed size and (x)^+ = max(x, 0):
 *
 *   isolated  = - sum over options of (-q)^+ * rate                           a long has no margin of its own
 *     call    : maintenance = mark + mmCall * spot            initial = mark + i * spot
 *     put     : maintenance = mark + max(mmPut * spot, mmPutMark * mark)
 *               initial     = max(mark + i * spot, offset * maintenance)
 *     i       = max(most - out of the money / spot, least)
 *   bounded   = min(0, min over p in {0, every strike held} of sum of q * payoff(p))
 *               + scale * forward * min(net calls, 0)
 *   options   = sum over expiries of max(isolated, bounded)                   whichever asks for less
 *   perp      = - |q| * rate * perp price + profit and funding not yet settled
 *   base      = units * spot * factor (* initial scale)
 *   initial only, where a confidence c is below its threshold: (1 - c) * factor * spot per unit of |perp|, of base, and of
 *   every short of that expiry; where the stablecoin is below its threshold: (threshold - stable) * factor * spot per unit
 *   of |perp| and of every short of any expiry
 *
 * Traps: the strikes held count whatever their size and expiry by expiry; net calls ignore puts and strikes; the perp's
 * confidence counts for the perp alone; a base without initial margin owes no contingency; the discount of the options is 1.
 * Formulas: derivexyz/v2-core (commit 7736900d), src/risk-managers/StandardManager.sol and SRMPortfolioViewer.sol, which
 * truncate every step at 1e-18; nothing is truncated here.
 */
import {
  absolute,
  add,
  divide,
  multiply,
  negate,
  type Rational,
  subtract,
  sum,
  ZERO,
} from '../../../numbers/rational.js';
import { confidenceRate } from '../shared/expiry.js';
import { larger, smaller } from '../shared/extremes.js';

/** A figure for maintenance and for initial margin. */
export interface ByClaim<Value> {
  readonly maintenance: Value;
  readonly initial: Value;
}
export type Claim = keyof ByClaim<unknown>;

export interface SrmContract {
  readonly strike: Rational;
  readonly isCall: boolean;
  /** value of one unit, not negative */
  readonly mark: Rational;
}

export interface SrmOption extends SrmContract {
  /** signed */
  readonly amount: Rational;
}

export interface SrmExpiry {
  readonly forward: Rational;
  /** the lesser confidence of the expiry's forward and of its volatilities */
  readonly confidence: Rational;
  readonly options: readonly SrmOption[];
}

export interface SrmPerp {
  /** signed */
  readonly amount: Rational;
  readonly price: Rational;
  readonly confidence: Rational;
  /** profit and funding not yet settled into cash */
  readonly unsettled: Rational;
}

export interface SrmOptionParameters {
  readonly mostSpot: Rational;
  readonly leastSpot: Rational;
  readonly maintenanceCallSpot: Rational;
  readonly maintenancePutSpot: Rational;
  readonly maintenancePutMark: Rational;
  /** factor on the forward per call short on balance */
  readonly unpairedScale: ByClaim<Rational>;
  /** initial margin of a put is at least this many times its maintenance margin */
  readonly putOffset: Rational;
}

export interface SrmContingencyParameters {
  readonly perpThreshold: Rational;
  readonly optionThreshold: Rational;
  readonly baseThreshold: Rational;
  readonly factor: Rational;
}

export interface SrmMarketParameters {
  readonly option: SrmOptionParameters;
  readonly contingency: SrmContingencyParameters;
  /** of the perp's value */
  readonly perp: ByClaim<Rational>;
  /** part of the value of the underlying that counts as cash, and the factor on that for initial margin */
  readonly base: { readonly factor: Rational; readonly initialScale: Rational };
}

/** What one underlying's feeds say, without what an account holds. */
export interface SrmFeeds {
  /** positive */
  readonly spot: Rational;
  readonly spotConfidence: Rational;
}

export interface SrmMarket extends SrmFeeds {
  readonly perp: SrmPerp;
  /** units of the underlying itself, not negative */
  readonly base: Rational;
  /** one per date */
  readonly expiries: readonly SrmExpiry[];
}

export interface SrmAccount {
  readonly cash: Rational;
  /** price of the quote stablecoin, positive */
  readonly stable: Rational;
  readonly markets: readonly SrmMarket[];
}

export interface SrmParameters {
  /** the same for every market */
  readonly market: SrmMarketParameters;
  readonly depeg: { readonly threshold: Rational; readonly factor: Rational };
}

const notBelowZero = (value: Rational): Rational => larger(value, ZERO);
const notAboveZero = (value: Rational): Rational => smaller(value, ZERO);

/** What one unit of an option pays when the underlying settles at a price. */
export const payoff = ({ strike, isCall }: Pick<SrmContract, 'strike' | 'isCall'>, price: Rational): Rational =>
  notBelowZero(isCall ? subtract(price, strike) : subtract(strike, price));

/** What one unit of a short requires in isolation, in quote units; a long requires nothing and lends nothing. */
export function isolatedRates(
  { strike, isCall, mark }: SrmContract,
  spot: Rational,
  parameters: SrmOptionParameters,
): ByClaim<Rational> {
  const outOfTheMoney = notBelowZero(isCall ? subtract(strike, spot) : subtract(spot, strike));
  const spotPart = larger(subtract(parameters.mostSpot, divide(outOfTheMoney, spot)), parameters.leastSpot);
  const initial = add(multiply(spotPart, spot), mark);
  if (isCall) return { maintenance: add(multiply(parameters.maintenanceCallSpot, spot), mark), initial };
  const addition = larger(multiply(parameters.maintenancePutSpot, spot), multiply(parameters.maintenancePutMark, mark));
  const maintenance = add(addition, mark);
  return { maintenance, initial: larger(initial, multiply(maintenance, parameters.putOffset)) };
}

/** Asked per unit of the underlying while a confidence is below its threshold, for initial margin only. */
const contingencyRate = (
  confidence: Rational,
  spot: Rational,
  parameters: SrmContingencyParameters,
  threshold: Exclude<keyof SrmContingencyParameters, 'factor'>,
): Rational =>
  multiply(confidenceRate(confidence, { threshold: parameters[threshold], margin: parameters.factor }), spot);

/** The settlement prices at which an expiry is evaluated: zero and every strike held. */
export const settlementPrices = (options: readonly Pick<SrmOption, 'strike'>[]): readonly Rational[] => [
  ZERO,
  ...options.map(({ strike }) => strike),
];

/** What one unit of a perp, of either side, requires. */
export function perpRates(
  { price, confidence }: Pick<SrmPerp, 'price' | 'confidence'>,
  { spot, spotConfidence }: SrmFeeds,
  { perp, contingency }: SrmMarketParameters,
): ByClaim<Rational> {
  const penalty = contingencyRate(smaller(confidence, spotConfidence), spot, contingency, 'perpThreshold');
  return { maintenance: multiply(price, perp.maintenance), initial: add(multiply(price, perp.initial), penalty) };
}

/** What one unit of the underlying lends; for initial margin this may be negative. */
export function baseRates(
  { spot, spotConfidence }: SrmFeeds,
  { base, contingency }: SrmMarketParameters,
): ByClaim<Rational> {
  const maintenance = multiply(spot, base.factor);
  const initial = multiply(maintenance, base.initialScale);
  if (initial.num === 0n) return { maintenance, initial };
  const penalty = contingencyRate(spotConfidence, spot, contingency, 'baseThreshold');
  return { maintenance, initial: subtract(initial, penalty) };
}

/** What one unit of a short of an expiry requires on top for initial margin while its feeds are not sure of themselves. */
export const shortContingencyRate = (
  { confidence }: Pick<SrmExpiry, 'confidence'>,
  { spot, spotConfidence }: SrmFeeds,
  { contingency }: SrmMarketParameters,
): Rational => contingencyRate(smaller(confidence, spotConfidence), spot, contingency, 'optionThreshold');

/** Times the spot price: what a unit of every short and perp requires on top for initial margin below the peg. */
export const depegMultiplier = (stable: Rational, { threshold, factor }: SrmParameters['depeg']): Rational =>
  multiply(notBelowZero(subtract(threshold, stable)), factor);

const shortOf = ({ amount }: Pick<SrmOption, 'amount'>): Rational => negate(notAboveZero(amount));

/** Shorts of an expiry, of whatever strike and side, no long set against them. */
export const shortsOf = ({ options }: Pick<SrmExpiry, 'options'>): Rational => sum(options.map(shortOf));

export interface SrmExpiryMargin {
  /** of all shorts, each as if alone */
  readonly isolated: Rational;
  /** the least the options pay together at zero or a strike held; above zero where they pay at all of these */
  readonly leastPayoff: Rational;
  /** for calls that are short on balance, whose loss grows beyond the last strike; not positive */
  readonly unpaired: Rational;
  /** the loss that the options bound among themselves, and `unpaired` */
  readonly bounded: Rational;
  readonly margin: Rational;
}

/** Margin of the options of one expiry before contingencies: not positive. */
export function expiryMargin(
  { forward, options }: Omit<SrmExpiry, 'confidence'>,
  spot: Rational,
  parameters: SrmOptionParameters,
  claim: Claim,
): SrmExpiryMargin {
  const isolated = negate(
    sum(options.map((option) => multiply(shortOf(option), isolatedRates(option, spot, parameters)[claim]))),
  );
  const paidAt = (price: Rational): Rational =>
    sum(options.map((option) => multiply(option.amount, payoff(option, price))));
  const leastPayoff = settlementPrices(options).map(paidAt).reduce(smaller);
  const netCalls = sum(options.filter(({ isCall }) => isCall).map(({ amount }) => amount));
  const unpaired = multiply(multiply(parameters.unpairedScale[claim], forward), notAboveZero(netCalls));
  const bounded = add(notAboveZero(leastPayoff), unpaired);
  return { isolated, leastPayoff, unpaired, bounded, margin: larger(isolated, bounded) };
}

/** Figures of one market, each as it adds to the net margin. */
export interface SrmMarketRisk {
  /** in the order of the market's expiries */
  readonly expiries: readonly SrmExpiryMargin[];
  /** of all expiries, before contingencies */
  readonly options: Rational;
  readonly optionContingency: Rational;
  readonly perp: Rational;
  readonly unsettled: Rational;
  readonly base: Rational;
  readonly depeg: Rational;
}

export interface SrmRisk {
  /** in the order of the account's markets */
  readonly markets: ByClaim<readonly SrmMarketRisk[]>;
  /** negative: the account lacks that much */
  readonly net: ByClaim<Rational>;
  readonly markToMarket: Rational;
}

const unsettledOf = ({ amount, unsettled }: SrmPerp): Rational => (amount.num === 0n ? ZERO : unsettled);

function marketRisk(market: SrmMarket, stable: Rational, parameters: SrmParameters, claim: Claim): SrmMarketRisk {
  const { perp, base, expiries, spot } = market;
  const isInitial = claim === 'initial';
  const margins = expiries.map((expiry) => expiryMargin(expiry, spot, parameters.market.option, claim));
  const contingency = sum(
    expiries.map((expiry) => multiply(shortsOf(expiry), shortContingencyRate(expiry, market, parameters.market))),
  );
  const pegged = add(absolute(perp.amount), sum(expiries.map(shortsOf)));
  const depeg = multiply(pegged, multiply(depegMultiplier(stable, parameters.depeg), spot));
  return {
    expiries: margins,
    options: sum(margins.map(({ margin }) => margin)),
    optionContingency: isInitial ? negate(contingency) : ZERO,
    perp: negate(multiply(absolute(perp.amount), perpRates(perp, market, parameters.market)[claim])),
    unsettled: unsettledOf(perp),
    base: multiply(base, baseRates(market, parameters.market)[claim]),
    depeg: isInitial ? negate(depeg) : ZERO,
  };
}

const netOf = (cash: Rational, markets: readonly SrmMarketRisk[]): Rational =>
  sum([
    cash,
    ...markets.flatMap(({ options, optionContingency, perp, unsettled, base, depeg }) => [
      options,
      optionContingency,
      perp,
      unsettled,
      base,
      depeg,
    ]),
  ]);

/** Only the underlying itself is turned into the stablecoin; options count as they are. */
function marketValue({ perp, base, expiries, spot }: SrmMarket, stable: Rational): Rational {
  const options = sum(expiries.flatMap((expiry) => expiry.options.map(({ amount, mark }) => multiply(amount, mark))));
  return sum([options, unsettledOf(perp), divide(multiply(base, spot), stable)]);
}

export function srmRisk({ cash, stable, markets }: SrmAccount, parameters: SrmParameters): SrmRisk {
  const risksOf = (claim: Claim): readonly SrmMarketRisk[] =>
    markets.map((market) => marketRisk(market, stable, parameters, claim));
  const [maintenance, initial] = [risksOf('maintenance'), risksOf('initial')];
  return {
    markets: { maintenance, initial },
    net: { maintenance: netOf(cash, maintenance), initial: netOf(cash, initial) },
    markToMarket: sum([cash, ...markets.map((market) => marketValue(market, stable))]),
  };
}
