/**
 * The two shapes of a case of this model. "Whole": amounts in 1e-8, prices resolved, margins stated in whole quote units.
 * "Wei": amounts in 1e-18, prices as parallel lists of feeds, and the parameters that all of them share left unsaid.
 */
import { add, multiply, type Rational, rational, subtract, ZERO } from '../../../numbers/rational.js';
import { integerAt, numberAt, objectAt, objectsAt, onlyFields, textAt } from '../../../vectors/fields.js';
import { isObject, type Json, type JsonObject, readNumber } from '../../../vectors/json.js';
import { smaller } from '../shared/extremes.js';
import {
  flagAt,
  fromWei,
  listAt,
  notNegativeAt,
  numberOr,
  numbersAt,
  positiveAt,
  refuse,
  requireDistinct,
  secondsOfDays,
  weiAt,
} from '../shared/fields.js';
import type { HeldOption } from '../shared/scenario.js';
import type { Pmrm1Account, Pmrm1MarginParameters, Pmrm1Perp } from './model.js';
import type { Pmrm1ExpiryInputs, Pmrm1Scenario, Pmrm1ValuationParameters } from './valuation.js';

/** One expiry as the case states it. */
export interface Pmrm1CaseExpiry extends Pmrm1ExpiryInputs {
  readonly confidence: Rational;
}

export interface Pmrm1Case {
  readonly shape: 'whole' | 'wei';
  readonly account: Omit<Pmrm1Account, 'expiries'>;
  readonly expiries: readonly Pmrm1CaseExpiry[];
  readonly margin: Pmrm1MarginParameters;
  readonly valuation: Pmrm1ValuationParameters;
}

const hundredths = (value: bigint): Rational => rational(value, 100n);

/** derivexyz/v2-core (commit 7736900d), test/config-test.sol, getPMRMParams: what the cases of the second shape leave out. */
const CONFIG = {
  volRangeUp: hundredths(45n),
  volRangeDown: hundredths(30n),
  shortTermPower: hundredths(30n),
  longTermPower: hundredths(13n),
  dteFloorDays: hundredths(100n),
  basisSpotUp: hundredths(105n),
  basisSpotDown: hundredths(95n),
};

const RISK_FIELDS = [
  'perpPercent',
  'basePercent',
  'optionPercent',
  'confMargin',
  'confThreshold',
  'basisAdd',
  'basisMult',
  'baseStaticDiscount',
  'rateMult',
  'rateAdd',
  'imFactor',
  'pegThr',
  'pegF',
  'scenarios',
  ...Object.keys(CONFIG),
];

const DIRECTIONS: Readonly<Record<string, Pmrm1Scenario['volatilityShock']>> = { Up: 'up', Down: 'down', None: 'none' };

function readScenario(item: Json, index: number): Pmrm1Scenario {
  const where = `risk_params.scenarios[${index}]`;
  const [shock, direction, ...more] = Array.isArray(item) ? (item as readonly Json[]) : [];
  const spotShock = typeof shock === 'string' ? readNumber(shock) : undefined;
  const volatilityShock =
    typeof direction === 'string' && Object.hasOwn(DIRECTIONS, direction) ? DIRECTIONS[direction] : undefined;
  if (spotShock === undefined || volatilityShock === undefined || more.length > 0) {
    throw refuse(`${where} is not a spot shock and one of Up, Down, None`);
  }
  return { spotShock, volatilityShock };
}

