import type { PositionSlot } from '../account/positionEntry.js';
import { COST_SCALE } from '../protocol/constants.js';
import { marginRequirement } from './marginRequirement.js';
import type { QuantizedRowFields } from './quantizedRow.js';
import { quantumNotional } from './quantumNotional.js';

/** What one position adds to an account. */
export interface QuantizedTerms {
  /** signed notional in whole quantums, rounded toward zero */
  readonly value: bigint;
  /** not yet settled, 1e-16 quote, positive where the account receives */
  readonly funding: bigint;
  /** quantums */
  readonly requirement: bigint;
}

/** Twin of QuantizedPosition. */
export function quantizedPosition(
  { sizeSign, size, costSign, cost }: PositionSlot,
  row: QuantizedRowFields,
): QuantizedTerms {
  const { quantums, ...digits } = quantumNotional(size, row.price);
  const side = 1n - 2n * sizeSign;
  return {
    value: side * quantums,
    funding: -side * size * row.fundingIndex - COST_SCALE * (1n - 2n * costSign) * cost,
    requirement: marginRequirement(digits, row),
  };
}
