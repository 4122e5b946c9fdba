import { maximum } from '../numbers/maximum.js';
import { ranged } from '../numbers/ranged.js';
import { FINE_SCALE, PORTFOLIO } from '../protocol/constants.js';
import type { ScenarioFields } from './scenarios.js';

/** Twin of WorstLoss: the largest of the scenarios' weighted losses and the basis, in 1e-34 quote. */
export function worstLoss(
  scenarios: ScenarioFields,
  underlying: {
    /** per scenario slot, 1e-25 quote, signed */
    readonly change: readonly bigint[];
    /** 1e-16 quote */
    readonly shocked: bigint;
    readonly floors: bigint;
    readonly basis: bigint;
  },
): bigint {
  const losses = underlying.change.map((change, s) => {
    const moved = change + (scenarios.shock[s] as bigint) * underlying.shocked;
    return (
      FINE_SCALE * (scenarios.floorWeight[s] as bigint) * underlying.floors - (scenarios.weight[s] as bigint) * moved
    );
  });
  const basis = FINE_SCALE * FINE_SCALE * underlying.basis;
  const loss = maximum([basis, ...losses]);
  ranged(PORTFOLIO.lossBits, loss);
  ranged(PORTFOLIO.lossBits, loss - basis);
  for (const each of losses) ranged(PORTFOLIO.lossBits + 1, loss - each);
  return loss;
}
