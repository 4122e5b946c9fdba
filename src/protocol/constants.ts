/**
 * The numbers that circuits, twins, file formats and contracts share. They are written here once;
 * `npm run generate` writes them into circuits/ and contracts/, and CI fails when those have drifted.
 */

/** The order r of BN254's scalar field: every value in a circuit is below it. */
export const FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** Bit widths of every quantity that a circuit ranges or a packed entry holds. */
export const BITS = {
  id: 32,
  /** |amount| and |size|, in units of 10^-amountDecimals */
  amount: 64,
  /** |cost basis|, in 1e-8 quote units */
  cost: 80,
  price: 64,
  /** rates and haircut factors, in parts per million */
  rate: 24,
  thresholdBps: 20,
  equityFloor: 160,
} as const;

/**
 * Widths of a family's final figures. A comparison is a range check of the difference, so its width has to exceed every
 * honest difference, and the negative ones, near r, must not reach down to it. r is above 2^253.
 */
export const WIDTHS = {
  /**
   * In 1e-22 quote. With at most 128 positions and 64 assets:
   * |weighted equity| < 64 * 2^(64+64+24) + 128 * 2^20 * (2^(64+64) + 2^80 * 10^8) < 2^159,
   * so 10^4 * weighted equity < 2^173; requirement < 128 * 2^(24+128) = 2^159, so threshold * requirement < 2^179;
   * floor * 10^6 < 2^180. A difference lies in (-2^181, 2^180).
   */
  tiered: { requirement: 159, comparison: 180 },
  /**
   * In 1e-34 quote: a value (1e-16) x a discount (1e-9) x a scenario's weight (1e-9). With at most 64 positions, 8
   * expiries, 4 underlyings and 64 assets:
   * an expiry's value in a scenario < 64 * 2^(64+72) = 2^142; discounted < 2^(142+33), less its mark x 10^9 < 2^176;
   * over all expiries < 2^179; shocked collateral < 64 * 2^(128+38) is less; weighted < 2^(179+38) + 2^(172+38) < 2^218;
   * with a floor below 2^(145+38+30) and a basis below 2^(145+60) the worst loss of one underlying is below 2^218, of four
   * below 2^220; charges < 2 * 2^(70+72+60) more, so requirement < 2^221 and threshold * requirement < 2^241.
   * A prover may state larger losses than there are, up to 2^178 for an absolute change and so 2^181 for an underlying's:
   * that stays below 2^221, far from r, and only raises the requirement. |weighted equity| < 2^159 * 10^12 < 2^199; floor * 10^18 < 2^220. A difference lies in (-2^242, 2^221).
   */
  portfolio: { requirement: 221, comparison: 242 },
  /**
   * In 1e-22 quote. With at most 128 positions and 64 assets, in 1e-16 quote:
   * an option's payoff < 2^(64+64), so a loss is ranged to 135 bits, and those of 128 expiries < 2^142; the margins of
   * unpaired calls, the isolated ones and the charges of positions < 128 * 2^(64+72) = 2^143 each; the charges of
   * collateral < 2^142. So requirement < 2^145 * 10^6 < 2^165 and threshold * requirement < 2^185.
   * |weighted equity| < 2^159 as in the tiered model, so 10^4 * weighted equity < 2^173; floor * 10^6 < 2^180.
   * A difference lies in (-2^186, 2^174).
   */
  standard: { requirement: 165, comparison: 174 },
  /**
   * In 1e-22 quote. With at most 128 positions and 64 assets:
   * |weighted collateral| < 64 * 2^(64+64+24) = 2^158; a position's whole quantums are worth no more than its notional,
   * all below 128 * 2^128 * 10^6 < 2^155; settled funding < 2^136 * 10^6 < 2^156, see QUANTIZED; so
   * 10^4 * |weighted equity| < 2^173. Rates are at most 1, so requirement < 128 * 2^128 * 10^6 < 2^155 and
   * threshold * requirement < 2^175; floor * 10^6 < 2^180. A difference lies in (-2^181, 2^173).
   */
  quantized: { requirement: 155, comparison: 174 },
  /**
   * In 1e-34 quote: a value (1e-16) x a rate (1e-18), see WEIGHTED. With at most 128 positions and 64 assets:
   * a notional < 2^(64+56) and its rate < 2^38 * 10^12 + 2^64 < 2^78, so requirement < 128 * 2^198 = 2^205 and
   * threshold * requirement < 2^225. |weighted collateral| < 2^158 and counted profits < 128 * 2^104 * 10^6 < 2^131, both
   * in 1e-22, so |weighted equity| < 2^159 * 10^12 and 10^4 * |weighted equity| < 2^213; floor * 10^18 < 2^220.
   * A difference lies in (-2^226, 2^213).
   */
  weighted: { requirement: 205, comparison: 213 },
  /**
   * In 1e-27 quote: a risk measure (1e-21) x a weight (1e-6), see MEASURE. With at most 128 positions and 64 assets:
   * a measure < 2^124, Greeks as a sum over 8 underlyings < 2^127, so all of them weighted < 2^(127+24+1) = 2^152; charges (1e-16) < 128 * 2^(64+64) = 2^135, so in
   * 1e-21 below 2^152 and weighted twice below 2^177; requirement < 2^178 and threshold * requirement < 2^198.
   * |weighted equity| < 2^159 as in the tiered model (1e-22), so 10^4 * |weighted equity| < 2^173 * 10^5 < 2^190;
   * floor * 10^11 < 2^197. A difference lies in (-2^199, 2^190).
   */
  measure: { requirement: 178, comparison: 190 },
} as const;

