import { idSlots } from '../numbers/idSlots.js';
import { membership } from '../numbers/membership.js';
import { type RowOpening, tableLookup } from '../risk/tableLookup.js';
import type { MeasureRowFields } from './measureRow.js';
import { shockedLoss } from './shockedLoss.js';
import { type UnderlyingRowFields, underlyingRowHash } from './underlyingRow.js';

/** The slots for underlyings of a circuit. */
export interface UnderlyingSlots {
  readonly underlyingCount: bigint;
  readonly underlyingGap: readonly bigint[];
  readonly underlyings: readonly RowOpening<UnderlyingRowFields>[];
}

/** Twin of GreeksLoss: the losses of all underlyings, 1e-21 quote. */
export function greeksLoss(
  used: readonly bigint[],
  size: readonly bigint[],
  rows: readonly MeasureRowFields[],
  { underlyingCount, underlyingGap, underlyings }: UnderlyingSlots,
  nodes: readonly bigint[],
): bigint {
  const slots = idSlots(underlyingCount, underlyingGap);
  underlyings.forEach(({ row, place }, u) => {
    const key = { key: row.key, hash: underlyingRowHash(row) };
    tableLookup('underlying', slots.used[u] as bigint, slots.id[u] as bigint, key, place, nodes);
  });
  return netLoss(
    used,
    size,
    rows,
    slots.id,
    underlyings.map(({ row }) => row),
  );
}

/** The same from underlyings that were looked up; `id` of each slot. */
export function netLoss(
  used: readonly bigint[],
  size: readonly bigint[],
  rows: readonly MeasureRowFields[],
  id: readonly bigint[],
  underlyings: readonly UnderlyingRowFields[],
): bigint {
  const of = rows.map(({ underlying }, k) => membership(used[k] === 1n && underlying !== 0n ? 1n : 0n, underlying, id));
  return underlyings.reduce((losses, underlying, u) => {
    const net = (greek: (row: MeasureRowFields) => bigint): bigint =>
      rows.reduce((sum, row, k) => sum + (of[k]?.[u] as bigint) * (size[k] as bigint) * greek(row), 0n);
    const greeks = { delta: net((row) => row.delta), gamma: net((row) => row.gamma), vega: net((row) => row.vega) };
    return losses + shockedLoss(underlying, greeks);
  }, 0n);
}
