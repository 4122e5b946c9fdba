import { BITS, FINE_SCALE, PORTFOLIO } from '../protocol/constants.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import type {
  ExpiryParameters,
  PortfolioInstrument,
  PortfolioSnapshot,
  Scenario,
  ShockedAssetParameters,
} from '../snapshot/snapshot.js';
import { requireNames, violation } from '../snapshot/validateRegistry.js';

const DISCOUNT_BOUND = 1n << BigInt(PORTFOLIO.discountBits);
const WEIGHT_BOUND = 1n << BigInt(PORTFOLIO.weightBits);
const PRICE_BOUND = 1n << BigInt(BITS.price);
const VALUE_BOUND = 1n << BigInt(PORTFOLIO.valueBits);
const PLAIN = PORTFOLIO.scenarios - PORTFOLIO.absolute;

/** Checks what PortfolioMargin takes for granted of its tables; `entries` are the instruments' in the registry. */
export function validatePortfolio(snapshot: PortfolioSnapshot, entries: readonly RegistryEntry[]): void {
  const { model, underlyings, expiries, assets, instruments } = snapshot;
  validateScenarios(model.scenarios, PLAIN, 'scenario');
  validateScenarios(model.absoluteScenarios, PORTFOLIO.absolute, 'absolute scenario');
  if (model.scenarios.length + model.absoluteScenarios.length === 0) violation('model', 'it must have a scenario');
  requireNames(underlyings, 'underlying');
  requireNames(
    expiries.map(({ name }) => name),
    'expiry',
  );
  for (const asset of assets) validateMoving(asset, underlyings.length);
  for (const expiry of expiries) validateExpiry(expiry, underlyings.length);
  instruments.forEach((instrument, index) => {
    const where = `instrument ${entries[index]?.symbol}`;
    validateContract(instrument, snapshot, where);
    if (entries[index]?.amountDecimals !== expiries[instrument.expiry]?.amountDecimals) {
      violation(where, 'the contracts of an expiry must have its amountDecimals, since their units are added up');
    }
    // only a perpetual makes the others dearer, and only if its expiry says what it is
    if (expiries[instrument.expiry]?.perpetual !== (entries[index]?.kind === 'perpetual')) {
      violation(where, 'an expiry of perpetuals must hold perpetuals only, and every perpetual must be in one');
    }
    if (instrument.nets) {
      if (entries[index]?.kind !== 'option') violation(where, 'only the call and put of a strike net');
      validateNetting(instrument, instruments, entries, where);
    }
  });
}

function validateScenarios(scenarios: readonly Scenario[], most: number, what: string): void {
  if (scenarios.length > most) violation('model', `it may have at most ${most} ${what}s and has ${scenarios.length}`);
  scenarios.forEach(({ weight, shock, floorWeight }, index) => {
    const where = `${what} ${index}`;
    bounded(weight, WEIGHT_BOUND, where, 'the weight');
    bounded(floorWeight, WEIGHT_BOUND, where, 'the floor weight');
    // a price does not fall below zero, and a shock beyond the weights' bound would not fit the comparisons
    if (shock < -FINE_SCALE || shock >= WEIGHT_BOUND) violation(where, 'the shock must be from -1 to 2^38 x 1e-9');
  });
}

function validateMoving({ underlying, assetId }: ShockedAssetParameters, underlyings: number): void {
  if (underlying !== null) place(underlying, underlyings, `asset with id ${assetId}`, 'underlying');
}

function validateExpiry(expiry: ExpiryParameters, underlyings: number): void {
  const where = `expiry ${expiry.name}`;
  place(expiry.underlying, underlyings, where, 'underlying');
  for (const [name, [down, up]] of [
    ['positive', expiry.positiveDiscount],
    ['negative', expiry.negativeDiscount],
  ] as const) {
    bounded(down, DISCOUNT_BOUND, where, `the ${name} discount`);
    bounded(up, DISCOUNT_BOUND, where, `the ${name} discount`);
    if (down > up) violation(where, `the ${name} discount rounded down must not be above the one rounded up`);
  }
  bounded(expiry.charge, VALUE_BOUND, where, 'the charge');
  bounded(expiry.chargeWithPerpetual, VALUE_BOUND, where, 'the charge with a perpetual');
  // the circuit lets a prover take the dearer one at any time
  if (expiry.chargeWithPerpetual < expiry.charge) {
    violation(where, 'the charge with a perpetual must not be below the one without');
  }
}

function validateContract(instrument: PortfolioInstrument, snapshot: PortfolioSnapshot, where: string): void {
  const { model, expiries } = snapshot;
  // an option far from the money is worth nothing in the smallest unit
  bounded(instrument.price, PRICE_BOUND, where, 'the mark');
  place(instrument.expiry, expiries.length, where, 'expiry');
  const scenarios = model.scenarios.length + model.absoluteScenarios.length;
  if (instrument.values.length !== scenarios) {
    violation(where, `it must have a value for each of the ${scenarios} scenarios and has ${instrument.values.length}`);
  }
  for (const value of [...instrument.values, instrument.up, instrument.down]) {
    if (value <= -VALUE_BOUND || value >= VALUE_BOUND)
      violation(where, 'every value must be below 2^72 in 1e-16 quote');
  }
  bounded(instrument.nakedCharge, VALUE_BOUND, where, 'the charge of naked shorts');
  bounded(instrument.floorCharge, VALUE_BOUND, where, 'the floor charge');
}

/** The contract that it nets with is listed under the id before, in the same expiry, and nets with nothing itself. */
function validateNetting(
  instrument: PortfolioInstrument,
  instruments: readonly PortfolioInstrument[],
  entries: readonly RegistryEntry[],
  where: string,
): void {
  const index = instruments.findIndex(({ instrumentId }) => instrumentId === instrument.instrumentId - 1);
  const other = instruments[index];
  if (other === undefined) violation(where, 'it nets with the contract of the id before it, which the table must hold');
  if (entries[index]?.kind !== 'option') violation(where, 'only the call and put of a strike net');
  if (other.expiry !== instrument.expiry) violation(where, 'it must net with a contract of its own expiry');
  if (other.nets) violation(where, 'the contract that it nets with must not net with another');
  if (other.nakedCharge !== instrument.nakedCharge) violation(where, 'contracts that net must have one naked charge');
}

function place(index: number, length: number, where: string, what: string): void {
  if (!Number.isInteger(index) || index < 0 || index >= length) violation(where, `its ${what} must be listed`);
}

function bounded(value: bigint, bound: bigint, where: string, what: string): void {
  if (value < 0n || value >= bound) {
    violation(where, `${what} must be from 0 to 2^${bound.toString(2).length - 1} - 1 in its unit`);
  }
}
