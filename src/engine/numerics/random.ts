import { seededRandom } from '../../book/seededRandom.js';
import { normalQuantile } from './elementary.js';

/** 2^53 */
const GRAINS = 9_007_199_254_740_992;

/**
 * Independent standard normal draws that the seed determines: SHAKE256 of the seed gives odd multiples of 2^-53, uniform
 * in (0, 1) and symmetric about 1/2, and each goes through the quantile. No draw is dropped or mirrored.
 */
export function normalDraws(seed: string): () => number {
  const random = seededRandom(seed);
  return () => normalQuantile((2 * Number(random.bits(52)) + 1) / GRAINS);
}