function readParameters(fields: JsonObject): Pick<Pmrm1Case, 'margin' | 'valuation'> {
  const where = 'risk_params';
  const risk = objectAt(fields, where, 'the case');
  onlyFields(risk, RISK_FIELDS, where);
  const stated = (key: string): Rational => numberAt(risk, key, where);
  const configured = (key: keyof typeof CONFIG): Rational => numberOr(risk, key, where, CONFIG[key]);
  const scenarios = listAt(risk, 'scenarios', where).map(readScenario);
  if (scenarios.length === 0) throw refuse('risk_params states no scenarios');
  return {
    margin: {
      perpPercent: stated('perpPercent'),
      basePercent: stated('basePercent'),
      optionPercent: stated('optionPercent'),
      confidence: { threshold: stated('confThreshold'), margin: stated('confMargin') },
      initialFactor: stated('imFactor'),
      pegThreshold: stated('pegThr'),
      pegFactor: stated('pegF'),
      spotShocks: scenarios.map(({ spotShock }) => spotShock),
    },
    valuation: {
      scenarios,
      volatilityShocks: {
        rangeUp: configured('volRangeUp'),
        rangeDown: configured('volRangeDown'),
        shortTermPower: configured('shortTermPower'),
        longTermPower: configured('longTermPower'),
        floor: secondsOfDays(configured('dteFloorDays')),
      },
      basisSpotUp: configured('basisSpotUp'),
      basisSpotDown: configured('basisSpotDown'),
      basisFactor: { add: stated('basisAdd'), multiple: stated('basisMult') },
      baseStaticDiscount: stated('baseStaticDiscount'),
      rateShock: { multiple: stated('rateMult'), add: stated('rateAdd') },
    },
  };
}

const EIGHT_DECIMALS = rational(1n, 10n ** 8n);
const eightDecimals = (object: JsonObject, key: string, where: string): Rational =>
  multiply(numberAt(object, key, where), EIGHT_DECIMALS);

/** The one entry of a list that may hold none. */
function atMostOne(list: readonly JsonObject[], what: string): JsonObject | undefined {
  if (list.length > 1) throw refuse(`${what} holds more than one entry; an account has one balance of an asset`);
  return list[0];
}

function requireOneUnderlying(items: readonly JsonObject[]): void {
  const names = new Set(items.map((item) => textAt(item, 'underlying', 'a position')));
  if (names.size > 1) throw refuse(`one account of this model has one underlying, not ${[...names].join(' and ')}`);
}

function volatilityAt(expiry: JsonObject, strike: Rational, where: string): Rational {
  const entry = Object.entries(objectAt(expiry, 'vols', where)).find(([key]) => {
    const known = readNumber(key);
    return known !== undefined && subtract(known, strike).num === 0n;
  });
  if (entry === undefined) throw refuse(`${where}.vols states no volatility at a strike that is held`);
  return notNegativeAt({ volatility: entry[1] }, 'volatility', `${where}.vols`);
}

function wholeOption(item: JsonObject, expiry: JsonObject, where: string): HeldOption {
  onlyFields(item, ['amount', 'expiry', 'strike', 'type', 'underlying'], where);
  const type = textAt(item, 'type', where);
  if (type !== 'call' && type !== 'put') throw refuse(`${where}.type is neither call nor put`);
  const strike = notNegativeAt(item, 'strike', where);
  return {
    strike,
    isCall: type === 'call',
    amount: eightDecimals(item, 'amount', where),
    volatility: volatilityAt(expiry, strike, 'prices.expiries'),
  };
}

const EXPIRY_FIELDS = ['date', 'seconds_to_expiry', 'forward', 'min_confidence', 'rate', 'vols'];

function wholeExpiries(prices: JsonObject, options: readonly JsonObject[]): readonly Pmrm1CaseExpiry[] {
  const stated = objectsAt(prices, 'expiries', 'prices');
  const dates = stated.map((expiry) => textAt(expiry, 'date', 'prices.expiries'));
  if (new Set(dates).size < dates.length) throw refuse('prices.expiries states a date twice');
  const missing = options.find((item) => !dates.includes(textAt(item, 'expiry', 'an option')));
  if (missing !== undefined) throw refuse('an option expires at a date that prices.expiries does not state');
  return stated.flatMap((expiry, index) => {
    const where = `prices.expiries[${index}]`;
    onlyFields(expiry, EXPIRY_FIELDS, where);
    const held = options.filter((item) => item['expiry'] === expiry['date']);
    if (held.length === 0) return [];
    return [
      {
        seconds: integerAt(expiry, 'seconds_to_expiry', where),
        forward: { variable: notNegativeAt(expiry, 'forward', where), fixed: ZERO },
        rate: numberAt(expiry, 'rate', where),
        confidence: numberAt(expiry, 'min_confidence', where),
        options: held.map((item) => wholeOption(item, expiry, 'positions.options_1e8')),
      },
    ];
  });
}

