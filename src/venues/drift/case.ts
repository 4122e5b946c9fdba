import { SolvencyError } from '../../errors.js';
import { multiply, rational } from '../../numbers/rational.js';
import { numberAt, objectAt, objectsAt, onlyFields, textAt } from '../../vectors/fields.js';
import { isObject, type JsonObject } from '../../vectors/json.js';
import type {
  ByRequirement,
  DriftAccount,
  DriftPerpMarket,
  DriftPerpPosition,
  DriftRules,
  DriftSpotMarket,
  DriftSpotPosition,
  DriftToken,
  OpenOrders,
  RequirementType,
  StrictPrice,
} from './model.js';

export interface DriftWeightCase {
  readonly kind: 'asset' | 'liability';
  readonly size: bigint;
  readonly imfFactor: bigint;
  readonly weight: bigint;
}

export interface DriftPerpCase {
  readonly position: DriftPerpPosition;
  readonly quotePrice: StrictPrice;
  readonly rules: DriftRules;
  readonly customMarginRatio: bigint;
}

const QUOTE = 'USDC';
const ONE_USD = 1_000_000n;
const DECIMALS = { base: 9, money: 6, weight: 4 } as const;

// what both the source's tests and its constants use where a case states nothing
const UNREALIZED_CAP = 100n * ONE_USD;
const MARGIN_PER_ORDER = ONE_USD / 100n;

const ORDER_FIELDS = ['open_bids', 'open_asks', 'open_orders'];
const SPOT_FIELDS = ['spot', 'amount', ...ORDER_FIELDS];
const PERP_FIELDS = ['perp', 'base', 'quote', 'quote_entry', 'max_margin_ratio', ...ORDER_FIELDS];
const SPOT_PARAMETERS = [
  'decimals',
  'imf_factor',
  'initial_asset_weight',
  'maintenance_asset_weight',
  'initial_liability_weight',
  'maintenance_liability_weight',
];
const PERP_PARAMETERS = [
  'margin_ratio_initial',
  'margin_ratio_maintenance',
  'imf_factor',
  'unrealized_pnl_imf_factor',
  'unrealized_pnl_initial_asset_weight',
  'unrealized_pnl_maintenance_asset_weight',
  'contract_type',
];
const RULES = ['open_order_margin', 'max_positive_upnl_for_initial_margin', 'max_margin_ratio', 'strict'];

const refuse = (message: string): never => {
  throw new SolvencyError('INVALID_INPUT', message);
};

const withoutUnit = (key: string): string => key.replace(/_1e\d{1,2}$/, '');

/** As `onlyFields`, for names that may carry the unit of their figure ("base_1e9"). */
function onlyFigures(object: JsonObject, allowed: readonly string[], where: string): void {
  const stems = Object.fromEntries(Object.keys(object).map((key) => [withoutUnit(key), object[key] ?? null]));
  if (Object.keys(stems).length !== Object.keys(object).length) refuse(`${where} states a figure in two units`);
  onlyFields(stems, allowed, where);
}

/**
 * The figure of a name in units of 10^-decimals, undefined when it is not stated. "base_1e9" counts in 1e-9 and "base" in
 * whole units, or in the wanted ones where the files write weights so. Throws INVALID_INPUT when it is no whole number of
 * the wanted units.
 */
function figureAt(
  object: JsonObject,
  name: string,
  decimals: number,
  where: string,
  plainDecimals = 0,
): bigint | undefined {
  const key = Object.keys(object).find((candidate) => withoutUnit(candidate) === name);
  if (key === undefined || object[key] === null) return undefined;
  const stated = /_1e(\d{1,2})$/.exec(key)?.[1];
  const unit = stated === undefined ? plainDecimals : Number(stated);
  const value = multiply(numberAt(object, key, where), rational(10n ** BigInt(decimals), 10n ** BigInt(unit)));
  return value.den === 1n ? value.num : refuse(`${where}.${key} has more than ${decimals} decimals`);
}

/** Weights, ratios and imf factors are written in the venue's own units even where their name does not say so. */
const parameterAt = (object: JsonObject, name: string, decimals: number, where: string): bigint | undefined => {
  const value = figureAt(object, name, decimals, where, decimals);
  return value !== undefined && value < 0n ? refuse(`${where}.${name} is negative`) : value;
};

const stated = (value: bigint | undefined, what: string): bigint => value ?? refuse(`the case states no ${what}`);

