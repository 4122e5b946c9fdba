/**
 * An account of Derive's standard manager with its parameters, as a snapshot of the standard option model and holdings.
 * Everything has eight decimals, as the venue's orders and strikes have. What a recorded account states in finer units is
 * rounded, and the cash pays for the most that this can be worth: nobody becomes solvent by a rounding.
 */
import type { Holdings } from '../../../account/account.js';
import { SolvencyError } from '../../../errors.js';
import {
  absolute,
  add,
  ceiling,
  floor,
  formatFixed,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
  sum,
  ZERO,
} from '../../../numbers/rational.js';
import { type Approximation, upperBound } from '../../../pricing/approximation.js';
import { BITS } from '../../../protocol/constants.js';
import type { StandardSnapshot } from '../../../snapshot/snapshot.js';
import { buildStandard } from '../../../standard/buildStandard.js';
import type { StandardParameters } from '../../../standard/standardParameters.js';
import { larger, smaller } from '../shared/extremes.js';
import {
  baseRates,
  type Claim,
  depegMultiplier,
  isolatedRates,
  perpRates,
  type SrmAccount,
  type SrmExpiry,
  type SrmMarket,
  type SrmOption,
  type SrmParameters,
  shortContingencyRate,
} from './model.js';

/** A market of the model whose option marks are known up to a bound. */
export interface SrmHeldMarket extends Omit<SrmMarket, 'expiries'> {
  readonly name: string;
  readonly expiries: readonly (Omit<SrmExpiry, 'options'> & {
    readonly options: readonly (Omit<SrmOption, 'mark'> & { readonly mark: Approximation })[];
  })[];
}

export interface SrmHeldAccount {
  readonly account: Omit<SrmAccount, 'markets'>;
  readonly markets: readonly SrmHeldMarket[];
  readonly parameters: SrmParameters;
}

export interface RepresentedSrm {
  readonly snapshot: StandardSnapshot;
  readonly holdings: Holdings;
  /** what was rounded against the prover to fit */
  readonly rounded: readonly string[];
}

const DECIMALS = 8;
const UNITS = rational(10n ** BigInt(DECIMALS));
const QUOTE = 'USDC';
const CASH_ID = 1;
// a recorded case states no time that a proof of it would need
const CASE_TIME = 1;

const toUnits = (value: Rational): Rational => multiply(value, UNITS);
const fromUnits = (units: bigint): Rational => rational(units, UNITS.num);
const LEAST = fromUnits(1n);
const awayFromZero = (units: Rational): bigint => (units.num < 0n ? floor(units) : ceiling(units));

const notRepresentable = (what: string): SolvencyError =>
  new SolvencyError('NOT_REPRESENTABLE', `${what} does not fit an account leaf or a snapshot`);

function bounded(value: bigint, bits: number, what: string): bigint {
  if (value >= 1n << BigInt(bits) || value <= -(1n << BigInt(bits))) throw notRepresentable(what);
  return value;
}

/** What was rounded, and what that can be worth at most, in quote: the cash pays for it. */
interface Rounded {
  readonly rounded: readonly string[];
  readonly allowance: Rational;
}

interface ListedBase extends Rounded {
  readonly symbol: string;
  readonly price: Rational;
  readonly factor: Rational;
  readonly charge: Rational;
  /** units */
  readonly amount: bigint;
}

interface ListedContract extends Rounded, Omit<StandardParameters['instruments'][number], 'instrumentId'> {
  readonly symbol: string;
  /** units, signed; a perpetual that is not held has 0 */
  readonly size: bigint;
  readonly cost: bigint;
}

interface Context {
  readonly parameters: SrmParameters;
  readonly claim: Claim;
  /** of the stablecoin, times the spot price for each unit of a perpetual or a short */
  readonly depeg: Rational;
}

/** One account for one claim. Throws NOT_REPRESENTABLE when a figure is out of bounds or a strike cannot be exact. */
export function representSrm({ account, markets, parameters }: SrmHeldAccount, claim: Claim): RepresentedSrm {
  const depeg = claim === 'initial' ? depegMultiplier(account.stable, parameters.depeg) : ZERO;
  const context = { parameters, claim, depeg };
  const bases = markets.map((market) => listBase(market, context));
  const expiries = markets
    .flatMap((market) => market.expiries.map((expiry) => ({ market, expiry })))
    .map((each, place) => ({ ...each, place, name: `${each.market.name}-${place + 1}` }));
  const contracts = [
    ...markets.map((market) => listPerp(market, context)),
    ...expiries.flatMap((expiry) => listOptions(expiry, context)),
  ];
  const firstBase = CASH_ID + 1;
  const firstContract = firstBase + bases.length;

  const cash = toUnits(subtract(account.cash, sum([...bases, ...contracts].map(({ allowance }) => allowance))));
  const amount = bounded(floor(cash), BITS.amount, 'the cash');
  return {
    snapshot: buildStandard({
      registry: {
        venue: 'derive-srm',
        version: 1,
        quote: QUOTE,
        entries: [
          { id: CASH_ID, symbol: QUOTE, kind: 'asset', amountDecimals: DECIMALS },
          ...bases.map(({ symbol }, index) => ({
            id: firstBase + index,
            symbol,
            kind: 'asset' as const,
            amountDecimals: DECIMALS,
          })),
          ...contracts.map(({ symbol, option }, index) => ({
            id: firstContract + index,
            symbol,
            kind: option === null ? ('perpetual' as const) : ('option' as const),
            settleAsset: CASH_ID,
            amountDecimals: DECIMALS,
          })),
        ],
      },
      claim,
      time: CASE_TIME,
      haircutRule: 'marginal',
      assets: [
        { assetId: CASH_ID, price: ONE, ladder: [{ valueCap: null, factor: ONE }], charge: ZERO },
        ...bases.map(({ price, factor, charge }, index) => ({
          assetId: firstBase + index,
          price,
          ladder: [{ valueCap: null, factor }],
          charge,
        })),
      ],
      expiries: expiries.map(({ name, expiry }) => ({
        name,
        amountDecimals: DECIMALS,
        unpaired: unpairedRate(expiry, context),
      })),
      instruments: contracts.map((contract, index) => ({ ...contract, instrumentId: firstContract + index })),
    }),
    holdings: {
      collateral: [
        { assetId: CASH_ID, amount },
        ...bases.map((base, index) => ({ assetId: firstBase + index, amount: base.amount })),
      ].filter((entry) => entry.amount !== 0n),
      positions: contracts
        .map(({ size, cost }, index) => ({ instrumentId: firstContract + index, size, cost }))
        .filter(({ size }) => size !== 0n),
    },
    rounded: [...[...bases, ...contracts].flatMap(({ rounded }) => rounded), ...(cash.den === 1n ? [] : ['cash'])],
  };
}

