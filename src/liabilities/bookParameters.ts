import { SolvencyError } from '../errors.js';
import { BITS, LIABILITIES } from '../protocol/constants.js';
import type { RiskRow } from '../risk/riskRow.js';
import type { RiskTable } from '../risk/riskTable.js';
import type { RowTerms, TableRowFields } from '../risk/tableRow.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import type { TieredSnapshot } from '../snapshot/snapshot.js';

/** The largest amount or size in a book. */
export const MAX_BOOK_AMOUNT = (1n << BigInt(LIABILITIES.amountBits)) - 1n;

/** One haircut step or margin tier, its cap cut at the largest amount of a book. */
export interface BookRow extends RowTerms {
  readonly id: number;
  readonly tier: number;
}

/** An asset or instrument as a book sees it. */
export interface BookThing {
  readonly id: number;
  /** quote per unit, with 16 - amountDecimals decimals */
  readonly price: bigint;
  readonly rows: readonly BookRow[];
}

export interface BookInstrument extends BookThing {
  readonly settleAsset: number;
}

/** The risk snapshot by id: what an account of a book is valued with. */
export interface BookParameters {
  readonly riskRoot: bigint;
  readonly assets: ReadonlyMap<number, BookThing>;
  readonly instruments: ReadonlyMap<number, BookInstrument>;
  /** what instruments settle in, what most settle in first */
  readonly settleAssets: readonly number[];
  /** the same, then all other assets by id: circuits take the first of them as their settle assets */
  readonly settleOrder: readonly number[];
}

/**
 * A tiered snapshot by id. Errors: MISMATCH for a snapshot of another model, whose requirement the circuits of a book do
 * not compute; INVALID_SNAPSHOT when an instrument settles in an asset that the snapshot has no price of.
 */
export function bookParameters(table: RiskTable): BookParameters {
  const { snapshot } = table;
  if (snapshot.model.family !== 'tiered') {
    throw new SolvencyError(
      'MISMATCH',
      `A book is valued under a snapshot of the tiered model, and this one is of the model ${snapshot.model.family}.`,
      { details: { family: snapshot.model.family } },
    );
  }
  const rows = rowsById(table.rows as readonly RiskRow<TableRowFields>[]);
  const { assets, instruments } = snapshot as TieredSnapshot;
  const entries = new Map<number, RegistryEntry>(snapshot.registry.entries.map((entry) => [entry.id, entry]));
  const thing = (id: number, price: bigint): BookThing => ({ id, price, rows: rows.get(id) ?? [] });
  const byAsset = new Map(assets.map(({ assetId, price }) => [assetId, thing(assetId, price)]));
  const byInstrument = new Map(
    instruments.map(({ instrumentId, price }) => {
      const settleAsset = entries.get(instrumentId)?.settleAsset as number;
      if (!byAsset.has(settleAsset)) {
        throw new SolvencyError(
          'INVALID_SNAPSHOT',
          `${entries.get(instrumentId)?.symbol} settles in an asset that the snapshot has no price of.`,
          { details: { instrument: instrumentId, settleAsset } },
        );
      }
      return [instrumentId, { ...thing(instrumentId, price), settleAsset }];
    }),
  );
  const settleAssets = bySettlement([...byInstrument.values()]);
  const others = [...byAsset.keys()].filter((id) => !settleAssets.includes(id)).sort((a, b) => a - b);
  return {
    riskRoot: table.riskRoot,
    assets: byAsset,
    instruments: byInstrument,
    settleAssets,
    settleOrder: [...settleAssets, ...others],
  };
}

/** What instruments settle in: what most of them do first, then by id, so that small circuits take what matters. */
function bySettlement(instruments: readonly BookInstrument[]): readonly number[] {
  const counts = new Map<number, number>();
  for (const { settleAsset } of instruments) counts.set(settleAsset, (counts.get(settleAsset) ?? 0) + 1);
  return [...counts].sort(([a, timesA], [b, timesB]) => timesB - timesA || a - b).map(([id]) => id);
}

/** Assets and instruments share the ids of a registry, so one map holds both. */
function rowsById(rows: readonly RiskRow<TableRowFields>[]): ReadonlyMap<number, readonly BookRow[]> {
  const byId = new Map<number, BookRow[]>();
  for (const { id, tier, sizeFloor, sizeCap, fields } of rows) {
    if (sizeFloor > MAX_BOOK_AMOUNT) continue;
    const { price, rate, offset } = fields;
    const row = { id, tier, price, sizeFloor, sizeCap: smaller(sizeCap, MAX_BOOK_AMOUNT), rate, offset };
    const known = byId.get(id);
    if (known === undefined) byId.set(id, [row]);
    else known.push(row);
  }
  for (const [id, known] of byId) byId.set(id, complete(known));
  return byId;
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The largest rate that a snapshot can hold: 16.8 times the notional. */
const BEYOND_RATE = (1n << BigInt(BITS.rate)) - 1n;

/**
 * A venue states no requirement for a size beyond its largest tier, and a margin proof refuses it. A book leaves nobody out:
 * there it is asked for the largest rate there is, so that such an account is counted in full and hardly has standing.
 * Haircut ladders end with a step of factor zero, and so need no further row.
 */
function complete(rows: readonly BookRow[]): BookRow[] {
  const last = rows.at(-1);
  if (last === undefined || last.sizeCap >= MAX_BOOK_AMOUNT) return [...rows];
  const { id, tier, price, sizeCap } = last;
  const limits = { sizeFloor: sizeCap + 1n, sizeCap: MAX_BOOK_AMOUNT };
  return [...rows, { id, tier: tier + 1, price, ...limits, rate: BEYOND_RATE, offset: 0n }];
}

/**
 * The row in which an amount (not negative) lies; UNKNOWN_ASSET and UNKNOWN_INSTRUMENT when there are no parameters,
 * OUT_OF_RANGE for an amount of 2^63 or more.
 */
export function rowOf<Thing extends BookThing>(
  things: ReadonlyMap<number, Thing>,
  kind: 'asset' | 'instrument',
  id: number,
  amount: bigint,
): { readonly thing: Thing; readonly row: BookRow } {
  const thing = things.get(id);
  if (thing === undefined) {
    const code = kind === 'asset' ? 'UNKNOWN_ASSET' : 'UNKNOWN_INSTRUMENT';
    throw new SolvencyError(code, `The snapshot has no parameters for an ${kind} that an account holds.`);
  }
  const row = thing.rows.find(({ sizeFloor, sizeCap }) => sizeFloor <= amount && amount <= sizeCap);
  if (row !== undefined) return { thing, row };
  throw new SolvencyError('OUT_OF_RANGE', `An ${kind} is held in an amount of 2^63 units or more.`);
}