/** Both values of a parameter; a value that the requirement type does not use may be missing. */
function byRequirement(
  object: JsonObject,
  names: readonly [initial: string, maintenance: string],
  type: RequirementType,
  where: string,
  absent?: bigint,
): ByRequirement {
  const [initial, maintenance] = names.map((name) => parameterAt(object, name, DECIMALS.weight, where) ?? absent);
  const needs = (other: RequirementType, value: bigint | undefined, name: string): bigint =>
    type === other ? (value ?? 0n) : stated(value, `${where}.${name}`);
  return {
    initial: needs('maintenance', initial, names[0]),
    maintenance: needs('initial', maintenance, names[1]),
  };
}

const priceOf = (prices: JsonObject, symbol: string): bigint | undefined => {
  const price = figureAt(prices, symbol, DECIMALS.money, 'prices');
  return price !== undefined && price <= 0n ? refuse(`the price of ${symbol} is not positive`) : price;
};

/** Strict only where an average is stated. */
function strictPriceOf(prices: JsonObject, symbol: string, isStrict: boolean, absent?: bigint): StrictPrice {
  const current = stated(priceOf(prices, symbol) ?? absent, `price of ${symbol}`);
  const average = priceOf(prices, `${symbol}_twap5`);
  return average === undefined || !isStrict ? { current } : { current, average };
}

/** "strict" is prose where it is stated at all, but for a plain no. */
const isStrict = (parameters: JsonObject): boolean =>
  parameters['strict'] !== false && parameters['strict'] !== 'false';

function readOrders(object: JsonObject, decimals: number, where: string): OpenOrders {
  const openBids = figureAt(object, 'open_bids', decimals, where) ?? 0n;
  const openAsks = figureAt(object, 'open_asks', decimals, where) ?? 0n;
  const openOrders = figureAt(object, 'open_orders', 0, where) ?? 0n;
  if (openBids < 0n) refuse(`${where}.open_bids is negative`);
  if (openAsks > 0n) refuse(`${where}.open_asks is positive; asks are stated as a negative amount`);
  if (openOrders < 0n) refuse(`${where}.open_orders is negative`);
  return { openBids, openAsks, openOrders };
}

const readRules = (parameters: JsonObject): DriftRules => ({
  marginPerOpenOrder: parameterAt(parameters, 'open_order_margin', DECIMALS.money, 'risk_params') ?? MARGIN_PER_ORDER,
  unrealizedCap:
    parameterAt(parameters, 'max_positive_upnl_for_initial_margin', DECIMALS.money, 'risk_params') ?? UNREALIZED_CAP,
});

function readPerpMarket(parameters: JsonObject, price: bigint, type: RequirementType, where: string): DriftPerpMarket {
  const imf = (name: string): bigint => parameterAt(parameters, name, DECIMALS.money, where) ?? 0n;
  const contract = parameters['contract_type'] ?? 'perpetual';
  if (typeof contract !== 'string' || !/^(?:perpetual|prediction)$/i.test(contract)) {
    refuse(`${where}.contract_type is neither perpetual nor prediction`);
  }
  return {
    price,
    marginRatio: byRequirement(parameters, ['margin_ratio_initial', 'margin_ratio_maintenance'], type, where),
    imfFactor: imf('imf_factor'),
    // a market that states no weight counts no profit, as the source's own markets do
    unrealizedAssetWeight: byRequirement(
      parameters,
      ['unrealized_pnl_initial_asset_weight', 'unrealized_pnl_maintenance_asset_weight'],
      type,
      where,
      0n,
    ),
    unrealizedImfFactor: imf('unrealized_pnl_imf_factor'),
    isPrediction: /^prediction$/i.test(String(contract)),
  };
}

function readPerpPosition(object: JsonObject, market: DriftPerpMarket, where: string): DriftPerpPosition {
  onlyFigures(object, PERP_FIELDS, where);
  const entries = ['quote', 'quote_entry'].map((name) => figureAt(object, name, DECIMALS.money, where));
  const [quote, quoteEntry] = entries;
  if (quote !== undefined && quoteEntry !== undefined) refuse(`${where} states its quote entry twice`);
  return {
    market,
    base: figureAt(object, 'base', DECIMALS.base, where) ?? 0n,
    quoteEntry: quote ?? quoteEntry ?? 0n,
    customMarginRatio: parameterAt(object, 'max_margin_ratio', DECIMALS.weight, where) ?? 0n,
    ...readOrders(object, DECIMALS.base, where),
  };
}

