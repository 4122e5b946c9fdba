import type { Holdings } from '../account/account.js';
import { type BookParameters, rowOf } from './bookParameters.js';
import type { TableChoice } from './tableChoice.js';

/** The rows of a table by name, so that sets of them can be kept. */
export type RowName =
  | `asset:${number}`
  | `step:${number}:${number}`
  | `instrument:${number}`
  | `tier:${number}:${number}`;

/**
 * The rows that an account's entries are looked up in. Errors: UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, OUT_OF_RANGE, see rowOf.
 */
export function neededRows(holdings: Holdings, parameters: BookParameters): readonly RowName[] {
  const rows: RowName[] = [];
  for (const { assetId, amount } of holdings.collateral) {
    const { row } = rowOf(parameters.assets, 'asset', assetId, amount > 0n ? amount : 0n);
    rows.push(`asset:${assetId}`);
    // a debt counts in full, in no step
    if (amount > 0n) rows.push(`step:${assetId}:${row.tier}`);
  }
  for (const { instrumentId, size } of holdings.positions) {
    const { row } = rowOf(parameters.instruments, 'instrument', instrumentId, size < 0n ? -size : size);
    rows.push(`instrument:${instrumentId}`, `tier:${instrumentId}:${row.tier}`);
  }
  return rows;
}

/** The names of a choice's rows. */
export const chosenRows = (choice: TableChoice): ReadonlySet<RowName> =>
  new Set<RowName>([
    ...choice.assets.map((id): RowName => `asset:${id}`),
    ...choice.steps.map(([id, tier]): RowName => `step:${id}:${tier}`),
    ...choice.instruments.map((id): RowName => `instrument:${id}`),
    ...choice.tiers.map(([id, tier]): RowName => `tier:${id}:${tier}`),
  ]);