/**
 * The underlying itself: its factor as a haircut, what the oracle's doubt asks for as a charge of each unit, since both
 * together may ask for more than it is worth.
 */
function listBase(market: SrmHeldMarket, { parameters: { market: rates }, claim }: Context): ListedBase {
  const { name, spot, base } = market;
  const price = fromUnits(floor(toUnits(spot)));
  if (price.num === 0n) throw notRepresentable(`the price of ${name}`);
  const factor = multiply(rates.base.factor, claim === 'initial' ? rates.base.initialScale : ONE);
  const charge = subtract(multiply(spot, factor), baseRates(market, rates)[claim]);
  const amount = bounded(floor(toUnits(base)), BITS.amount, `the ${name} held`);
  const lost = subtract(base, fromUnits(amount));
  return {
    symbol: name,
    price,
    factor: smaller(factor, ONE),
    charge,
    amount,
    rounded: lost.num === 0n ? [] : [`the ${name} held`],
    // what is left out lends nothing, but is not charged for either
    allowance: multiply(lost, charge),
  };
}

/** A perpetual: its cost is what leaves its unsettled profit and funding at the mark, so that the mark itself is free. */
function listPerp(market: SrmHeldMarket, { parameters: { market: rates }, claim, depeg }: Context): ListedContract {
  const { name, perp, spot } = market;
  const charge = add(perpRates(perp, market, rates)[claim], multiply(depeg, spot));
  // a snapshot has no mark of zero
  const mark = larger(fromUnits(ceiling(toUnits(perp.price))), LEAST);
  const held = heldSize(perp.amount, `the ${name} perpetual`, charge);
  const profit = held.size === 0n ? ZERO : perp.unsettled;
  const cost = toUnits(subtract(multiply(fromUnits(held.size), mark), profit));
  return {
    symbol: `${name}-PERP`,
    mark,
    option: null,
    longCharge: charge,
    shortCharge: charge,
    ...held,
    cost: bounded(ceiling(cost), BITS.cost, `the cost of the ${name} perpetual`),
    rounded: [...held.rounded, ...(cost.den === 1n ? [] : [`the profit of the ${name} perpetual`])],
  };
}

/** A snapshot asks for something, the least unit, where the venue's parameters ask for nothing. */
const unpairedRate = ({ forward }: Pick<SrmExpiry, 'forward'>, { parameters, claim }: Context): Rational =>
  larger(multiply(parameters.market.option.unpairedScale[claim], forward), LEAST);

function listOptions(
  {
    market,
    expiry,
    place,
    name,
  }: {
    readonly market: SrmHeldMarket;
    readonly expiry: SrmHeldMarket['expiries'][number];
    readonly place: number;
    readonly name: string;
  },
  context: Context,
): readonly ListedContract[] {
  const { parameters, claim, depeg } = context;
  const contingency = claim === 'initial' ? shortContingencyRate(expiry, market, parameters.market) : ZERO;
  const shortCharge = add(contingency, multiply(depeg, market.spot));
  // an option pays at most this at zero or at a strike held
  const mostPaid = expiry.options.map(({ strike }) => strike).reduce(larger, ZERO);
  return expiry.options.map(({ strike, isCall, amount, mark }) => {
    const symbol = `${name}-${formatFixed(strike, DECIMALS)}-${isCall ? 'C' : 'P'}`;
    const contract = { strike, isCall, mark: upperBound(mark) };
    const isolated = larger(isolatedRates(contract, market.spot, parameters.market.option)[claim], LEAST);
    // the lesser of two margins moves by no more than the one that moves more
    const most = add(larger(isolated, add(mostPaid, unpairedRate(expiry, context))), shortCharge);
    const held = heldSize(amount, symbol, most);
    // a strike counts for being held
    if (held.size === 0n) throw notRepresentable(`${symbol}, of which nothing is held,`);
    return {
      symbol,
      mark: larger(mark.value, ZERO),
      option: { expiry: place, strike, type: isCall ? 'call' : 'put', isolated },
      longCharge: ZERO,
      shortCharge,
      ...held,
      cost: 0n,
    };
  });
}

/**
 * A size in units, away from zero: an option that is left out would take its strike with it. `most` is what one unit of
 * the underlying can change in the margin.
 */
function heldSize(amount: Rational, what: string, most: Rational): Rounded & { readonly size: bigint } {
  const size = bounded(awayFromZero(toUnits(amount)), BITS.amount, what);
  const change = absolute(subtract(fromUnits(size), amount));
  return { size, rounded: change.num === 0n ? [] : [what], allowance: multiply(change, most) };
}
