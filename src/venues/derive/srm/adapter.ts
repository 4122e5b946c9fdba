/**
 * An account of Derive's standard manager with its parameters, as a snapshot of the standard option model and holdings.
 * Everything has eight decimals, as the venue's orders and strikes have. What a recorded account states in finer units is
 * rounded, and the cash pays for the most that this can be worth: nobody becomes solvent by a rounding.
 */
import type { Holdings, PositionEntry } from '../../../account/account.js';
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
import type { RegistryEntry } from '../../../snapshot/registry.js';
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
const CASH_ID = 1;
// a recorded case states no time that a proof of it would need
const CASE_TIME = 1;

const toUnits = (value: Rational): Rational => multiply(value, UNITS);
const fromUnits = (units: bigint): Rational => rational(units, UNITS.num);
const awayFromZero = (units: Rational): bigint => (units.num < 0n ? floor(units) : ceiling(units));

const notRepresentable = (what: string): SolvencyError =>
  new SolvencyError('NOT_REPRESENTABLE', `${what} does not fit an account leaf or a snapshot`);

function bounded(value: bigint, bits: number, what: string): bigint {
  if (value >= 1n << BigInt(bits) || value <= -(1n << BigInt(bits))) throw notRepresentable(what);
  return value;
}

type Asset = StandardParameters['assets'][number];
type Expiry = StandardParameters['expiries'][number];
type Instrument = StandardParameters['instruments'][number];

/** Collects the parts of one account in the order of their ids, and what their roundings can be worth. */
interface Parts {
  readonly entries: RegistryEntry[];
  readonly assets: Asset[];
  readonly expiries: Expiry[];
  readonly instruments: Instrument[];
  readonly collateral: Holdings['collateral'][number][];
  readonly positions: PositionEntry[];
  readonly rounded: string[];
  /** quote that the cash pays */
  allowances: Rational;
}

export function representSrm(held: SrmHeldAccount, claim: Claim): RepresentedSrm {
  const parts: Parts = {
    entries: [{ id: CASH_ID, symbol: 'USDC', kind: 'asset', amountDecimals: DECIMALS }],
    assets: [{ assetId: CASH_ID, price: ONE, ladder: [{ valueCap: null, factor: ONE }], charge: ZERO }],
    expiries: [],
    instruments: [],
    collateral: [],
    positions: [],
    rounded: [],
    allowances: ZERO,
  };
  for (const market of held.markets) addBase(parts, market, held.parameters, claim);
  const depeg = claim === 'initial' ? depegMultiplier(held.account.stable, held.parameters.depeg) : ZERO;
  for (const market of held.markets) {
    const pegged = multiply(depeg, market.spot);
    addPerp(parts, market, held.parameters, claim, pegged);
    for (const expiry of market.expiries) addExpiry(parts, market, expiry, held.parameters, claim, pegged);
  }

  const cash = toUnits(subtract(held.account.cash, parts.allowances));
  if (cash.den !== 1n) parts.rounded.push('cash');
  const amount = bounded(floor(cash), BITS.amount, 'the cash');
  const { entries, assets, expiries, instruments, collateral, positions, rounded } = parts;
  return {
    snapshot: buildStandard({
      registry: { venue: 'derive-srm', version: 1, quote: 'USDC', entries },
      claim,
      time: CASE_TIME,
      haircutRule: 'marginal',
      assets,
      expiries,
      instruments,
    }),
    holdings: { collateral: [...(amount === 0n ? [] : [{ assetId: CASH_ID, amount }]), ...collateral], positions },
    rounded,
  };
}

const nextId = ({ entries }: Parts): number => entries.length + 1;

/**
 * The underlying itself: its factor as a haircut, what the oracle's doubt asks for as a charge of each unit, since both
 * together may ask for more than it is worth.
 */
function addBase(parts: Parts, market: SrmHeldMarket, { market: rates }: SrmParameters, claim: Claim): void {
  const { name, spot, base } = market;
  const price = floor(toUnits(spot));
  if (price === 0n) throw notRepresentable(`the price of ${name}`);
  const scale = claim === 'initial' ? rates.base.initialScale : ONE;
  const factor = smaller(multiply(rates.base.factor, scale), ONE);
  const charge = subtract(multiply(multiply(spot, rates.base.factor), scale), baseRates(market, rates)[claim]);
  const assetId = nextId(parts);
  parts.entries.push({ id: assetId, symbol: name, kind: 'asset', amountDecimals: DECIMALS });
  parts.assets.push({ assetId, price: fromUnits(price), ladder: [{ valueCap: null, factor }], charge });
  const amount = bounded(floor(toUnits(base)), BITS.amount, `the ${name} held`);
  if (amount !== 0n) parts.collateral.push({ assetId, amount });
  const lost = subtract(base, fromUnits(amount));
  if (lost.num === 0n) return;
  parts.rounded.push(`the ${name} held`);
  parts.allowances = add(parts.allowances, multiply(lost, charge));
}