function wholePerp(positions: JsonObject, resolved: JsonObject): Pmrm1Perp {
  const where = 'positions.perps_1e8';
  const perp = atMostOne(objectsAt(positions, 'perps_1e8', 'positions'), where);
  const price = notNegativeAt(resolved, 'perpPrice', 'prices.resolved');
  const confidence = numberAt(resolved, 'perpConf', 'prices.resolved');
  if (perp === undefined) return { amount: ZERO, price, confidence, unsettled: ZERO };
  onlyFields(perp, ['amount', 'entryPrice', 'underlying'], where);
  const amount = eightDecimals(perp, 'amount', where);
  const unsettled = multiply(amount, subtract(price, eightDecimals(perp, 'entryPrice', where)));
  return { amount, price, confidence, unsettled };
}

function readWhole(fields: JsonObject): Pick<Pmrm1Case, 'account' | 'expiries'> {
  const [collateral, positions, prices] = ['collateral', 'positions', 'prices'].map((key) =>
    objectAt(fields, key, 'the case'),
  ) as [JsonObject, JsonObject, JsonObject];
  onlyFields(collateral, ['cash_1e8', 'bases_1e8'], 'collateral');
  onlyFields(positions, ['perps_1e8', 'options_1e8'], 'positions');
  onlyFields(prices, ['resolved', 'expiries'], 'prices');
  const resolved = objectAt(prices, 'resolved', 'prices');
  onlyFields(resolved, ['spot', 'spotConf', 'stable', 'perpPrice', 'perpConf'], 'prices.resolved');
  const options = objectsAt(positions, 'options_1e8', 'positions');
  const bases = objectsAt(collateral, 'bases_1e8', 'collateral');
  requireOneUnderlying([...options, ...bases, ...objectsAt(positions, 'perps_1e8', 'positions')]);
  const base = atMostOne(bases, 'collateral.bases_1e8');
  if (base !== undefined) onlyFields(base, ['amount', 'underlying'], 'collateral.bases_1e8');
  return {
    account: {
      cash: eightDecimals(collateral, 'cash_1e8', 'collateral'),
      base: base === undefined ? ZERO : multiply(notNegativeAt(base, 'amount', 'collateral.bases_1e8'), EIGHT_DECIMALS),
      perp: wholePerp(positions, resolved),
      spot: notNegativeAt(resolved, 'spot', 'prices.resolved'),
      spotConfidence: numberAt(resolved, 'spotConf', 'prices.resolved'),
      stable: positiveAt(resolved, 'stable', 'prices.resolved'),
    },
    expiries: wholeExpiries(prices, options),
  };
}

// what the venue computes or the other models need: the fixed and variable portions are the forward, volatilities are
// stated per option, and the volatility shocks follow from the parameters
const UNREAD_PRICES = ['SVIparams', 'Forwards', 'VolShockUp', 'VolShockDown', 'SettlementPrice', 'PercentFixed'];
const FEED_LISTS = [
  'FeedExpiries',
  'ForwardsFixed',
  'ForwardsVariable',
  'ForwardConfidences',
  'Rates',
  'RateConfidences',
];
const SPOT_FIELDS = [
  'SpotPrice',
  'SpotConfidence',
  'PerpPrice',
  'PerpConfidence',
  'StablePrice',
  'StableConfidence',
  'UnrealisedPerpPNL',
  'UnrealisedFunding',
];
const WEI_OPTION_FIELDS = [
  'seconds_to_expiry',
  'strike_1e18',
  'is_call',
  'amount_1e18',
  'vol_1e18',
  'vol_confidence_1e18',
];

interface WeiOption extends HeldOption {
  readonly seconds: bigint;
  readonly confidence: Rational;
}

