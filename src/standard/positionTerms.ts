import type { PositionSlot } from '../account/positionEntry.js';
import { COST_SCALE } from '../protocol/constants.js';
import type { OptionSlot } from './optionSlot.js';
import type { StandardRowFields } from './standardRow.js';

/** What one position adds, in 1e-16 quote. */
export interface Terms {
  /** value of a perpetual, less the cost of any position; signed */
  readonly pnl: bigint;
  readonly charge: bigint;
  readonly option: OptionSlot;
}

/** Twin of PositionTerms. */
export function positionTerms(
  used: bigint,
  { sizeSign, size, costSign, cost }: PositionSlot,
  row: StandardRowFields,
): Terms {
  const short = sizeSign * size;
  const long = size - short;
  const signedSize = long - short;
  const calls = row.call * signedSize;
  const puts = row.put * signedSize;
  return {
    pnl: row.price * (signedSize - calls - puts) - COST_SCALE * (1n - 2n * costSign) * cost,
    charge: row.longCharge * long + row.shortCharge * short,
    option: {
      expiry: used * row.expiry,
      strike: used * row.strike,
      calls,
      puts,
      isolated: row.isolated * short,
      unpaired: row.unpaired,
    },
  };
}
