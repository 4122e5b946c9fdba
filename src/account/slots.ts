import { SolvencyError } from '../errors.js';
import { padded } from '../numbers/padded.js';
import { BITS } from '../protocol/constants.js';
import type { Holdings } from './account.js';
import type { CollateralSlot } from './collateralEntry.js';
import type { PositionSlot } from './positionEntry.js';

const EMPTY_COLLATERAL: CollateralSlot = { gap: 0n, sign: 0n, magnitude: 0n };
const EMPTY_POSITION: PositionSlot = { gap: 0n, sizeSign: 0n, size: 0n, costSign: 0n, cost: 0n };

const signOf = (value: bigint): bigint => (value < 0n ? 1n : 0n);
const magnitudeOf = (value: bigint): bigint => (value < 0n ? -value : value);

/**
 * Checks that holdings have the one encoding that circuits accept: ids from 1 to 2^32 - 1, strictly increasing; amounts
 * and sizes other than zero within 64 bits, costs within 80. Codes: DUPLICATE, OUT_OF_RANGE, INVALID_INPUT.
 */
export function checkHoldings(holdings: Holdings): void {
  checkIds(
    holdings.collateral.map((entry) => entry.assetId),
    'collateral',
  );
  checkIds(
    holdings.positions.map((entry) => entry.instrumentId),
    'positions',
  );
  holdings.collateral.forEach(({ amount }, k) => {
    checkMagnitude(amount, BITS.amount, `collateral[${k}].amount`);
    checkNotZero(amount, `collateral[${k}].amount`);
  });
  holdings.positions.forEach(({ size, cost }, k) => {
    checkMagnitude(size, BITS.amount, `positions[${k}].size`);
    checkNotZero(size, `positions[${k}].size`);
    checkMagnitude(cost, BITS.cost, `positions[${k}].cost`);
  });
}

/** Balances as circuit slots, padded with zeros to `slots`. */
export function collateralSlots(holdings: Holdings, slots: number): readonly CollateralSlot[] {
  return padded(
    holdings.collateral.map(({ assetId, amount }, k) => ({
      gap: gapBefore(assetId, holdings.collateral[k - 1]?.assetId),
      sign: signOf(amount),
      magnitude: magnitudeOf(amount),
    })),
    EMPTY_COLLATERAL,
    slots,
  );
}

/** Positions as circuit slots, padded with zeros to `slots`. */
export function positionSlots(holdings: Holdings, slots: number): readonly PositionSlot[] {
  return padded(
    holdings.positions.map(({ instrumentId, size, cost }, k) => ({
      gap: gapBefore(instrumentId, holdings.positions[k - 1]?.instrumentId),
      sizeSign: signOf(size),
      size: magnitudeOf(size),
      costSign: signOf(cost),
      cost: magnitudeOf(cost),
    })),
    EMPTY_POSITION,
    slots,
  );
}

const gapBefore = (id: number, previous = 0): bigint => BigInt(id - previous - 1);

function checkIds(ids: readonly number[], list: string): void {
  ids.forEach((id, k) => {
    const where = `${list}[${k}]`;
    if (!Number.isInteger(id) || id < 1 || id >= 2 ** BITS.id) {
      throw new SolvencyError('OUT_OF_RANGE', `${where} has an id outside 1 to 2^${BITS.id} - 1.`, {
        details: { where },
      });
    }
    const previous = ids[k - 1] ?? 0;
    if (id === previous) {
      throw new SolvencyError(
        'DUPLICATE',
        `${where} repeats the id before it. Net each asset and instrument to one entry.`,
        {
          details: { where },
        },
      );
    }
    if (id < previous) {
      throw new SolvencyError('INVALID_INPUT', `${where} is out of order: entries are sorted by id.`, {
        details: { where },
      });
    }
  });
}

function checkMagnitude(value: bigint, bits: number, where: string): void {
  // a number or a string would compare like a bigint
  if (typeof value === 'bigint' && magnitudeOf(value) < 1n << BigInt(bits)) return;
  throw new SolvencyError('OUT_OF_RANGE', `${where} is no bigint that fits ${bits} bits in its smallest unit.`, {
    details: { where, bits },
  });
}

function checkNotZero(value: bigint, where: string): void {
  if (value !== 0n) return;
  throw new SolvencyError('NOT_REPRESENTABLE', `${where} is zero. Leave entries of zero out of the account.`, {
    details: { where },
  });
}
