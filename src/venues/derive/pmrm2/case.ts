/** Reads a case of this model: amounts and prices in quote units and units of the underlying, as decimals. */
import { add, compare, multiply, ONE, type Rational, rational, subtract, ZERO } from '../../../numbers/rational.js';
import { integerAt, numberAt, objectAt, objectsAt, onlyFields, textAt } from '../../../vectors/fields.js';
import type { JsonObject } from '../../../vectors/json.js';
import { smaller } from '../shared/extremes.js';
import { flagAt, notNegativeAt, positiveAt, refuse, requireDistinct, secondsOfDays } from '../shared/fields.js';
import type { Forward, HeldOption, VolatilityShock } from '../shared/scenario.js';
import {
  isSkew,
  type Pmrm2Account,
  type Pmrm2Collateral,
  type Pmrm2MarginParameters,
  type Pmrm2Perp,
  type Pmrm2Scenario,
} from './model.js';
import type { Pmrm2ExpiryInputs, Pmrm2ValuationParameters } from './valuation.js';

/** One expiry as the case states it. */
export interface Pmrm2CaseExpiry extends Pmrm2ExpiryInputs {
  readonly confidence: Rational;
}

export interface Pmrm2Case {
  readonly account: Omit<Pmrm2Account, 'expiries'>;
  readonly expiries: readonly Pmrm2CaseExpiry[];
  readonly margin: Pmrm2MarginParameters;
  readonly valuation: Pmrm2ValuationParameters;
}

const DIRECTIONS: Readonly<Record<string, VolatilityShock>> = {
  Up: 'up',
  Down: 'down',
  None: 'none',
  LINEAR: 'linearSkew',
  ABS: 'absoluteSkew',
};

function readScenario(item: JsonObject, index: number): Pmrm2Scenario {
  const where = `risk_params.Scenarios[${index}]`;
  onlyFields(item, ['SpotShock', 'VolShockDirection', 'DampeningFactor'], where);
  const direction = textAt(item, 'VolShockDirection', where);
  const volatilityShock = Object.hasOwn(DIRECTIONS, direction) ? DIRECTIONS[direction] : undefined;
  if (volatilityShock === undefined) {
    throw refuse(`${where}.VolShockDirection is none of ${Object.keys(DIRECTIONS).join(', ')}`);
  }
  const spotShock = notNegativeAt(item, 'SpotShock', where);
  if (isSkew({ volatilityShock }) && compare(spotShock, ONE) !== 0) {
    // the contract refuses it too, and values the forward unshocked if it were let through
    throw refuse(`${where} is a skew scenario that moves the spot price, which the venue does not allow`);
  }
  return {
    spotShock,
    volatilityShock,
    dampening: notNegativeAt(item, 'DampeningFactor', where),
  };
}

const GROUPS = {
  SkewShock: [
    'LINEAR_SCALE_CAP',
    'LINEAR_CBASE',
    'ABS_SCALE_CAP',
    'ABS_CBASE',
    'MIN_K_STAR',
    'MIN_WIDTH_SCALE',
    'VOL_PARAM_STATIC',
    'VOL_PARAM_SCALE',
  ],
  VolShock: ['VOLRANGEUP', 'MIN_VOL_EVAL_SHOCKED', 'VOLRANGEDOWN', 'SHORTTERMPOWER', 'LONGTERMPOWER', 'DTE_FLOOR'],
  Margin: [
    'MM_LOSS_FACTOR',
    'IM_LOSS_FACTOR',
    'SHORT_RATE_MULTSCALE',
    'LONG_RATE_MULTSCALE',
    'SHORT_RATE_ADDSCALE',
    'LONG_RATE_ADDSCALE',
    'BASE_STATIC_DISCOUNT',
    'BASE_STATIC_DISCOUNT_NEG',
  ],
  BasisContingency: ['SCENARIO_SPOT_UP', 'SCENARIO_SPOT_DOWN', 'BASIS_CONT_ADD_FACTOR', 'BASIS_CONT_MULT_FACTOR'],
  // the two NORMAL ones are the sums of maintenance and initial percent, and the venue reads neither
  OtherContingency: [
    'PEG_LOSS_THRESHOLD',
    'PEG_LOSS_FACTOR',
    'CONF_THRESHOLD',
    'CONF_MARGIN',
    'MM_PERP_PERCENT',
    'IM_PERP_PERCENT',
    'IM_PERP_PERCENT_NORMAL',
    'MM_OPTION_PERCENT',
    'IM_OPTION_PERCENT',
    'IM_OPTION_PERCENT_NORMAL',
  ],
} as const;