/** amount x price is in 1e-16 quote units: a thing with d amount decimals has 16 - d price decimals. */
export const VALUE_DECIMALS = 16;
export const COST_DECIMALS = 8;
/** cost basis (1e-8) x COST_SCALE is in 1e-16 */
export const COST_SCALE = 10n ** 8n;
/** parts per million in one */
export const RATE_DECIMALS = 6;
export const RATE_SCALE = 10n ** BigInt(RATE_DECIMALS);
/** discounts, weights and shocks of the portfolio model: 1e-9 in one */
export const FINE_DECIMALS = 9;
export const FINE_SCALE = 10n ** BigInt(FINE_DECIMALS);
/** basis points in one */
export const BPS_SCALE = 10n ** 4n;

/** Every tree is 8-ary. */
export const TREE_ARITY = 8;
/** 8^9 = 2^27 accounts */
export const ACCOUNT_TREE_DEPTH = 9;
/** 8^4 = 4,096 rows of parameters */
export const TABLE_DEPTH = 4;
/** margin tiers of one instrument, haircut steps of one asset */
export const MAX_TIERS = 16;

/**
 * A list is hashed in a head block of 4 elements and tail blocks of 8. A collateral entry takes 97 bits, so two share
 * an element; a position takes 178 bits and fills one. Most accounts are small: the short head keeps them cheap.
 */
export const LIST_HEAD = 4;
export const LIST_TAIL = 8;
export const COLLATERAL_PER_ELEMENT = 2;

/** What a table row is about. */
export const ROW_KIND = { asset: 1, instrument: 2, expiry: 3, underlying: 4, factors: 5 } as const;

/** The model families; each circuit holds its own as a constant, so no snapshot is proven by another family's circuit. */
export const FAMILY = {
  tiered: 1,
  portfolio: 2,
  standard: 3,
  quantized: 4,
  weighted: 5,
  greeks: 6,
  parametric: 7,
  tail: 8,
  hybrid: 9,
} as const;

/** The version of each family's rules that circuit, twin and validator compute. */
export const MODEL_VERSION = {
  tiered: 1,
  portfolio: 1,
  standard: 1,
  quantized: 1,
  weighted: 1,
  greeks: 1,
  parametric: 1,
  tail: 1,
  hybrid: 1,
} as const;

/** The largest instances for which WIDTHS were derived. */
export const MAX_POSITIONS = 128;
export const MAX_ASSETS = 64;

/** The portfolio scenario model. */
export const PORTFOLIO = {
  maxPositions: 64,
  maxExpiries: 8,
  maxUnderlyings: 4,
  /** scenarios of a snapshot; fewer are padded with scenarios of weight 0 */
  scenarios: 32,
  /** how many of them, the last, count the absolute change of each expiry */
  absolute: 2,
  /** |value| of one contract in a scenario, 1e-16 quote per unit of size */
  valueBits: 72,
  /** discounts, and weights and shocks of scenarios, in 1e-9 */
  discountBits: 33,
  weightBits: 38,
  /** an expiry's value, 64 * 2^(64+72) */
  expiryValueBits: 142,
  /** an expiry's absolute discounted change */
  changeBits: 177,
  /** the worst loss of one underlying */
  lossBits: 218,
} as const;

/** The standard option model. */
export const STANDARD = {
  /** charges and margins of one unit, 1e-16 quote */
  chargeBits: 72,
  /** the worst loss of one expiry, 128 * 2^(64+64) */
  lossBits: 135,
  /** net calls of one expiry, 128 * 2^64 units */
  callsBits: 71,
} as const;

