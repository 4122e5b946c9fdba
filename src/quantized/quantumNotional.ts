import { ranged } from '../numbers/ranged.js';
import { QUANTIZED, RATE_SCALE } from '../protocol/constants.js';

/** A notional in quantums: low + 10^6 middle + 10^12 high. */
export interface QuantumDigits {
  readonly low: bigint;
  readonly middle: bigint;
  readonly high: bigint;
}

/** Twin of QuantumNotional: |size| x price in whole quantums, what is left over dropped. */
export function quantumNotional(size: bigint, price: bigint): QuantumDigits & { readonly quantums: bigint } {
  const quantums = (size * price) / QUANTIZED.quantum;
  const high = quantums / RATE_SCALE / RATE_SCALE;
  ranged(QUANTIZED.highBits, high);
  return { low: quantums % RATE_SCALE, middle: (quantums / RATE_SCALE) % RATE_SCALE, high, quantums };
}