function readParameters(fields: JsonObject): Pick<Pmrm2Case, 'margin' | 'valuation'> {
  const risk = objectAt(fields, 'risk_params', 'the case');
  onlyFields(risk, ['Scenarios', ...Object.keys(GROUPS)], 'risk_params');
  const reader = (group: keyof typeof GROUPS): ((key: string) => Rational) => {
    const where = `risk_params.${group}`;
    const object = objectAt(risk, group, 'risk_params');
    onlyFields(object, GROUPS[group], where);
    return (key) => numberAt(object, key, where);
  };
  const [skew, volatility, margin, basis, other] = [
    reader('SkewShock'),
    reader('VolShock'),
    reader('Margin'),
    reader('BasisContingency'),
    reader('OtherContingency'),
  ];
  const scenarios = objectsAt(risk, 'Scenarios', 'risk_params').map(readScenario);
  if (scenarios.length === 0) throw refuse('risk_params states no scenarios');
  return {
    margin: {
      scenarios,
      perpPercent: { maintenance: other('MM_PERP_PERCENT'), initial: other('IM_PERP_PERCENT') },
      optionPercent: { maintenance: other('MM_OPTION_PERCENT'), initial: other('IM_OPTION_PERCENT') },
      confidence: { threshold: other('CONF_THRESHOLD'), margin: other('CONF_MARGIN') },
      maintenanceFactor: margin('MM_LOSS_FACTOR'),
      initialFactor: margin('IM_LOSS_FACTOR'),
      pegThreshold: other('PEG_LOSS_THRESHOLD'),
      pegFactor: other('PEG_LOSS_FACTOR'),
    },
    valuation: {
      scenarios,
      volatilityShocks: {
        rangeUp: volatility('VOLRANGEUP'),
        rangeDown: volatility('VOLRANGEDOWN'),
        shortTermPower: volatility('SHORTTERMPOWER'),
        longTermPower: volatility('LONGTERMPOWER'),
        floor: secondsOfDays(volatility('DTE_FLOOR')),
      },
      leastVolatilityUp: volatility('MIN_VOL_EVAL_SHOCKED'),
      skew: {
        linearCap: { base: skew('LINEAR_SCALE_CAP'), slope: skew('LINEAR_CBASE') },
        absoluteCap: { base: skew('ABS_SCALE_CAP'), slope: skew('ABS_CBASE') },
        leastKStar: skew('MIN_K_STAR'),
        widthScale: skew('MIN_WIDTH_SCALE'),
        volatilityStatic: skew('VOL_PARAM_STATIC'),
        volatilityScale: skew('VOL_PARAM_SCALE'),
      },
      basisSpotUp: basis('SCENARIO_SPOT_UP'),
      basisSpotDown: basis('SCENARIO_SPOT_DOWN'),
      basisFactor: { add: basis('BASIS_CONT_ADD_FACTOR'), multiple: basis('BASIS_CONT_MULT_FACTOR') },
      longRateShock: { multiple: margin('LONG_RATE_MULTSCALE'), add: margin('LONG_RATE_ADDSCALE') },
      shortRateShock: { multiple: margin('SHORT_RATE_MULTSCALE'), add: margin('SHORT_RATE_ADDSCALE') },
      longStaticDiscount: margin('BASE_STATIC_DISCOUNT'),
      shortStaticDiscount: margin('BASE_STATIC_DISCOUNT_NEG'),
    },
  };
}

const COLLATERAL_FIELDS = [
  'Name',
  'Amount',
  'Price',
  'Confidence',
  'IsRiskCancelling',
  'IMHaircut',
  'MMHaircut',
  // a parameter that the contract does not have
  'ConfidenceFactor',
];

function readCollateral(item: JsonObject, index: number): Pmrm2Collateral {
  const where = `collateral.assets[${index}]`;
  onlyFields(item, COLLATERAL_FIELDS, where);
  return {
    name: textAt(item, 'Name', where),
    amount: notNegativeAt(item, 'Amount', where),
    price: notNegativeAt(item, 'Price', where),
    confidence: numberAt(item, 'Confidence', where),
    isRiskCancelling: flagAt(item, 'IsRiskCancelling', where),
    maintenanceHaircut: numberAt(item, 'MMHaircut', where),
    initialHaircut: numberAt(item, 'IMHaircut', where),
  };
}

function readPerp(positions: JsonObject, prices: JsonObject): Pmrm2Perp {
  const where = 'positions.perp';
  const perp = objectAt(positions, 'perp', 'positions');
  onlyFields(perp, ['amount', 'unrealised_pnl', 'unrealised_funding'], where);
  return {
    amount: numberAt(perp, 'amount', where),
    price: notNegativeAt(prices, 'perp', 'prices'),
    confidence: numberAt(prices, 'perp_confidence', 'prices'),
    unsettled: add(numberAt(perp, 'unrealised_pnl', where), numberAt(perp, 'unrealised_funding', where)),
  };
}

