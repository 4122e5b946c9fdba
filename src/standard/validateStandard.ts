import { BITS, STANDARD } from '../protocol/constants.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import type { OptionExpiry, OptionTerms, StandardInstrument, StandardSnapshot } from '../snapshot/snapshot.js';
import { NAME, violation } from '../snapshot/validateRegistry.js';

/** Checks what StandardMargin takes for granted of its tables; `entries` are the instruments' in the registry. */
export function validateStandard(snapshot: StandardSnapshot, entries: readonly RegistryEntry[]): void {
  const { assets, expiries, instruments } = snapshot;
  for (const { assetId, charge } of assets) {
    bounded(charge, STANDARD.chargeBits, `asset with id ${assetId}`, 'the charge of each unit');
  }
  const names = new Set<string>();
  for (const expiry of expiries) {
    const where = `expiry ${expiry.name.slice(0, 64)}`;
    if (!NAME.test(expiry.name)) violation(where, 'its name must be 1 to 64 visible characters');
    if (names.has(expiry.name)) violation(where, 'it must not be listed twice');
    names.add(expiry.name);
    bounded(expiry.unpaired, STANDARD.chargeBits, where, 'the margin of an unpaired call');
  }
  instruments.forEach((instrument, index) => {
    const entry = entries[index] as RegistryEntry;
    validateContract(instrument, entry, expiries);
  });
}

function validateContract(
  { price, option, longCharge, shortCharge }: StandardInstrument,
  entry: RegistryEntry,
  expiries: readonly OptionExpiry[],
): void {
  const where = `instrument ${entry.symbol}`;
  bounded(price, BITS.price, where, 'the mark');
  bounded(longCharge, STANDARD.chargeBits, where, 'the charge of a unit long');
  bounded(shortCharge, STANDARD.chargeBits, where, 'the charge of a unit short');
  if (option !== null) {
    if (entry.kind !== 'option') violation(where, `it has the terms of an option, and the registry says ${entry.kind}`);
    validateOption(option, entry, expiries, where);
    // a short owes at least what the option is worth
    if (option.isolated < price) violation(where, 'the isolated margin of a unit short must not be below its mark');
    return;
  }
  // without its terms an option would count at its mark, and a short one would pay
  if (entry.kind === 'option') violation(where, 'an option must state its expiry, its strike and its type');
  if (price === 0n) violation(where, 'the mark must be above zero');
}

function validateOption(
  { expiry, strike, type, isolated }: OptionTerms,
  { amountDecimals }: RegistryEntry,
  expiries: readonly OptionExpiry[],
  where: string,
): void {
  const listed = Number.isInteger(expiry) ? expiries[expiry] : undefined;
  if (listed === undefined) violation(where, 'its expiry must be listed');
  bounded(strike, BITS.price, where, 'the strike');
  bounded(isolated, STANDARD.chargeBits, where, 'the isolated margin of a unit short');
  // the lesser of two margins counts: without this one a short would be free
  if (isolated === 0n) violation(where, 'the isolated margin of a unit short must be above zero');
  if (type !== 'call' && type !== 'put') violation(where, 'its type must be call or put');
  if (amountDecimals !== listed.amountDecimals) {
    violation(where, 'the contracts of an expiry must have its amountDecimals, since their units are added up');
  }
  // beyond the last strike held nothing else bounds the loss of a short call
  if (type === 'call' && listed.unpaired === 0n) {
    violation(
      `expiry ${listed.name}`,
      'an expiry with calls must state the margin of an unpaired one, from its forward',
    );
  }
}

function bounded(value: bigint, bits: number, where: string, what: string): void {
  if (value < 0n || value >= 1n << BigInt(bits))
    violation(where, `${what} must be from 0 to 2^${bits} - 1 in its unit`);
}