/** The quantized model: a venue that counts in whole quote quantums of 1e-6 quote. */
export const QUANTIZED = {
  /** 1e-16 quote in a quantum */
  quantum: 10n ** 10n,
  /** a mark, in units of 10^-(16 - amountDecimals) quote: each bit of it costs a constraint a position */
  priceBits: 56,
  /** the two lower digits of a notional in quantums, to the base 10^6 */
  digitBits: 20,
  /** the rest of it: 2^(64+56) / 10^22 < 2^47 */
  highBits: 47,
  /** what (middle * rate + low margin) * fraction / 10^6 rounds up to: rates are at most 10^6, so below 2^20 * (10^6 + 1) */
  lowerMarginBits: 40,
  /** |funding| of an account in quantums: 128 * (2^(64+64) + 2^80 * 10^8) / 10^10 < 2^103 */
  fundingBits: 103,
} as const;

/** The weighted model: rates that depend on side and size. */
export const WEIGHTED = {
  /** what the key of a row for shorts exceeds that for longs by: above every kind and id */
  shortKey: 1n << 40n,
  /** a price, in units of 10^-(16 - amountDecimals) quote: each bit of it costs a constraint a position */
  priceBits: 56,
  /** |profit| of one position and what of it may count, 1e-16 quote: 2 * 10^15 quote */
  profitBits: 104,
  /** the root of a size, 1e-5: sizes below 10^14 */
  rootBits: 40,
  /** decimals of the number whose root is taken: twice those of the root */
  rootDecimals: 10,
  /** root (1e-5) x premium (1e-6) in a part per million */
  rootOne: 10n ** 5n,
  /** a size premium in steps */
  stepsBits: 24,
  /** parts per million */
  maxRateStep: 10n ** 4n,
  /** what a premium falls short of the next step by: 10^5 * 10^4 < 2^30 */
  missingBits: 30,
  /** the greater of two rates, parts per million: 2^24 + 10^4 * 2^24 < 2^38 */
  rateBits: 38,
  /** the quadratic part of a rate, 1e-18 */
  growthBits: 64,
  /** 1e-18 in a part per million */
  growthScale: 10n ** 12n,
} as const;

/**
 * Risk measures: Greeks against shocks, parametric value at risk, expected shortfall and historical value at risk over
 * scenarios. A measure is in 1e-21 quote.
 */
export const MEASURE = {
  /** changes of value, cash Greeks and factor exposures are in 1e-12 quote per unit of size */
  changeDecimals: 12,
  /** 1e-16 in one of them */
  changeScale: 10n ** 4n,
  /** |change|, |cash Greek| or |exposure| of one unit of size */
  changeBits: 59,
  /** 1e-9 in one: shocks, factors of the covariance, the weight of a tail */
  fineBits: 33,
  /** 1e-12 in 1e-21 */
  measureScale: 10n ** 9n,
  /** 1e-21 in 1e-16 */
  chargeScale: 10n ** 5n,
  /** of a measure: tail weight 2^30 x 270 losses below 2^82, more than any other */
  measureBits: 124,

  /** three changes share a field element: lanes */
  lanes: 3,
  /**
   * |total| of an account in a scenario < 2^81, since sum of |size| x largest change of its row is; a stated total is a
   * split (2^82) from a pivot (2^81), so that two openings of a lane differ by less than 2^81 + 2^81 + 2^82 = 2^83, less
   * than half a lane, and three lanes by less than 2^252: what a sum of lanes equals in the field determines each.
   */
  laneBits: 84,
  totalBits: 81,
  splitBits: 82,
  /** elements hashed at once, after the hash of those before */
  blockElements: 15,
  /** 45 scenarios each */
  maxBlocks: 6,
  /** a number of scenarios, at most 270 */
  countBits: 9,

  maxUnderlyings: 8,
  /** shocks of one underlying */
  shocks: 24,
  /** |net Greek| of an underlying, 1e-12 quote */
  netBits: 81,
  /**
   * a loss in 5e-31 quote: 2 x 10^9 x net x move + net x move^2 + 2 x 10^9 x net x volatility
   * < 2^(31+81+33) + 2^(81+66) + 2^(31+81+33) < 2^149; so is what bounds it, a measure x 2 x 10^9 < 2^(124+31) = 2^155
   */
  shockedBits: 156,

  /** correlated risk factors */
  factors: 8,
  /** |component| of an account's exposure along one row of the factorised covariance, 1e-21 quote: 8 x 2^(81+33) */
  componentBits: 117,
  /** root of the sum of 8 squares */
  normBits: 119,
} as const;

