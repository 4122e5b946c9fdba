import type { Holdings, PositionEntry } from '../../account/account.js';
import { formatAmount } from '../../numbers/decimal.js';
import { ceiling, floor, formatRational, multiply, type Rational, rational } from '../../numbers/rational.js';
import { BITS, COST_DECIMALS, MODEL_VERSION, QUANTIZED, RATE_SCALE, VALUE_DECIMALS } from '../../protocol/constants.js';
import type { RegistryEntry } from '../../snapshot/registry.js';
import type { QuantizedInstrument, QuantizedSnapshot, Rounding } from '../../snapshot/snapshot.js';
import type { CaseStatement } from '../../vectors/evaluator.js';
import {
  ASSET_ID,
  bounded,
  CASE_TIME,
  decimalsOf,
  FIRST_INSTRUMENT_ID,
  notRepresentable,
  scaled,
} from '../caseAccount.js';
import { type DydxAccount, type DydxPosition, initialPpmOf, PPM } from './model.js';

/** A dYdX account under one claim as the quantized circuit takes it. */
export interface RepresentedDydx {
  readonly snapshot: QuantizedSnapshot;
  readonly holdings: Holdings;
}

/** One position in quote and whole units. */
interface Terms {
  readonly perpetual: string;
  readonly size: Rational;
  readonly mark: Rational;
  /** what a unit long has paid since the base of the index */
  readonly fundingIndex: Rational;
  /** minus the same at entry, times the size */
  readonly cost: Rational;
}

const USDC_DECIMALS = 6;
/** a funding index times base quantums is in parts per million of a quote quantum, 1e-12 USDC */
const FUNDING_DECIMALS = 12;
const FUNDING_PER_COST = 10n ** BigInt(FUNDING_DECIMALS - COST_DECIMALS);

const decimal = (value: bigint, exponent: bigint): Rational =>
  multiply(rational(value), exponent < 0n ? rational(1n, 10n ** -exponent) : rational(10n ** exponent));

/**
 * A funding index means the same counted from any base, as long as the position's own is counted from it too. A leaf holds
 * costs in 1e-8 quote and the venue counts funding in 1e-12, so a base is taken from which the cost is whole: nothing of
 * the funding is rounded here. A venue that publishes one index for all accounts rounds each cost up instead, which takes
 * less than 1e-8 quote a position and at most one quantum at the account's floor.
 */
function termsOf({ perpetual, quantums, fundingIndex, market }: DydxPosition): Terms {
  const base = (fundingIndex * quantums) % FUNDING_PER_COST === 0n ? 0n : fundingIndex % FUNDING_PER_COST;
  return {
    perpetual,
    size: decimal(quantums, market.atomicResolution),
    mark: decimal(market.price, market.exponent),
    fundingIndex: decimal(market.fundingIndex - base, -BigInt(FUNDING_DECIMALS) - market.atomicResolution),
    cost: decimal((base - fundingIndex) * quantums, -BigInt(FUNDING_DECIMALS)),
  };
}

const fits = (value: Rational, decimals: number, bits: number): boolean => {
  const units = scaled(value, decimals);
  return (units.num < 0n ? -units.num : units.num) < units.den << BigInt(bits);
};

/**
 * The fewest decimals that hold the size exactly and let mark and index fit their bits. An account leaf and a table share
 * 16 decimals between size and price, so the fewest here are the most there.
 */
function amountDecimalsFor({ perpetual, size, mark, fundingIndex }: Terms): number {
  for (let decimals = decimalsOf(size) ?? VALUE_DECIMALS + 1; decimals <= VALUE_DECIMALS; decimals++) {
    const priceDecimals = VALUE_DECIMALS - decimals;
    if (
      fits(size, decimals, BITS.amount) &&
      fits(mark, priceDecimals, QUANTIZED.priceBits) &&
      fits(fundingIndex, priceDecimals, BITS.price)
    ) {
      return decimals;
    }
  }
  throw notRepresentable(`a size, mark or funding index of ${perpetual}`);
}

