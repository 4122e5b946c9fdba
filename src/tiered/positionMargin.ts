import type { PositionSlot } from '../account/positionEntry.js';
import { withinTier } from '../margin/withinTier.js';
import { COST_SCALE } from '../protocol/constants.js';
import type { RowTerms } from '../risk/tableRow.js';

/** Twin of PositionMargin: unrealised profit and loss in 1e-16 quote, requirement in 1e-22 quote. */
export function positionMargin(
  used: bigint,
  { sizeSign, size, costSign, cost }: Omit<PositionSlot, 'gap'>,
  row: RowTerms,
): { readonly pnl: bigint; readonly requirement: bigint } {
  withinTier(size, row.sizeFloor, row.sizeCap);
  const notional = size * row.price;
  const pnl = (1n - 2n * sizeSign) * notional - COST_SCALE * (1n - 2n * costSign) * cost;
  return { pnl, requirement: row.rate * notional - used * row.offset };
}