/** The public signals of every margin circuit, in order. */
export const PUBLIC_SIGNALS = [
  'accountRoot',
  'riskRoot',
  'thresholdBps',
  'equityFloor',
  'nullifier',
  'scope',
  'context',
] as const;

const tag = (name: string): bigint => BigInt(`0x${Buffer.from(`zks/${name}`, 'ascii').toString('hex')}`);

/** Domain tags: the ASCII bytes of a name as a number, put into the capacity element of Poseidon. */
export const TAGS = {
  ownerCommitment: tag('owner'),
  nullifier: tag('nullifier'),
  accountLeaf: tag('leaf'),
  accountNode: tag('account-node'),
  accountRoot: tag('account-root'),
  collateralHead: tag('collateral'),
  positionsHead: tag('positions'),
  listTail: tag('list-tail'),
  registryEntry: tag('registry-entry'),
  registry: tag('registry'),
  model: tag('model'),
  tableRow: tag('table-row'),
  portfolioRow: tag('portfolio-row'),
  standardRow: tag('standard-row'),
  quantizedRow: tag('quantized-row'),
  weightedRow: tag('weighted-row'),
  measureRow: tag('measure-row'),
  underlyingRow: tag('underlying-row'),
  shocks: tag('shocks'),
  changes: tag('changes'),
  exposures: tag('exposures'),
  factors: tag('factors'),
  combination: tag('combination'),
  expiryRow: tag('expiry-row'),
  scenarioValues: tag('scenario-values'),
  scenarios: tag('scenarios'),
  tableNode: tag('table-node'),
  riskRoot: tag('risk-root'),
  liabilitiesStatement: tag('liabilities-statement'),
  totalsChallenge: tag('totals-challenge'),
  liabilitiesTotals: tag('liabilities-totals'),
  liabilitiesReserves: tag('liabilities-reserves'),
  liabilitiesLoans: tag('liabilities-loans'),
  liabilitiesState: tag('liabilities-state'),
  liabilitiesTable: tag('liabilities-table'),
  liabilitiesFirst: tag('liabilities-first'),
  liabilitiesSecond: tag('liabilities-second'),
  liabilitiesRho: tag('liabilities-rho'),
  liabilitiesGamma: tag('liabilities-gamma'),
  liabilitiesLambda: tag('liabilities-lambda'),
} as const;

/** The proof of a book of accounts. */
export const LIABILITIES = {
  /** of statement and transcripts */
  version: 1,
  /**
   * |equity|, what is settled in one asset, what one account owes: in 1e-16 quote. 2^112 is 5 x 10^17 quote units: more is
   * no account, and widths are paid for by every one of them
   */
  valueBits: 112,
  /** |weighted equity - requirement|, 1e-22 quote: 10^6 of it twice */
  surplusBits: 134,
  /** amounts and sizes of a book stay below 2^63, so that the distances of two entries fit one element */
  amountBits: 63,
  /** totals of one side: see circuits/liabilities/chainState.circom */
  sideTotals: 10,
  /** those of them that are compressed at the statement's challenge */
  compressed: 6,
  /** a total by asset, 1e-16 quote: 2^27 accounts x 2^128 */
  totalBits: 155,
} as const;

/** Public signals of the circuits of a book, in order. */
export const LIABILITIES_SIGNALS = {
  start: ['firstState', 'statement'],
  batch: ['stateBefore', 'stateAfter', 'statement', 'tableHash', 'firstIndex'],
  opening: [
    'lastState',
    'statement',
    'accountRoot',
    'riskRoot',
    'totalsHash',
    'largestDebtor',
    'venueStart',
    'customersAccounts',
    'customersStanding',
    'customersOwed',
    'customersDeficits',
    'customersPositive',
    'customersGoodNegative',
    'customersOtherNegative',
    'customersLong',
    'customersShort',
    'customersCost',
    'venueAccounts',
    'venueStanding',
    'venueOwed',
    'venueDeficits',
    'venuePositive',
    'venueGoodNegative',
    'venueOtherNegative',
    'venueLong',
    'venueShort',
    'venueCost',
  ],
  coverage: [
    'lastState',
    'statement',
    'accountRoot',
    'riskRoot',
    'venueStart',
    'accounts',
    'reservesHash',
    'reserveValue',
    'loans',
    'loansHash',
  ],
} as const;
