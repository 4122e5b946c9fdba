import { maximum } from '../numbers/maximum.js';
import { ranged } from '../numbers/ranged.js';
import { FINE_SCALE, MEASURE } from '../protocol/constants.js';
import type { UnderlyingRowFields } from './underlyingRow.js';

/** Net sensitivities of an account to one underlying, 1e-12 quote, signed. */
export interface NetGreeks {
  readonly delta: bigint;
  readonly gamma: bigint;
  readonly vega: bigint;
}

const SCALE = 2n * FINE_SCALE;

/** Twin of ShockedLoss: the worst loss over the shocks, 1e-21 quote, rounded up. */
export function shockedLoss({ move, volatility }: UnderlyingRowFields, { delta, gamma, vega }: NetGreeks): bigint {
  for (const net of [delta, gamma, vega]) ranged(MEASURE.netBits + 1, net + (1n << BigInt(MEASURE.netBits)));
  const gains = move.map((each, i) => SCALE * (delta * each + vega * (volatility[i] as bigint)) + gamma * each * each);
  const loss = (maximum([0n, ...gains.map((gain) => -gain)]) + SCALE - 1n) / SCALE;
  ranged(MEASURE.measureBits, loss);
  for (const gain of gains) ranged(MEASURE.shockedBits, SCALE * loss + gain);
  return loss;
}
