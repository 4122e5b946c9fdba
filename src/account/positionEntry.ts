import { boolean } from '../numbers/boolean.js';
import { constrain } from '../numbers/constraint.js';
import { nonZeroIf } from '../numbers/nonZeroIf.js';
import { ranged } from '../numbers/ranged.js';
import { BITS } from '../protocol/constants.js';

/** One slot of a list of positions, as the circuit sees it. */
export interface PositionSlot {
  /** id minus the previous id minus 1 */
  readonly gap: bigint;
  /** 1 for a short */
  readonly sizeSign: bigint;
  readonly size: bigint;
  /** 1 for a negative cost basis */
  readonly costSign: bigint;
  readonly cost: bigint;
}

const SIZE_SIGN_AT = BigInt(BITS.id);
const SIZE_AT = SIZE_SIGN_AT + 1n;
const COST_SIGN_AT = SIZE_AT + BigInt(BITS.amount);
const COST_AT = COST_SIGN_AT + 1n;

/** Twin of PositionEntry: gap | size sign | size | cost sign | cost. */
export function positionEntry(used: bigint, { gap, sizeSign, size, costSign, cost }: PositionSlot): bigint {
  ranged(BITS.id, gap);
  boolean(sizeSign);
  ranged(BITS.amount, size);
  boolean(costSign);
  ranged(BITS.cost, cost);
  nonZeroIf(size, used);
  nonZeroIf(cost, costSign);
  const packed = gap | (sizeSign << SIZE_SIGN_AT) | (size << SIZE_AT) | (costSign << COST_SIGN_AT) | (cost << COST_AT);
  constrain(used === 1n || packed === 0n, 'PositionEntry', 'a slot of padding is not zero');
  return packed;
}
