import { boolean } from '../numbers/boolean.js';
import { constrain } from '../numbers/constraint.js';
import { nonZeroIf } from '../numbers/nonZeroIf.js';
import { ranged } from '../numbers/ranged.js';
import { BITS } from '../protocol/constants.js';

/** One slot of a list of balances, as the circuit sees it. */
export interface CollateralSlot {
  /** id minus the previous id minus 1 */
  readonly gap: bigint;
  /** 1 for a debt */
  readonly sign: bigint;
  readonly magnitude: bigint;
}

const SIGN_AT = BigInt(BITS.id);
const MAGNITUDE_AT = SIGN_AT + 1n;
/** bits of a packed balance */
export const COLLATERAL_ENTRY_BITS = MAGNITUDE_AT + BigInt(BITS.amount);

/** Twin of CollateralEntry: gap | sign | magnitude. */
export function collateralEntry(used: bigint, { gap, sign, magnitude }: CollateralSlot): bigint {
  ranged(BITS.id, gap);
  boolean(sign);
  ranged(BITS.amount, magnitude);
  nonZeroIf(magnitude, used);
  const packed = gap | (sign << SIGN_AT) | (magnitude << MAGNITUDE_AT);
  constrain(used === 1n || packed === 0n, 'CollateralEntry', 'a slot of padding is not zero');
  return packed;
}
