import { ranged } from '../numbers/ranged.js';
import { WEIGHTED } from '../protocol/constants.js';

/** floor(sqrt(value)) of a number that is not negative, by Newton's steps from above. */
function rootOf(value: bigint): bigint {
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (let next = (root + value / root) >> 1n; next < root; next = (root + value / root) >> 1n) root = next;
  return root;
}

/** Twin of SizeRoot: the least root that the circuit takes, floor(sqrt(size x scale + 1)). */
export function sizeRoot(size: bigint, scale: bigint): bigint {
  const root = rootOf(size * scale + 1n);
  ranged(WEIGHTED.rootBits, root);
  return root;
}