const OPTION_FIELDS = ['Expiry', 'Strike', 'IsCall', 'MarkVol', 'Amount'];
// the discount follows from the rate (and is another one where the rate is negative), the rest from the skew's parameters
const UNREAD_OPTION_FIELDS = [
  'ExiryTs',
  'MarkDiscount',
  'k',
  'linear_mult_cap',
  'abs_mult_cap',
  'k_star',
  'linear_multiplier',
  'abs_multiplier',
];

interface CaseOption extends HeldOption {
  readonly seconds: bigint;
}

function readOption(item: JsonObject, index: number): CaseOption {
  const where = `positions.options[${index}]`;
  onlyFields(item, [...OPTION_FIELDS, ...UNREAD_OPTION_FIELDS], where);
  return {
    seconds: integerAt(item, 'Expiry', where),
    strike: notNegativeAt(item, 'Strike', where),
    isCall: flagAt(item, 'IsCall', where),
    volatility: notNegativeAt(item, 'MarkVol', where),
    amount: numberAt(item, 'Amount', where),
  };
}

const SETTLEMENT_WINDOW = 1_800n;

/**
 * In the last half hour the forward averages into its settlement price: what has passed of it is fixed. Source:
 * derivexyz/v2-core (commit 7736900d),
 * test/risk-managers/unit-tests/PMRM_2/TestPMRM_2_PortfolioCasesNEW.t.sol, _setFeeds.
 */
function portionsOf(forward: Rational, seconds: bigint): Forward {
  if (seconds >= SETTLEMENT_WINDOW) return { variable: forward, fixed: ZERO };
  const variable = multiply(forward, rational(seconds, SETTLEMENT_WINDOW));
  return { variable, fixed: subtract(forward, variable) };
}

const FEED_FIELDS = [
  'FeedExpiry',
  'Forward',
  'ForwardConfidence',
  'Rate',
  'RateConfidence',
  // the volatilities that follow from it are stated per option
  'SVIparam',
  'OptionVolConfidences',
];

function readExpiries(positions: JsonObject, prices: JsonObject): readonly Pmrm2CaseExpiry[] {
  const options = objectsAt(positions, 'options', 'positions').map(readOption);
  const feeds = objectsAt(prices, 'option_feeds', 'prices').map((feed, index) => {
    const where = `prices.option_feeds[${index}]`;
    onlyFields(feed, FEED_FIELDS, where);
    return { feed, where, seconds: integerAt(feed, 'FeedExpiry', where) };
  });
  return [...new Set(options.map(({ seconds }) => seconds))].map((seconds) => {
    if (seconds < 0n) throw refuse('an expiry lies in the past; the time left of an expired option is 0');
    // a feed that is set twice holds what was set last
    const known = feeds.findLast((feed) => feed.seconds === seconds);
    if (known === undefined) throw refuse(`prices.option_feeds states no feed at ${seconds} seconds`);
    const { feed, where } = known;
    const held = options.filter((option) => option.seconds === seconds);
    requireDistinct(held, 'positions.options');
    return {
      seconds,
      forward: portionsOf(notNegativeAt(feed, 'Forward', where), seconds),
      rate: numberAt(feed, 'Rate', where),
      confidence: ['ForwardConfidence', 'RateConfidence', 'OptionVolConfidences']
        .map((key) => numberAt(feed, key, where))
        .reduce(smaller),
      options: held,
    };
  });
}

const PRICE_FIELDS = [
  'spot',
  'spot_confidence',
  'perp',
  'perp_confidence',
  'stable',
  // the stablecoin's confidence counts nowhere
  'stable_confidence',
  'option_feeds',
];

/** Reads a case of the vector files. Throws INVALID_INPUT when it states something this model does not read. */
export function readPmrm2Case(fields: JsonObject): Pmrm2Case {
  onlyFields(fields, ['collateral', 'positions', 'prices', 'risk_params', 'disabled_in_source'], 'the case');
  const [collateral, positions, prices] = ['collateral', 'positions', 'prices'].map((key) =>
    objectAt(fields, key, 'the case'),
  ) as [JsonObject, JsonObject, JsonObject];
  onlyFields(collateral, ['cash', 'assets'], 'collateral');
  onlyFields(positions, ['perp', 'options'], 'positions');
  onlyFields(prices, PRICE_FIELDS, 'prices');
  return {
    account: {
      cash: numberAt(collateral, 'cash', 'collateral'),
      collaterals: objectsAt(collateral, 'assets', 'collateral').map(readCollateral),
      perp: readPerp(positions, prices),
      spot: notNegativeAt(prices, 'spot', 'prices'),
      spotConfidence: numberAt(prices, 'spot_confidence', 'prices'),
      stable: positiveAt(prices, 'stable', 'prices'),
    },
    expiries: readExpiries(positions, prices),
    ...readParameters(fields),
  };
}
