import { signSplit } from '../numbers/signSplit.js';
import { BITS } from '../protocol/constants.js';

/** Twin of NakedShorts: per slot, the units short and not netted; a slot that the next one joins counts there. */
export function nakedShorts(
  id: readonly bigint[],
  size: readonly bigint[],
  netting: readonly bigint[],
): readonly bigint[] {
  const joins: boolean[] = [];
  size.forEach((_, k) => {
    joins[k] = k > 0 && netting[k] === 1n && id[k] === (id[k - 1] as bigint) + 1n && joins[k - 1] !== true;
  });
  return size.map((own, k) => {
    const net = signSplit(BITS.amount + 1, joins[k] === true ? own + (size[k - 1] as bigint) : own);
    return joins[k + 1] === true ? 0n : net.negative;
  });
}
