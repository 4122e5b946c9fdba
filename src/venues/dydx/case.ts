import { SolvencyError } from '../../errors.js';
import { integerAt, objectAt, objectsAt, onlyFields, optionalIntegerAt, textAt } from '../../vectors/fields.js';
import type { JsonObject } from '../../vectors/json.js';
import type { DydxAccount, DydxMarket, DydxPosition } from './model.js';

/** The three shapes of a dYdX case: an account, a notional under a liquidity tier, a bare comparison. */
export type DydxCase =
  | { readonly kind: 'account'; readonly account: DydxAccount }
  | {
      readonly kind: 'notional';
      readonly notional: bigint;
      readonly openInterest: bigint;
      readonly tier: LiquidityTier;
    }
  | { readonly kind: 'comparison' };

export type LiquidityTier = Pick<
  DydxMarket,
  'initialMarginPpm' | 'maintenanceFractionPpm' | 'openInterestLowerCap' | 'openInterestUpperCap'
>;

const TIER_FIELDS = ['initial_margin_ppm', 'maintenance_fraction_ppm', 'oi_lower_cap', 'oi_upper_cap'];
const PRICE_FIELDS = ['price', 'exponent', 'atomic_resolution', 'funding_index', 'open_interest_base_quantums'];
const POSITION_FIELDS = ['perpetual', 'quantums', 'funding_index', 'custom_imf_ppm'];

const refuse = (message: string): SolvencyError => new SolvencyError('INVALID_INPUT', message);

function notNegative(value: bigint, what: string): bigint {
  if (value < 0n) throw refuse(`${what} is negative`);
  return value;
}

function readTier(object: JsonObject, where: string): Omit<LiquidityTier, 'maintenanceFractionPpm'> {
  onlyFields(object, TIER_FIELDS, where);
  const cap = (key: string): bigint => notNegative(optionalIntegerAt(object, key, where) ?? 0n, `${where}.${key}`);
  return {
    initialMarginPpm: notNegative(integerAt(object, 'initial_margin_ppm', where), `${where}.initial_margin_ppm`),
    openInterestLowerCap: cap('oi_lower_cap'),
    openInterestUpperCap: cap('oi_upper_cap'),
  };
}

function readMarket(fields: JsonObject, perpetual: string): DydxMarket {
  const prices = objectAt(fields, 'prices', 'the case');
  const tiers = objectAt(fields, 'risk_params', 'the case');
  const where = `prices.${perpetual}`;
  const price = objectAt(prices, perpetual, 'prices');
  onlyFields(price, PRICE_FIELDS, where);
  const tier = objectAt(tiers, perpetual, 'risk_params');
  return {
    price: notNegative(integerAt(price, 'price', where), `${where}.price`),
    exponent: integerAt(price, 'exponent', where),
    atomicResolution: integerAt(price, 'atomic_resolution', where),
    fundingIndex: optionalIntegerAt(price, 'funding_index', where) ?? 0n,
    openInterest: notNegative(optionalIntegerAt(price, 'open_interest_base_quantums', where) ?? 0n, where),
    ...readTier(tier, `risk_params.${perpetual}`),
    maintenanceFractionPpm: notNegative(
      integerAt(tier, 'maintenance_fraction_ppm', `risk_params.${perpetual}`),
      `risk_params.${perpetual}.maintenance_fraction_ppm`,
    ),
  };
}

function readPosition(fields: JsonObject, object: JsonObject, index: number): DydxPosition {
  const where = `positions[${index}]`;
  onlyFields(object, POSITION_FIELDS, where);
  const perpetual = textAt(object, 'perpetual', where);
  const market = readMarket(fields, perpetual);
  return {
    perpetual,
    quantums: integerAt(object, 'quantums', where),
    // without an index of its own there is nothing unsettled
    fundingIndex: optionalIntegerAt(object, 'funding_index', where) ?? market.fundingIndex,
    customImfPpm: notNegative(optionalIntegerAt(object, 'custom_imf_ppm', where) ?? 0n, `${where}.custom_imf_ppm`),
    market,
  };
}

function readNotional(fields: JsonObject, position: JsonObject): DydxCase {
  onlyFields(position, ['notional_quote_quantums'], 'positions[0]');
  const prices = objectAt(fields, 'prices', 'the case');
  onlyFields(prices, ['open_interest_notional'], 'prices');
  const tier = objectAt(fields, 'risk_params', 'the case');
  return {
    kind: 'notional',
    notional: integerAt(position, 'notional_quote_quantums', 'positions[0]'),
    openInterest: optionalIntegerAt(prices, 'open_interest_notional', 'prices') ?? 0n,
    tier: {
      ...readTier(tier, 'risk_params'),
      maintenanceFractionPpm: optionalIntegerAt(tier, 'maintenance_fraction_ppm', 'risk_params') ?? 0n,
    },
  };
}

/** A case without account: what is compared stands under `expected`. */
export const isComparison = (fields: JsonObject): boolean =>
  fields['collateral'] === undefined && fields['positions'] === undefined;

/** Reads a case of the vector files. Throws INVALID_INPUT when it states something this model does not read. */
export function readDydxCase(fields: JsonObject): DydxCase {
  onlyFields(fields, ['collateral', 'positions', 'prices', 'risk_params'], 'the case');
  if (isComparison(fields)) return { kind: 'comparison' };
  const positions = objectsAt(fields, 'positions', 'the case');
  const [first, second] = positions;
  if (first?.['notional_quote_quantums'] !== undefined) {
    if (second !== undefined || fields['collateral'] !== undefined)
      throw refuse('a bare notional stands beside other figures');
    return readNotional(fields, first);
  }
  const collateral = objectAt(fields, 'collateral', 'the case');
  onlyFields(collateral, ['usdc_quantums'], 'collateral');
  return {
    kind: 'account',
    account: {
      usdc: integerAt(collateral, 'usdc_quantums', 'collateral'),
      positions: positions.map((position, index) => readPosition(fields, position, index)),
    },
  };
}
