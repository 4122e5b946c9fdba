import { ranged } from '../numbers/ranged.js';
import { QUANTIZED } from '../protocol/constants.js';

/** Twin of FundingSettlement: an account's funding in whole quantums, rounded down, also below zero. */
export function fundingSettlement(funding: bigint): bigint {
  const { quantum, fundingBits } = QUANTIZED;
  const toZero = funding / quantum;
  const quantums = toZero * quantum > funding ? toZero - 1n : toZero;
  ranged(fundingBits + 1, quantums + (1n << BigInt(fundingBits)));
  return quantums;
}