/** A perpetual: its cost is what leaves its unsettled profit and funding at the mark, so that the mark itself is free. */
function addPerp(
  parts: Parts,
  market: SrmHeldMarket,
  { market: rates }: SrmParameters,
  claim: Claim,
  pegged: Rational,
): void {
  const { name, perp } = market;
  const charge = add(perpRates(perp, market, rates)[claim], pegged);
  const instrumentId = nextId(parts);
  // a snapshot has no mark of zero
  const mark = larger(fromUnits(ceiling(toUnits(perp.price))), fromUnits(1n));
  parts.entries.push({
    id: instrumentId,
    symbol: `${name}-PERP`,
    kind: 'perpetual',
    settleAsset: CASH_ID,
    amountDecimals: DECIMALS,
  });
  parts.instruments.push({ instrumentId, mark, option: null, longCharge: charge, shortCharge: charge });
  const size = heldSize(parts, perp.amount, `the ${name} perpetual`, charge);
  if (size === 0n) return;
  const cost = toUnits(subtract(multiply(fromUnits(size), mark), perp.unsettled));
  if (cost.den !== 1n) parts.rounded.push(`the profit of the ${name} perpetual`);
  parts.positions.push({ instrumentId, size, cost: bounded(ceiling(cost), BITS.cost, `the cost of ${name}`) });
}

function addExpiry(
  parts: Parts,
  market: SrmHeldMarket,
  expiry: SrmHeldMarket['expiries'][number],
  { market: rates }: SrmParameters,
  claim: Claim,
  pegged: Rational,
): void {
  const place = parts.expiries.length;
  const name = `${market.name}-${place + 1}`;
  // a snapshot asks for something, the least unit, where the venue's parameters ask for nothing
  const least = fromUnits(1n);
  const unpaired = larger(multiply(rates.option.unpairedScale[claim], expiry.forward), least);
  parts.expiries.push({ name, amountDecimals: DECIMALS, unpaired });
  const contingency = claim === 'initial' ? shortContingencyRate(expiry, market, rates) : ZERO;
  const shortCharge = add(contingency, pegged);
  // an option pays at most this at zero or at a strike held
  const mostPaid = expiry.options.map(({ strike }) => strike).reduce(larger, ZERO);
  for (const { strike, isCall, amount, mark } of expiry.options) {
    const symbol = `${name}-${formatFixed(strike, DECIMALS)}-${isCall ? 'C' : 'P'}`;
    const alone = isolatedRates({ strike, isCall, mark: upperBound(mark) }, market.spot, rates.option)[claim];
    const isolated = larger(alone, least);
    const instrumentId = nextId(parts);
    parts.entries.push({
      id: instrumentId,
      symbol,
      kind: 'option',
      settleAsset: CASH_ID,
      amountDecimals: DECIMALS,
    });
    parts.instruments.push({
      instrumentId,
      mark: larger(mark.value, ZERO),
      option: { expiry: place, strike, type: isCall ? 'call' : 'put', isolated },
      longCharge: ZERO,
      shortCharge,
    });
    // the lesser of two margins moves by no more than the one that moves more
    const most = add(larger(isolated, add(mostPaid, unpaired)), shortCharge);
    const size = heldSize(parts, amount, symbol, most);
    // a strike counts for being held
    if (size === 0n) throw notRepresentable(`${symbol}, of which nothing is held,`);
    parts.positions.push({ instrumentId, size, cost: 0n });
  }
}

/**
 * A size in units, away from zero: an option that is left out would take its strike with it. `most` is what one unit of
 * the underlying can change in the margin.
 */
function heldSize(parts: Parts, amount: Rational, what: string, most: Rational): bigint {
  const size = bounded(awayFromZero(toUnits(amount)), BITS.amount, what);
  const change = absolute(subtract(fromUnits(size), amount));
  if (change.num !== 0n) {
    parts.rounded.push(what);
    parts.allowances = sum([parts.allowances, multiply(change, most)]);
  }
  return size;
}