const customMarginRatioOf = (parameters: JsonObject): bigint =>
  parameterAt(parameters, 'max_margin_ratio', DECIMALS.weight, 'risk_params') ?? 0n;

/** Reads a case of bare weights. Throws INVALID_INPUT when it states something this model does not read. */
export function readDriftWeights(fields: JsonObject): readonly DriftWeightCase[] {
  onlyFields(fields, ['positions', 'risk_params'], 'the case');
  const parameters = objectAt(fields, 'risk_params', 'the case');
  onlyFigures(parameters, ['imf_factor', 'base_weight'], 'risk_params');
  const cases = objectsAt(fields, 'positions', 'the case').map((object, index): DriftWeightCase => {
    const where = `positions[${index}]`;
    onlyFigures(object, ['kind', 'size'], where);
    const kind = textAt(object, 'kind', where);
    if (kind !== 'asset' && kind !== 'liability') return refuse(`${where}.kind is neither asset nor liability`);
    const size = stated(figureAt(object, 'size', DECIMALS.base, where), `${where}.size`);
    if (size < 0n) refuse(`${where}.size is negative`);
    return {
      kind,
      size,
      imfFactor: parameterAt(parameters, 'imf_factor', DECIMALS.money, 'risk_params') ?? 0n,
      weight: stated(parameterAt(parameters, 'base_weight', DECIMALS.weight, 'risk_params'), 'base weight'),
    };
  });
  const kinds = new Set(cases.map(({ kind }) => kind));
  if (kinds.size === 0 || kinds.size !== cases.length)
    refuse('weights are of one asset, one liability, or one of each');
  return cases;
}

/** Reads a case of one perp position. Throws INVALID_INPUT when it states something this model does not read. */
export function readDriftPerp(fields: JsonObject, type: RequirementType): DriftPerpCase {
  onlyFields(fields, ['positions', 'prices', 'risk_params'], 'the case');
  const parameters = objectAt(fields, 'risk_params', 'the case');
  onlyFigures(parameters, [...PERP_PARAMETERS, ...RULES], 'risk_params');
  const prices = objectAt(fields, 'prices', 'the case');
  onlyFigures(prices, ['oracle', QUOTE, `${QUOTE}_twap5`], 'prices');
  const [position, ...others] = objectsAt(fields, 'positions', 'the case');
  if (position === undefined || others.length > 0) return refuse('the case holds no or several positions');
  const market = readPerpMarket(parameters, stated(priceOf(prices, 'oracle'), 'oracle price'), type, 'risk_params');
  return {
    position: readPerpPosition(position, market, 'positions[0]'),
    quotePrice: strictPriceOf(prices, QUOTE, isStrict(parameters), ONE_USD),
    rules: readRules(parameters),
    customMarginRatio: customMarginRatioOf(parameters),
  };
}

const tokenDecimals = (parameters: JsonObject, symbol: string): number => {
  const decimals = figureAt(parameters, 'decimals', 0, `risk_params.${symbol}`) ?? (symbol === QUOTE ? 6n : 9n);
  return decimals >= 0n && decimals <= 18n
    ? Number(decimals)
    : refuse(`risk_params.${symbol}.decimals is out of range`);
};

/** What the case states of one market: its own object over what stands beside the objects for all markets. */
function marketParameters(parameters: JsonObject, symbol: string): JsonObject {
  const own = objectAt(parameters, symbol, 'risk_params');
  onlyFigures(own, [...SPOT_PARAMETERS, ...PERP_PARAMETERS], `risk_params.${symbol}`);
  const names = new Set(Object.keys(own).map(withoutUnit));
  const shared = Object.entries(parameters).filter(([key, value]) => !isObject(value) && !names.has(withoutUnit(key)));
  return { ...Object.fromEntries(shared), ...own };
}

function readSpotMarket(
  parameters: JsonObject,
  token: DriftToken,
  type: RequirementType,
  where: string,
): DriftSpotMarket {
  const weights = (side: 'asset' | 'liability'): ByRequirement =>
    byRequirement(parameters, [`initial_${side}_weight`, `maintenance_${side}_weight`], type, where);
  return {
    ...token,
    assetWeight: weights('asset'),
    liabilityWeight: weights('liability'),
    imfFactor: parameterAt(parameters, 'imf_factor', DECIMALS.money, where) ?? 0n,
  };
}

