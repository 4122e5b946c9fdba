import { BITS, QUANTIZED, RATE_SCALE } from '../protocol/constants.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import type { QuantizedInstrument, QuantizedSnapshot } from '../snapshot/snapshot.js';
import { violation } from '../snapshot/validateRegistry.js';

/** Checks what QuantizedMargin takes for granted of its tables; `entries` are the instruments' in the registry. */
export function validateQuantized({ instruments }: QuantizedSnapshot, entries: readonly RegistryEntry[]): void {
  instruments.forEach((instrument, index) => {
    validatePerpetual(instrument, entries[index] as RegistryEntry);
  });
}

function validatePerpetual(
  { price, fundingIndex, baseRate, fraction }: QuantizedInstrument,
  { symbol, kind }: RegistryEntry,
): void {
  const where = `instrument ${symbol}`;
  // a short option has no margin by its mark
  if (kind !== 'perpetual') violation(where, `this model knows perpetuals only, and the registry says ${kind}`);
  // zero is a mark that the venue itself takes
  if (price < 0n || price >= 1n << BigInt(QUANTIZED.priceBits)) {
    violation(where, `the mark must be from 0 to 2^${QUANTIZED.priceBits} - 1 in its unit`);
  }
  const bound = 1n << BigInt(BITS.price);
  if (fundingIndex <= -bound || fundingIndex >= bound) {
    violation(where, `the funding index must lie between -2^${BITS.price} and 2^${BITS.price} in its unit`);
  }
  // a margin above the notional has no witness
  for (const [rate, what] of [
    [baseRate, 'the base rate'],
    [fraction, 'the fraction'],
  ] as const) {
    if (rate < 0n || rate > RATE_SCALE) violation(where, `${what} must be from 0 to 1`);
  }
}