function weiOption(item: JsonObject, index: number): WeiOption {
  const where = `positions.options[${index}]`;
  onlyFields(item, WEI_OPTION_FIELDS, where);
  return {
    seconds: integerAt(item, 'seconds_to_expiry', where),
    strike: weiAt(item, 'strike_1e18', where),
    isCall: flagAt(item, 'is_call', where),
    amount: weiAt(item, 'amount_1e18', where),
    volatility: weiAt(item, 'vol_1e18', where),
    confidence: weiAt(item, 'vol_confidence_1e18', where),
  };
}

type Numbers = readonly Rational[];

function weiExpiries(prices: JsonObject, options: readonly WeiOption[]): readonly Pmrm1CaseExpiry[] {
  const [feeds, fixed, variable, forwardConfidences, rates, rateConfidences] = FEED_LISTS.map((key) =>
    numbersAt(prices, key, 'prices'),
  ) as [Numbers, Numbers, Numbers, Numbers, Numbers, Numbers];
  if ([fixed, variable, forwardConfidences, rates, rateConfidences].some(({ length }) => length !== feeds.length)) {
    throw refuse('the lists of prices differ in length');
  }
  const expiries = [...new Set(options.map(({ seconds }) => seconds))];
  return expiries.map((seconds) => {
    // a feed that is set twice holds what was set last
    const feed = feeds.findLastIndex(({ num, den }) => den === 1n && num === seconds);
    if (feed === -1) throw refuse(`prices.FeedExpiries states no feed at ${seconds} seconds`);
    const at = (list: Numbers): Rational => fromWei(list[feed] as Rational);
    const held = options.filter((option) => option.seconds === seconds);
    return {
      seconds,
      forward: { variable: at(variable), fixed: at(fixed) },
      rate: at(rates),
      confidence: held
        .map(({ confidence }) => confidence)
        .reduce(smaller, smaller(at(forwardConfidences), at(rateConfidences))),
      options: held,
    };
  });
}

function readWei(fields: JsonObject): Pick<Pmrm1Case, 'account' | 'expiries'> {
  const [collateral, positions, prices] = ['collateral', 'positions', 'prices'].map((key) =>
    objectAt(fields, key, 'the case'),
  ) as [JsonObject, JsonObject, JsonObject];
  onlyFields(collateral, ['cash_1e18', 'base_1e18'], 'collateral');
  onlyFields(positions, ['perp_1e18', 'options'], 'positions');
  onlyFields(prices, [...UNREAD_PRICES, ...FEED_LISTS, ...SPOT_FIELDS], 'prices');
  const amount = weiAt(positions, 'perp_1e18', 'positions');
  return {
    account: {
      cash: weiAt(collateral, 'cash_1e18', 'collateral'),
      base: fromWei(notNegativeAt(collateral, 'base_1e18', 'collateral')),
      perp: {
        amount,
        price: weiAt(prices, 'PerpPrice', 'prices'),
        confidence: weiAt(prices, 'PerpConfidence', 'prices'),
        unsettled: add(weiAt(prices, 'UnrealisedPerpPNL', 'prices'), weiAt(prices, 'UnrealisedFunding', 'prices')),
      },
      spot: fromWei(notNegativeAt(prices, 'SpotPrice', 'prices')),
      spotConfidence: weiAt(prices, 'SpotConfidence', 'prices'),
      stable: fromWei(positiveAt(prices, 'StablePrice', 'prices')),
    },
    expiries: weiExpiries(prices, objectsAt(positions, 'options', 'positions').map(weiOption)),
  };
}

/** Reads a case of the vector files. Throws INVALID_INPUT when it states something this model does not read. */
export function readPmrm1Case(fields: JsonObject): Pmrm1Case {
  onlyFields(fields, ['collateral', 'positions', 'prices', 'risk_params'], 'the case');
  const collateral = fields['collateral'];
  const shape = isObject(collateral) && collateral['cash_1e18'] !== undefined ? 'wei' : 'whole';
  const read = shape === 'wei' ? readWei(fields) : readWhole(fields);
  for (const { seconds, options } of read.expiries) {
    if (seconds < 0n) throw refuse('an expiry lies in the past; the time left of an expired option is 0');
    requireDistinct(options, 'positions');
  }
  return { shape, ...read, ...readParameters(fields) };
}
