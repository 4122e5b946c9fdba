import { SolvencyError } from '../../errors.js';
import { add, divide, multiply, ONE, type Rational, subtract, sum, ZERO } from '../../numbers/rational.js';
import { numberAt, objectAt, objectsAt, onlyFields, optionalNumberAt } from '../../vectors/fields.js';
import type { JsonObject } from '../../vectors/json.js';
import { type ScalingFactors, scaleOrders, type VegaMarket, type VegaOrder, type VegaPosition } from './model.js';

export interface VegaCase {
  readonly position: VegaPosition;
  readonly market: VegaMarket;
  readonly scaling?: ScalingFactors;
}

export interface VegaIsolatedCase {
  readonly position: VegaPosition;
  readonly marginFactor: Rational;
  /** signed, with market orders filled at the mark; missing where the case states no entry price */
  readonly entryNotional?: Rational;
  readonly auctionPrice: Rational;
}

const SLIPPAGE_POSITION = [
  'open_volume',
  'position_size',
  'position_factor',
  'open_buy_orders',
  'open_sell_orders',
  'buy_orders',
  'sell_orders',
];
const SLIPPAGE_PARAMETERS = [
  'linear_slippage',
  'quadratic_slippage',
  'risk_factor_long',
  'risk_factor_short',
  'margin_funding_factor',
  'funding_payment_to_date',
  'scaling',
  'auction',
];
const ISOLATED_POSITION = [
  'position',
  'size',
  'entry',
  'position_factor',
  'buy_order',
  'sell_order',
  'buy_orders',
  'sell_orders',
];

const refuse = (message: string): never => {
  throw new SolvencyError('INVALID_INPUT', message);
};

function notNegative(value: Rational, what: string): Rational {
  return value.num < 0n ? refuse(`${what} is negative`) : value;
}

/** The one position that a margin belongs to: every market of an account has a margin of its own. */
function onlyPosition(fields: JsonObject): JsonObject {
  const [position, ...others] = objectsAt(fields, 'positions', 'the case');
  return position === undefined || others.length > 0 ? refuse('the case holds no or several positions') : position;
}

/** The value of whichever of two names is stated, undefined for neither. */
function eitherAt(object: JsonObject, names: readonly [string, string], where: string): Rational | undefined {
  const [first, second] = names.map((name) => optionalNumberAt(object, name, where));
  return first !== undefined && second !== undefined
    ? refuse(`${where} states both ${names.join(' and ')}`)
    : (first ?? second);
}

function positionFactorOf(position: JsonObject): Rational {
  const factor = optionalNumberAt(position, 'position_factor', 'positions[0]') ?? ONE;
  return factor.num > 0n ? factor : refuse('positions[0].position_factor is not positive');
}

interface SideOrders {
  readonly resting: readonly VegaOrder[];
  /** of market orders, which count as filled */
  readonly filled: Rational;
}

function readOrders(object: JsonObject, key: string): SideOrders {
  const orders = objectsAt(object, key, 'positions[0]').map((order, index) => {
    const where = `positions[0].${key}[${index}]`;
    onlyFields(order, ['price', 'size', 'market'], where);
    const market = order['market'] ?? false;
    if (typeof market !== 'boolean') return refuse(`${where}.market is neither true nor false`);
    return {
      market,
      size: notNegative(numberAt(order, 'size', where), `${where}.size`),
      price: market ? ZERO : notNegative(numberAt(order, 'price', where), `${where}.price`),
    };
  });
  return {
    resting: orders.filter(({ market }) => !market).map(({ price, size }) => ({ price, size })),
    filled: sum(orders.filter(({ market }) => market).map(({ size }) => size)),
  };
}

/** Orders that are listed one by one, or stated as a volume in whole, whose prices are then unknown. */
function readSide(position: JsonObject, side: 'buy' | 'sell', isAuction: boolean): SideOrders {
  const volume = optionalNumberAt(position, `open_${side}_orders`, 'positions[0]');
  if (volume === undefined) return readOrders(position, `${side}_orders`);
  if (position[`${side}_orders`] !== undefined) refuse(`positions[0] states its ${side} orders twice`);
  if (isAuction && volume.num !== 0n) refuse(`in an auction positions[0].open_${side}_orders needs the orders' prices`);
  return {
    resting: [{ price: ZERO, size: notNegative(volume, `positions[0].open_${side}_orders`) }],
    filled: ZERO,
  };
}

/** Position and resting orders over the position factor, market orders filled. */
function positionOf(size: Rational, buys: SideOrders, sells: SideOrders, positionFactor: Rational): VegaPosition {
  return {
    openVolume: divide(subtract(add(size, buys.filled), sells.filled), positionFactor),
    buys: scaleOrders(buys.resting, positionFactor),
    sells: scaleOrders(sells.resting, positionFactor),
  };
}

