import { constrain } from './constraint.js';

/** Twin of Membership: 1 in the slot with the named id, when the thing belongs anywhere. */
export function membership(belongs: bigint, name: bigint, id: readonly bigint[]): readonly bigint[] {
  const place = belongs === 1n ? id.indexOf(name) : -1;
  constrain(belongs === 0n || place >= 0, 'Membership', 'no slot has the id');
  return id.map((_, j) => (j === place ? 1n : 0n));
}