/** Symbols of the positions of one kind, each of which the venue keeps once. */
function symbolsOf(positions: readonly JsonObject[], kind: 'spot' | 'perp'): readonly string[] {
  const symbols = positions.flatMap((object, index) =>
    object[kind] === undefined ? [] : [textAt(object, kind, `positions[${index}]`)],
  );
  if (new Set(symbols).size !== symbols.length) refuse(`a ${kind} market is held twice`);
  return symbols;
}

/**
 * Reads a case of a whole account. A balance may stand under `collateral`, beside the orders of its market, or both. Throws
 * INVALID_INPUT when it states something this model does not read.
 */
export function readDriftAccount(fields: JsonObject, type: RequirementType): DriftAccount {
  onlyFields(fields, ['collateral', 'positions', 'prices', 'risk_params'], 'the case');
  const [collateral, prices, parameters] = (['collateral', 'prices', 'risk_params'] as const).map((name) =>
    objectAt(fields, name, 'the case'),
  ) as [JsonObject, JsonObject, JsonObject];
  const positions = objectsAt(fields, 'positions', 'the case');
  const spotSymbols = symbolsOf(positions, 'spot');
  const perpSymbols = symbolsOf(positions, 'perp');
  if (spotSymbols.length + perpSymbols.length !== positions.length) refuse('a position is not of one market');

  const symbols = [...new Set([...Object.keys(collateral).map(withoutUnit), ...spotSymbols, ...perpSymbols, QUOTE])];
  onlyFigures(
    prices,
    symbols.flatMap((symbol) => [symbol, `${symbol}_twap5`]),
    'prices',
  );
  onlyFigures(collateral, symbols, 'collateral');
  onlyFigures(parameters, [...symbols, ...SPOT_PARAMETERS, ...PERP_PARAMETERS, ...RULES], 'risk_params');
  for (const name of [...SPOT_PARAMETERS, ...PERP_PARAMETERS, ...RULES]) {
    if (symbols.includes(name)) refuse(`${name} is both a market and a parameter`);
  }

  const strict = isStrict(parameters);
  const tokenOf = (symbol: string, own: JsonObject): DriftToken => ({
    decimals: tokenDecimals(own, symbol),
    price: strictPriceOf(prices, symbol, strict, symbol === QUOTE ? ONE_USD : undefined),
  });
  const quoteToken = tokenOf(QUOTE, objectAt(parameters, QUOTE, 'risk_params'));
  const readSpot = (symbol: string): DriftSpotPosition => {
    const own = marketParameters(parameters, symbol);
    const token = tokenOf(symbol, own);
    const object = positions.find((candidate) => candidate['spot'] === symbol) ?? {};
    const where = `spot position ${symbol}`;
    onlyFigures(object, SPOT_FIELDS, where);
    return {
      market: readSpotMarket(own, token, type, `risk_params.${symbol}`),
      amount:
        (figureAt(collateral, symbol, token.decimals, 'collateral') ?? 0n) +
        (figureAt(object, 'amount', token.decimals, where) ?? 0n),
      ...readOrders(object, token.decimals, where),
    };
  };
  if (spotSymbols.includes(QUOTE)) refuse(`${QUOTE} has no orders of its own; its balance stands under collateral`);

  return {
    rules: readRules(parameters),
    quote: { ...quoteToken, amount: figureAt(collateral, QUOTE, quoteToken.decimals, 'collateral') ?? 0n },
    spots: symbols
      .filter((symbol) => symbol !== QUOTE)
      .filter((symbol) => spotSymbols.includes(symbol) || figureAt(collateral, symbol, 18, 'collateral') !== undefined)
      .map(readSpot),
    perps: perpSymbols.map((symbol) => {
      const own = marketParameters(parameters, symbol);
      const price = stated(priceOf(prices, symbol), `price of ${symbol}`);
      const object = positions.find((candidate) => candidate['perp'] === symbol) as JsonObject;
      return readPerpPosition(
        object,
        readPerpMarket(own, price, type, `risk_params.${symbol}`),
        `perp position ${symbol}`,
      );
    }),
    customMarginRatio: customMarginRatioOf(parameters),
  };
}

/** Whether anything in the case is a parameter of the maintenance requirement. */
export const statesMaintenance = ({ risk_params: parameters }: JsonObject): boolean =>
  isObject(parameters) &&
  Object.entries(parameters).some(
    ([key, value]) =>
      key.includes('maintenance') ||
      (isObject(value) && Object.keys(value).some((name) => name.includes('maintenance'))),
  );
