import { QUANTIZED } from '../protocol/constants.js';
import type { QuantizedRowFields } from './quantizedRow.js';
import type { QuantumDigits } from './quantumNotional.js';
import { roundedUp } from './roundedUp.js';

/** Twin of MarginRequirement: ceil(ceil(notional x baseRate / 10^6) x fraction / 10^6) in quantums. */
export function marginRequirement(
  { low, middle, high }: QuantumDigits,
  { baseRate, fraction }: Pick<QuantizedRowFields, 'baseRate' | 'fraction'>,
): bigint {
  const lower = middle * baseRate + roundedUp(QUANTIZED.digitBits, low * baseRate);
  return high * baseRate * fraction + roundedUp(QUANTIZED.lowerMarginBits, lower * fraction);
}
