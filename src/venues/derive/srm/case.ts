/**
 * The two shapes of a case of this model. "Whole": amounts in 1e-8, feeds resolved per underlying, margins stated in whole
 * quote units. "Wei": amounts in 1e-18, two fixed markets, and feeds as lists beside the list of options. How inputs enter:
 * derivexyz/v2-core (commit 7736900d), test/risk-managers/unit-tests/StandardManager/TestStandardManager_Cases.t.sol and
 * TestStandardManager_Portfolio_Cases.t.sol.
 */
import {
  add,
  compare,
  divide,
  floor,
  multiply,
  negate,
  ONE,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../../numbers/rational.js';
import { integerAt, numberAt, objectAt, objectsAt, onlyFields, textAt } from '../../../vectors/fields.js';
import { isObject, type JsonObject } from '../../../vectors/json.js';
import { smaller } from '../shared/extremes.js';
import {
  flagAt,
  fromWei,
  listAt,
  notNegativeAt,
  numbersAt,
  positiveAt,
  refuse,
  requireDistinct,
  weiAt,
} from '../shared/fields.js';
import type { HeldOption } from '../shared/scenario.js';
import type { SrmAccount, SrmMarket, SrmMarketParameters, SrmParameters, SrmPerp } from './model.js';
import type { SrmExpiryInputs } from './valuation.js';

export interface SrmCaseExpiry extends SrmExpiryInputs {
  readonly confidence: Rational;
  /** the forward as listed, which is not the one in use where the expiry settles within the hour */
  readonly listedForward: Rational;
}

export interface SrmCaseMarket extends Omit<SrmMarket, 'expiries'> {
  readonly name: string;
  /** in the order in which the options first name them */
  readonly expiries: readonly SrmCaseExpiry[];
}

export interface SrmCase {
  readonly shape: 'whole' | 'wei';
  readonly account: Omit<SrmAccount, 'markets'>;
  readonly markets: readonly SrmCaseMarket[];
  readonly parameters: SrmParameters;
}

type Portfolio = Pick<SrmCase, 'account' | 'markets'>;

function confidenceIn(value: Rational, what: string): Rational {
  if (value.num < 0n || compare(value, ONE) > 0) throw refuse(`${what} is a confidence outside of 0 and 1`);
  return value;
}

const confidenceAt = (object: JsonObject, key: string, where: string): Rational =>
  confidenceIn(numberAt(object, key, where), `${where}.${key}`);

const OPTION_FIELDS = [
  'maxSpotReq',
  'minSpotReq',
  'mmCallSpotReq',
  'mmPutSpotReq',
  'MMPutMtMReq',
  'unpairedIMScale',
  'unpairedMMScale',
  'mmOffsetScale',
];
const CONTINGENCY_FIELDS = ['perpThreshold', 'optionThreshold', 'baseThreshold', 'OCFactor'];

/** One group of parameters: every one is stated, none is negative. */
function groupAt(risk: JsonObject, name: string, names: readonly string[]): (key: string) => Rational {
  const where = `risk_params.${name}`;
  const group = objectAt(risk, name, 'risk_params');
  onlyFields(group, names, where);
  return (key) => notNegativeAt(group, key, where);
}

function readMarketParameters(risk: JsonObject, collateral: JsonObject): SrmMarketParameters {
  const option = groupAt(risk, 'option', OPTION_FIELDS);
  const contingency = groupAt(risk, 'oracle_contingency', CONTINGENCY_FIELDS);
  const perp = groupAt(risk, 'perp', ['mm', 'im']);
  return {
    option: {
      mostSpot: option('maxSpotReq'),
      leastSpot: option('minSpotReq'),
      maintenanceCallSpot: option('mmCallSpotReq'),
      maintenancePutSpot: option('mmPutSpotReq'),
      maintenancePutMark: option('MMPutMtMReq'),
      unpairedScale: { maintenance: option('unpairedMMScale'), initial: option('unpairedIMScale') },
      putOffset: option('mmOffsetScale'),
    },
    contingency: {
      perpThreshold: contingency('perpThreshold'),
      optionThreshold: contingency('optionThreshold'),
      baseThreshold: contingency('baseThreshold'),
      factor: contingency('OCFactor'),
    },
    perp: { maintenance: perp('mm'), initial: perp('im') },
    base: {
      factor: notNegativeAt(collateral, 'base_margin_factor', 'collateral'),
      initialScale: notNegativeAt(collateral, 'base_im_scale', 'collateral'),
    },
  };
}

function readParameters(fields: JsonObject): SrmParameters {
  const risk = objectAt(fields, 'risk_params', 'the case');
  onlyFields(risk, ['option', 'oracle_contingency', 'perp', 'depeg'], 'risk_params');
  const depeg = groupAt(risk, 'depeg', ['threshold', 'factor']);
  return {
    market: readMarketParameters(risk, objectAt(fields, 'collateral', 'the case')),
    depeg: { threshold: depeg('threshold'), factor: depeg('factor') },
  };
}

const BASE_FIELDS = ['base_margin_factor', 'base_im_scale'];

const EIGHT_DECIMALS = rational(1n, 10n ** 8n);
const eightDecimals = (object: JsonObject, key: string, where: string): Rational =>
  multiply(numberAt(object, key, where), EIGHT_DECIMALS);

function isCallAt(item: JsonObject, where: string): boolean {
  const type = textAt(item, 'type', where);
  if (type !== 'call' && type !== 'put') throw refuse(`${where}.type is neither call nor put`);
  return type === 'call';
}

const EXPIRY_FIELDS = ['date', 'seconds_to_expiry', 'forward', 'forward_confidence', 'vol', 'vol_confidence'];

function wholeExpiry(
  date: string,
  held: readonly JsonObject[],
  feeds: readonly JsonObject[],
  at: string,
): SrmCaseExpiry {
  const [feed, ...more] = feeds.filter((item) => item['date'] === date);
  if (feed === undefined) throw refuse(`${at} states no expiry of ${date}, at which an option is held`);
  if (more.length > 0) throw refuse(`${at} states ${date} twice`);
  const where = `${at}, ${date}`;
  onlyFields(feed, EXPIRY_FIELDS, where);
  const volatility = notNegativeAt(feed, 'vol', where);
  const forward = positiveAt(feed, 'forward', where);
  return {
    seconds: integerAt(feed, 'seconds_to_expiry', where),
    forward,
    listedForward: forward,
    confidence: smaller(confidenceAt(feed, 'forward_confidence', where), confidenceAt(feed, 'vol_confidence', where)),
    options: held.map((item) => ({
      strike: notNegativeAt(item, 'strike', 'positions.options_1e8'),
      isCall: isCallAt(item, 'positions.options_1e8'),
      amount: eightDecimals(item, 'amount', 'positions.options_1e8'),
      volatility,
    })),
  };
}

const FEED_FIELDS = ['spot', 'spot_confidence', 'perp_price', 'perp_confidence', 'expiries'];

interface WholePositions {
  readonly perps: readonly JsonObject[];
  readonly bases: readonly JsonObject[];
  readonly options: readonly JsonObject[];
}

/** What is held of one underlying; an account has one balance of an asset, so at most one perp and one base. */
function heldOf(name: string, list: readonly JsonObject[], what: string): JsonObject | undefined {
  const [first, ...more] = list.filter((item) => item['underlying'] === name);
  if (more.length > 0) throw refuse(`${what} names ${name} twice; an account has one balance of an asset`);
  return first;
}

function wholeMarket(name: string, feeds: JsonObject, positions: WholePositions): SrmCaseMarket {
  const where = `prices.resolved.${name}`;
  onlyFields(feeds, FEED_FIELDS, where);
  const held = heldOf(name, positions.perps, 'positions.perps_1e8');
  const base = heldOf(name, positions.bases, 'collateral.bases_1e8');
  const amount = held === undefined ? ZERO : eightDecimals(held, 'amount', 'positions.perps_1e8');
  const price = notNegativeAt(feeds, 'perp_price', where);
  const entry = held === undefined ? ZERO : eightDecimals(held, 'entryPrice', 'positions.perps_1e8');
  const options = positions.options.filter((item) => item['underlying'] === name);
  const dates = [...new Set(options.map((item) => textAt(item, 'expiry', 'positions.options_1e8')))];
  return {
    name,
    spot: positiveAt(feeds, 'spot', where),
    spotConfidence: confidenceAt(feeds, 'spot_confidence', where),
    perp: {
      amount,
      price,
      confidence: confidenceAt(feeds, 'perp_confidence', where),
      unsettled: multiply(amount, subtract(price, entry)),
    },
    base: base === undefined ? ZERO : multiply(notNegativeAt(base, 'amount', 'collateral.bases_1e8'), EIGHT_DECIMALS),
    expiries: dates.map((date) =>
      wholeExpiry(
        date,
        options.filter((item) => item['expiry'] === date),
        objectsAt(feeds, 'expiries', where),
        `${where}.expiries`,
      ),
    ),
  };
}

function readWhole(fields: JsonObject): Portfolio {
  const collateral = objectAt(fields, 'collateral', 'the case');
  const positions = objectAt(fields, 'positions', 'the case');
  const prices = objectAt(fields, 'prices', 'the case');
  onlyFields(collateral, ['cash_1e8', 'bases_1e8', ...BASE_FIELDS], 'collateral');
  onlyFields(positions, ['perps_1e8', 'options_1e8'], 'positions');
  onlyFields(prices, ['resolved', 'stable_price'], 'prices');
  const resolved = objectAt(prices, 'resolved', 'prices');
  const held: WholePositions = {
    perps: objectsAt(positions, 'perps_1e8', 'positions'),
    bases: objectsAt(collateral, 'bases_1e8', 'collateral'),
    options: objectsAt(positions, 'options_1e8', 'positions'),
  };
  for (const item of held.perps) onlyFields(item, ['amount', 'entryPrice', 'underlying'], 'positions.perps_1e8');
  for (const item of held.bases) onlyFields(item, ['amount', 'underlying'], 'collateral.bases_1e8');
  for (const item of held.options)
    onlyFields(item, ['amount', 'expiry', 'strike', 'type', 'underlying'], 'positions.options_1e8');
  for (const item of [...held.perps, ...held.bases, ...held.options]) {
    const name = textAt(item, 'underlying', 'a position');
    if (!Object.hasOwn(resolved, name)) throw refuse(`prices.resolved states nothing of ${name}, which is held`);
  }
  return {
    account: {
      cash: eightDecimals(collateral, 'cash_1e8', 'collateral'),
      stable: positiveAt(prices, 'stable_price', 'prices'),
    },
    markets: Object.keys(resolved).map((name) => wholeMarket(name, objectAt(resolved, name, 'prices.resolved'), held)),
  };
}

const WEI_MARKETS = ['ETH', 'BTC'];
// the manager neither discounts nor averages, and volatilities are stated per option
const UNREAD_PRICES = [
  'Discounts',
  'DiscountConfidences',
  'SVIParams',
  'PercentFixedETH',
  'PercentFixedBTC',
  'TWAP_ETH',
  'TWAP_BTC',
  'SpotPrice',
];
const WEI_PRICES = [
  ...UNREAD_PRICES,
  ...WEI_MARKETS.flatMap((name) => [
    `${name}GlobalFundingIndex`,
    `Account${name}FundingIndex`,
    `${name}SpotPrice`,
    `SettlementPrice${name}`,
  ]),
  'SpotPerpConfidences',
  'FeedExpiries',
  'Forwards',
  'ForwardConfidences',
  'USDCValue',
  'PerpPrice',
];
const WEI_OPTION_FIELDS = [
  'underlying',
  'seconds_to_expiry',
  'strike_1e18',
  'is_call',
  'amount_1e18',
  'vol_1e18',
  'vol_confidence_1e18',
];

interface WeiOption extends HeldOption {
  readonly underlying: string;
  readonly seconds: bigint;
  readonly confidence: Rational;
}

/** Option identifiers keep eight decimals of a strike; what lies below is dropped. */
const keptStrike = (strike: Rational): Rational => rational(floor(divide(strike, EIGHT_DECIMALS)), EIGHT_DECIMALS.den);

function weiOption(item: JsonObject, index: number): WeiOption {
  const where = `positions.options[${index}]`;
  onlyFields(item, WEI_OPTION_FIELDS, where);
  const underlying = textAt(item, 'underlying', where);
  if (!WEI_MARKETS.includes(underlying)) throw refuse(`${where}.underlying is neither ETH nor BTC: "${underlying}"`);
  return {
    underlying,
    seconds: integerAt(item, 'seconds_to_expiry', where),
    strike: keptStrike(fromWei(notNegativeAt(item, 'strike_1e18', where))),
    isCall: flagAt(item, 'is_call', where),
    amount: weiAt(item, 'amount_1e18', where),
    volatility: fromWei(notNegativeAt(item, 'vol_1e18', where)),
    confidence: confidenceIn(weiAt(item, 'vol_confidence_1e18', where), `${where}.vol_confidence_1e18`),
  };
}

interface ForwardFeed {
  readonly underlying: string;
  readonly seconds: Rational;
  readonly forward: Rational;
  readonly confidence: Rational;
}

/** The lists of feeds run along the list of options, whose underlyings are theirs. */
function forwardFeeds(prices: JsonObject, options: readonly WeiOption[]): readonly ForwardFeed[] {
  const seconds = numbersAt(prices, 'FeedExpiries', 'prices');
  const forwards = numbersAt(prices, 'Forwards', 'prices');
  const confidences = numbersAt(prices, 'ForwardConfidences', 'prices');
  if ([seconds, forwards, confidences].some(({ length }) => length !== options.length)) {
    throw refuse('the lists of forwards and the list of options differ in length');
  }
  return options.map(({ underlying }, index) => ({
    underlying,
    seconds: seconds[index] as Rational,
    forward: fromWei(forwards[index] as Rational),
    confidence: confidenceIn(fromWei(confidences[index] as Rational), `prices.ForwardConfidences[${index}]`),
  }));
}

const SETTLES_WITHIN = 3600n;

function weiExpiry(
  name: string,
  seconds: bigint,
  options: readonly WeiOption[],
  feeds: readonly ForwardFeed[],
  prices: JsonObject,
): SrmCaseExpiry {
  // a feed that is set twice holds what was set last, and so does the confidence of an expiry's volatilities
  const feed = feeds.findLast((item) => item.underlying === name && compare(item.seconds, rational(seconds)) === 0);
  if (feed === undefined) throw refuse(`prices.FeedExpiries states no ${name} forward at ${seconds} seconds`);
  const settles = seconds < SETTLES_WITHIN;
  const forward = settles ? weiAt(prices, `SettlementPrice${name}`, 'prices') : feed.forward;
  if (forward.num <= 0n) throw refuse(`the ${name} forward at ${seconds} seconds is not positive`);
  const held = options.filter((option) => option.seconds === seconds);
  const volatilityConfidence = (held[held.length - 1] as WeiOption).confidence;
  return {
    seconds,
    forward,
    listedForward: feed.forward,
    confidence: smaller(feed.confidence, volatilityConfidence),
    options: held,
  };
}

function weiPerp(name: string, price: Rational, confidence: Rational, fields: JsonObject): SrmPerp {
  const [positions, prices] = [objectAt(fields, 'positions', 'the case'), objectAt(fields, 'prices', 'the case')];
  const amount = weiAt(positions, `perp_${name}_1e18`, 'positions');
  if (amount.num === 0n) return { amount, price, confidence, unsettled: ZERO };
  const profit = multiply(amount, subtract(price, weiAt(positions, `last_entry_${name}`, 'positions')));
  const paid = subtract(
    weiAt(prices, `${name}GlobalFundingIndex`, 'prices'),
    weiAt(prices, `Account${name}FundingIndex`, 'prices'),
  );
  return { amount, price, confidence, unsettled: add(profit, negate(multiply(amount, paid))) };
}

/** The spot's and the perp's confidence of a market, by its place in the list. */
function confidencesAt(prices: JsonObject, market: number): readonly [Rational, Rational] {
  const where = 'prices.SpotPerpConfidences';
  const pair = numbersAt({ pair: listAt(prices, 'SpotPerpConfidences', 'prices')[market] ?? [] }, 'pair', where);
  if (pair.length !== 2) throw refuse(`${where}[${market}] is not the confidences of a spot and a perp`);
  return pair.map((value) => confidenceIn(fromWei(value), where)) as [Rational, Rational];
}

function readWei(fields: JsonObject): Portfolio {
  const collateral = objectAt(fields, 'collateral', 'the case');
  const positions = objectAt(fields, 'positions', 'the case');
  const prices = objectAt(fields, 'prices', 'the case');
  const perMarket = (of: (name: string) => readonly string[]): readonly string[] => WEI_MARKETS.flatMap(of);
  onlyFields(collateral, ['cash_1e18', ...perMarket((name) => [`w${name}_1e18`]), ...BASE_FIELDS], 'collateral');
  onlyFields(positions, ['options', ...perMarket((name) => [`perp_${name}_1e18`, `last_entry_${name}`])], 'positions');
  onlyFields(prices, WEI_PRICES, 'prices');
  const options = objectsAt(positions, 'options', 'positions').map(weiOption);
  const feeds = forwardFeeds(prices, options);
  const perpPrices = numbersAt(prices, 'PerpPrice', 'prices');
  return {
    account: {
      cash: weiAt(collateral, 'cash_1e18', 'collateral'),
      stable: fromWei(positiveAt(prices, 'USDCValue', 'prices')),
    },
    markets: WEI_MARKETS.map((name, market) => {
      const held = options.filter(({ underlying }) => underlying === name);
      const [spotConfidence, perpConfidence] = confidencesAt(prices, market);
      const perpPrice = perpPrices[market];
      if (perpPrice === undefined) throw refuse(`prices.PerpPrice states no price of ${name}`);
      return {
        name,
        spot: fromWei(positiveAt(prices, `${name}SpotPrice`, 'prices')),
        spotConfidence,
        perp: weiPerp(name, fromWei(perpPrice), perpConfidence, fields),
        base: fromWei(notNegativeAt(collateral, `w${name}_1e18`, 'collateral')),
        expiries: [...new Set(held.map(({ seconds }) => seconds))].map((seconds) =>
          weiExpiry(name, seconds, held, feeds, prices),
        ),
      };
    }),
  };
}

/** Reads a case of the vector files. Throws INVALID_INPUT when it states something this model does not read. */
export function readSrmCase(fields: JsonObject): SrmCase {
  onlyFields(fields, ['collateral', 'positions', 'prices', 'risk_params'], 'the case');
  const collateral = fields['collateral'];
  const shape = isObject(collateral) && collateral['cash_1e18'] !== undefined ? 'wei' : 'whole';
  const read = shape === 'wei' ? readWei(fields) : readWhole(fields);
  for (const { seconds, options } of read.markets.flatMap(({ expiries }) => expiries)) {
    if (seconds < 0n) throw refuse('an expiry lies in the past; the time left of an expired option is 0');
    requireDistinct(options, 'positions');
  }
  return { shape, ...read, parameters: readParameters(fields) };
}
