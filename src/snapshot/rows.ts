import { BITS } from '../protocol/constants.js';
import type { RiskRow } from '../risk/riskRow.js';
import { rowKey, type TableRowFields, tableRowHash } from '../risk/tableRow.js';
import type { AssetParameters, HaircutStep, LadderRule } from './snapshot.js';

/** The largest amount or size that a row can cover. */
export const MAX_AMOUNT = (1n << BigInt(BITS.amount)) - 1n;

/**
 * One tier of an instrument or one haircut step of an asset, with bounds in integer units:
 * it holds for floor <= |size| <= cap, and rows of one id neither overlap nor leave a gap.
 */
interface CutRow {
  /** index in the list of tiers or steps: not dense where a row that holds no integer was dropped */
  readonly tier: number;
  readonly sizeFloor: bigint;
  readonly sizeCap: bigint;
  /** margin rate or haircut factor in parts per million */
  readonly rate: bigint;
  /** in 1e-22 quote units: subtracted from an instrument's requirement, added to an asset's weighted value */
  readonly offset: bigint;
}

/** One affine piece: `rate x value -+ offset` for values up to `cap`, in 1e-16 quote units. */
export interface Piece {
  readonly cap: bigint | null;
  readonly rate: bigint;
  readonly offset: bigint;
}

/** The rows of one asset. A haircut counts what it is worth at most: additions are exact, so nothing is rounded here. */
export function assetRows(
  asset: AssetParameters,
  rule: LadderRule,
  extension = 0n,
): readonly RiskRow<TableRowFields>[] {
  return tableRows('asset', asset.assetId, asset.price, haircutPieces(completeLadder(asset.ladder), rule), extension);
}

/** The rows of a ladder as circuits see them, in the order of their tiers. */
export const tableRows = (
  kind: 'asset' | 'instrument',
  id: number,
  price: bigint,
  pieces: readonly Piece[],
  extension = 0n,
): readonly RiskRow<TableRowFields>[] =>
  cutRows(price, pieces).map(({ tier, sizeFloor, sizeCap, rate, offset }) => {
    const key = rowKey(kind, BigInt(id));
    const fields = { key, tier: BigInt(tier), price, sizeFloor, sizeCap, rate, offset, extension };
    return { kind, id, tier, sizeFloor, sizeCap, fields, hash: tableRowHash(fields) };
  });

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
function cutRows(price: bigint, pieces: readonly Piece[]): readonly CutRow[] {
  const rows: CutRow[] = [];
  let sizeFloor = 0n;
  for (const [tier, { cap, rate, offset }] of pieces.entries()) {
    const units = cap === null ? MAX_AMOUNT : cap / price;
    const sizeCap = units < MAX_AMOUNT ? units : MAX_AMOUNT;
    if (sizeCap < sizeFloor) continue;
    rows.push({ tier, sizeFloor, sizeCap, rate, offset });
    sizeFloor = sizeCap + 1n;
  }
  return rows;
}