/** The two rates of a claim: maintenance from the base initial margin, initial at the account's or the scaled fraction. */
function ratesOf(position: DydxPosition, claim: CaseStatement['claim']) {
  const { initialMarginPpm, maintenanceFractionPpm } = position.market;
  const [baseRate, fraction] =
    claim === 'maintenance' ? [initialMarginPpm, maintenanceFractionPpm] : [initialPpmOf(position), PPM];
  if (baseRate > RATE_SCALE || fraction > RATE_SCALE) throw notRepresentable(`a rate of ${position.perpetual} above 1`);
  return { baseRate, fraction };
}

/** What empty slots look up in the table of an account without positions: a perpetual that it does not hold. */
const UNHELD = {
  entry: {
    id: FIRST_INSTRUMENT_ID,
    symbol: 'UNHELD',
    kind: 'perpetual',
    settleAsset: ASSET_ID,
    amountDecimals: USDC_DECIMALS,
  },
  instrument: {
    instrumentId: FIRST_INSTRUMENT_ID,
    price: 0n,
    fundingIndex: 0n,
    baseRate: RATE_SCALE,
    fraction: RATE_SCALE,
  },
} as const;

/**
 * A dYdX account for the quantized circuit. Balance and funding are exact. A mark or funding index that has more decimals
 * than the size leaves is rounded against the prover and recorded: a long's mark down and a short's up, the index the
 * other way round. Since rates are at most 1, a smaller notional never leaves a long more equity above its margin. Throws
 * NOT_REPRESENTABLE when a figure is out of bounds.
 */
export function representDydx(account: DydxAccount, claim: CaseStatement['claim']): RepresentedDydx {
  const positions = account.positions.filter(({ quantums }) => quantums !== 0n);
  if (new Set(positions.map(({ perpetual }) => perpetual)).size !== positions.length) {
    throw notRepresentable('a second position in one perpetual');
  }
  const roundings: Rounding[] = [];
  const round = (exact: Rational, decimals: number, up: boolean, where: string): bigint => {
    const units = scaled(exact, decimals);
    const used = up ? ceiling(units) : floor(units);
    if (units.den !== 1n) roundings.push({ where, exact: formatRational(exact), used: formatAmount(used, decimals) });
    return used;
  };
  const listed = positions.map((position, index) => {
    const terms = termsOf(position);
    const amountDecimals = amountDecimalsFor(terms);
    const priceDecimals = VALUE_DECIMALS - amountDecimals;
    const id = FIRST_INSTRUMENT_ID + index;
    const isShort = position.quantums < 0n;
    const { perpetual, size, mark, fundingIndex, cost } = terms;
    const entry: RegistryEntry = {
      id,
      symbol: perpetual,
      kind: 'perpetual',
      settleAsset: ASSET_ID,
      amountDecimals,
    };
    const instrument: QuantizedInstrument = {
      instrumentId: id,
      price: round(mark, priceDecimals, isShort, `mark of ${perpetual}`),
      fundingIndex: round(fundingIndex, priceDecimals, !isShort, `funding index of ${perpetual}`),
      ...ratesOf(position, claim),
    };
    const held: PositionEntry = {
      instrumentId: id,
      size: floor(scaled(size, amountDecimals)),
      cost: bounded(floor(scaled(cost, COST_DECIMALS)), BITS.cost, `the funding of ${perpetual}`),
    };
    return { entry, instrument, held };
  });
  const table = listed.length === 0 ? [UNHELD] : listed;
  const usdc = bounded(account.usdc, BITS.amount, 'the balance');
  return {
    snapshot: {
      registry: {
        venue: 'dydx-v4',
        version: 1,
        quote: 'USDC',
        entries: [
          { id: ASSET_ID, symbol: 'USDC', kind: 'asset', amountDecimals: USDC_DECIMALS },
          ...table.map(({ entry }) => entry),
        ],
      },
      model: { family: 'quantized', version: MODEL_VERSION.quantized, claim, haircuts: 'marginal' },
      time: CASE_TIME,
      assets: [
        {
          assetId: ASSET_ID,
          price: 10n ** BigInt(VALUE_DECIMALS - USDC_DECIMALS),
          ladder: [{ valueCap: null, factor: RATE_SCALE }],
        },
      ],
      instruments: table.map(({ instrument }) => instrument),
      roundings,
    },
    holdings: {
      collateral: usdc === 0n ? [] : [{ assetId: ASSET_ID, amount: usdc }],
      positions: listed.map(({ held }) => held),
    },
  };
}
