import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../../src/engine/numerics/elementary.js';
import { normalDraws } from '../../../src/engine/numerics/random.js';

const drawn = (seed: string, count: number): readonly number[] => Array.from({ length: count }, normalDraws(seed));

describe('normal draws', () => {
  it('are those that Python computes: hashlib.shake_256, then the quantile to 50 digits by mpmath', () => {
    expect(drawn('engine test', 6)).toEqual([
      1.2003798103255945, 0.8894894597221744, -1.5667380973086622, 0.7353119627612549, -1.0288461727861762,
      -0.27856656597944635,
    ]);
  });

  it('differ with the seed', () => {
    expect(drawn('a', 3)).not.toEqual(drawn('b', 3));
  });

  it('follow the distribution: Kolmogorov distance below 1.63 / sqrt(n), which 1% of samples exceed', () => {
    const sample = [...drawn('distance', 2_000)].sort((a, b) => a - b);
    const distance = Math.max(
      ...sample.map((z, index) => Math.max(normalCdf(z) - index / 2_000, (index + 1) / 2_000 - normalCdf(z))),
    );
    expect(distance).toBeLessThan(1.63 / Math.sqrt(2_000));
    expect(distance).toBeGreaterThan(0.001);
  });
});
