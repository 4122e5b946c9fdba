import { BITS } from '../protocol/constants.js';
import type { AssetParameters, HaircutStep, InstrumentParameters, LadderRule, Snapshot } from './snapshot.js';

/** The largest amount or size that a row can cover. */
export const MAX_AMOUNT = (1n << BigInt(BITS.amount)) - 1n;

/**
 * One tier of an instrument or one haircut step of an asset, with bounds in integer units:
 * it holds for sizeFloor <= |size| <= sizeCap, and rows of one id neither overlap nor leave a gap.
 */
export interface TableRow {
  readonly kind: 'asset' | 'instrument';
  readonly id: number;
  /** index in the snapshot's list of tiers or steps: not dense where a row that holds no integer was dropped */
  readonly tier: number;
  readonly price: bigint;
  readonly sizeFloor: bigint;
  readonly sizeCap: bigint;
  /** margin rate or haircut factor in parts per million */
  readonly rate: bigint;
  /** in 1e-22 quote units: subtracted from an instrument's requirement, added to an asset's weighted value */
  readonly offset: bigint;
}

/** One affine piece: `rate x value -+ offset` for values up to `cap`, in 1e-16 quote units. */
interface Piece {
  readonly cap: bigint | null;
  readonly rate: bigint;
  readonly offset: bigint;
}

/**
 * All rows of a valid snapshot's table in their order: assets, then instruments, each in the snapshot's order, tiers
 * ascending. A row's position in the table is its index here.
 */
export function snapshotRows(snapshot: Snapshot): readonly TableRow[] {
  return [
    ...snapshot.assets.flatMap((asset) => assetRows(asset, snapshot.model.haircuts)),
    ...snapshot.instruments.flatMap(instrumentRows),
  ];
}

/** The rows of one asset. A haircut counts what it is worth at most: additions are exact, so nothing is rounded here. */
export function assetRows(asset: AssetParameters, rule: LadderRule): readonly TableRow[] {
  return cutRows('asset', asset.assetId, asset.price, haircutPieces(completeLadder(asset.ladder), rule));
}

/**
 * The rows of one instrument. A size above a finite last cap has no row and cannot be proven at all: the venue
 * states no requirement for it.
 */
export function instrumentRows(instrument: InstrumentParameters): readonly TableRow[] {
  const pieces = instrument.tiers.map((tier) => ({ cap: tier.notionalCap, rate: tier.rate, offset: tier.deduction }));
  return cutRows('instrument', instrument.instrumentId, instrument.price, pieces);
}

/** A haircut ladder that covers every value: what lies beyond a finite last cap counts zero, and so does no ladder. */
export function completeLadder(ladder: readonly HaircutStep[]): readonly HaircutStep[] {
  const last = ladder.at(-1);
  if (last === undefined) return [{ valueCap: null, factor: 0n }];
  if (last.valueCap === null) return ladder;
  if (last.factor === 0n) return [...ladder.slice(0, -1), { valueCap: null, factor: 0n }];
  return [...ladder, { valueCap: null, factor: 0n }];
}

/** Marginal: the addition makes the weighted value continuous where the factor falls. Whole: nothing is added. */
function haircutPieces(ladder: readonly HaircutStep[], rule: LadderRule): readonly Piece[] {
  let offset = 0n;
  return ladder.map(({ valueCap, factor }, step) => {
    const below = ladder[step - 1];
    if (rule === 'marginal' && below !== undefined) offset += (below.valueCap ?? 0n) * (below.factor - factor);
    return { cap: valueCap, rate: factor, offset };
  });
}

/**
 * Bounds of value as bounds of size. u * price <= cap exactly when u <= floor(cap / price), so a size that stands on
 * a boundary belongs to the lower tier, and the next tier starts one unit above. Both bounds in every row stop a
 * prover from taking the affine piece of another tier.
 */
function cutRows(kind: TableRow['kind'], id: number, price: bigint, pieces: readonly Piece[]): readonly TableRow[] {
  const rows: TableRow[] = [];
  let sizeFloor = 0n;
  for (const [tier, { cap, rate, offset }] of pieces.entries()) {
    const units = cap === null ? MAX_AMOUNT : cap / price;
    const sizeCap = units < MAX_AMOUNT ? units : MAX_AMOUNT;
    if (sizeCap < sizeFloor) continue;
    rows.push({ kind, id, tier, price, sizeFloor, sizeCap, rate, offset });
    sizeFloor = sizeCap + 1n;
  }
  return rows;
}
