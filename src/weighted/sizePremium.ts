import { ranged } from '../numbers/ranged.js';
import { WEIGHTED } from '../protocol/constants.js';

/** Twin of SizePremium: the least premium that the circuit takes, in parts per million, a multiple of `step`. */
export function sizePremium(root: bigint, premium: bigint, step: bigint): bigint {
  const steps = (root * premium) / (WEIGHTED.rootOne * step);
  ranged(WEIGHTED.stepsBits, steps);
  return steps * step;
}