function readAuction(parameters: JsonObject, prices: JsonObject): { readonly auction?: { readonly price: Rational } } {
  const auction = parameters['auction'] ?? false;
  if (typeof auction !== 'boolean') return refuse('risk_params.auction is neither true nor false');
  const price = optionalNumberAt(prices, 'auction', 'prices');
  if (!auction) return price === undefined ? {} : refuse('prices.auction stands beside continuous trading');
  return { auction: { price: notNegative(price ?? ZERO, 'prices.auction') } };
}

function readScaling(parameters: JsonObject): { readonly scaling?: ScalingFactors } {
  if (parameters['scaling'] === undefined) return {};
  const scaling = objectAt(parameters, 'scaling', 'risk_params');
  const where = 'risk_params.scaling';
  onlyFields(scaling, ['search', 'initial', 'release'], where);
  const factor = (name: string): Rational => notNegative(numberAt(scaling, name, where), `${where}.${name}`);
  return { scaling: { search: factor('search'), initial: factor('initial'), release: factor('release') } };
}

/** Reads a case of cross margin. Throws INVALID_INPUT when it states something this model does not read. */
export function readVegaCase(fields: JsonObject): VegaCase {
  onlyFields(fields, ['positions', 'prices', 'risk_params'], 'the case');
  const [prices, parameters] = [objectAt(fields, 'prices', 'the case'), objectAt(fields, 'risk_params', 'the case')];
  onlyFields(prices, ['mark', 'auction'], 'prices');
  onlyFields(parameters, SLIPPAGE_PARAMETERS, 'risk_params');
  const position = onlyPosition(fields);
  onlyFields(position, SLIPPAGE_POSITION, 'positions[0]');

  const parameter = (name: string): Rational =>
    notNegative(numberAt(parameters, name, 'risk_params'), `risk_params.${name}`);
  const funding = (name: string): Rational => optionalNumberAt(parameters, name, 'risk_params') ?? ZERO;
  const auction = readAuction(parameters, prices);
  const isAuction = auction.auction !== undefined;
  const size = eitherAt(position, ['open_volume', 'position_size'], 'positions[0]') ?? ZERO;
  return {
    position: positionOf(
      size,
      readSide(position, 'buy', isAuction),
      readSide(position, 'sell', isAuction),
      positionFactorOf(position),
    ),
    market: {
      mark: notNegative(numberAt(prices, 'mark', 'prices'), 'prices.mark'),
      linearSlippage: parameter('linear_slippage'),
      quadraticSlippage: parameter('quadratic_slippage'),
      riskFactorLong: parameter('risk_factor_long'),
      riskFactorShort: parameter('risk_factor_short'),
      // the part of the payment accrued so far that margin has to cover
      fundingPerUnit: multiply(funding('margin_funding_factor'), funding('funding_payment_to_date')),
      ...auction,
    },
    ...readScaling(parameters),
  };
}

function readIsolatedSide(position: JsonObject, side: 'buy' | 'sell'): SideOrders {
  const single = position[`${side}_order`];
  if (single === undefined) return readOrders(position, `${side}_orders`);
  if (position[`${side}_orders`] !== undefined) refuse(`positions[0] states its ${side} orders twice`);
  return readOrders({ [`${side}_order`]: [single] }, `${side}_order`);
}

/** Reads a case of isolated margin. Throws INVALID_INPUT when it states something this model does not read. */
export function readVegaIsolated(fields: JsonObject): VegaIsolatedCase {
  onlyFields(fields, ['positions', 'prices', 'risk_params'], 'the case');
  const [prices, parameters] = [objectAt(fields, 'prices', 'the case'), objectAt(fields, 'risk_params', 'the case')];
  onlyFields(prices, ['mark', 'auction'], 'prices');
  onlyFields(parameters, ['margin_factor'], 'risk_params');
  const position = onlyPosition(fields);
  onlyFields(position, ISOLATED_POSITION, 'positions[0]');

  const size = eitherAt(position, ['position', 'size'], 'positions[0]') ?? ZERO;
  const [buys, sells] = [readIsolatedSide(position, 'buy'), readIsolatedSide(position, 'sell')];
  const positionFactor = positionFactorOf(position);
  const entry = optionalNumberAt(position, 'entry', 'positions[0]');
  const filled = subtract(buys.filled, sells.filled);
  const hasFills = buys.filled.num !== 0n || sells.filled.num !== 0n;
  const fillNotional = hasFills ? multiply(filled, numberAt(prices, 'mark', 'prices')) : ZERO;
  return {
    position: positionOf(size, buys, sells, positionFactor),
    marginFactor: notNegative(numberAt(parameters, 'margin_factor', 'risk_params'), 'risk_params.margin_factor'),
    ...(entry === undefined ? {} : { entryNotional: divide(add(multiply(entry, size), fillNotional), positionFactor) }),
    auctionPrice: notNegative(optionalNumberAt(prices, 'auction', 'prices') ?? ZERO, 'prices.auction'),
  };
}
