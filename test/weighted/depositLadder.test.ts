import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateCaps } from '../../src/snapshot/validate.js';
import { depositLadder } from '../../src/venues/drift/depositLadder.js';
import { assetWeightAt } from '../../src/venues/drift/model.js';

const between = (min: bigint, max: bigint) => fc.bigInt({ min, max });
const PRICE = 10n ** 9n;

/** What a ladder counts of an amount, 1e-22 quote. */
function counted(ladder: ReturnType<typeof depositLadder>, amount: bigint): bigint {
  let [sum, floor] = [0n, 0n];
  for (const { valueCap, factor } of ladder) {
    const top = valueCap === null || amount * PRICE < valueCap ? amount * PRICE : valueCap;
    if (top > floor) sum += (top - floor) * factor;
    if (valueCap !== null) floor = valueCap;
  }
  return sum;
}

const market = fc.record({
  weight: between(500n, 10_000n),
  imfFactor: between(1n, 100_000n),
  amountDecimals: fc.constantFrom(5, 6, 8, 9),
  price: fc.constant(PRICE),
});

describe('the ladder of a deposit', () => {
  it('never counts more than the venue, and not much less', () => {
    let asked = 0;
    fc.assert(
      fc.property(market, between(0n, 14n), between(-1n, 1n), between(0n, 1_000n), (terms, knot, beside, part) => {
        const ladder = depositLadder(terms);
        expect(ladder).toHaveLength(16);
        const caps = ladder.map(({ valueCap }) => valueCap);
        validateCaps(caps, 'ladder');
        const at = (caps[Number(knot)] as bigint) / PRICE;
        for (const amount of [at + beside, (at * (1_000n + part)) / 2_000n]) {
          if (amount <= 0n || amount >= 1n << 64n) continue;
          const weight = assetWeightAt(amount * 10n ** BigInt(9 - terms.amountDecimals), terms.imfFactor, terms.weight);
          if (weight < 10n) continue;
          const [venue, ours] = [amount * PRICE * weight * 100n, counted(ladder, amount)];
          expect(ours <= venue).toBe(true);
          // 0.6% for the chord, and two steps of the weight
          if (amount <= (caps[14] as bigint) / PRICE && amount > 1_000n) {
            expect(ours >= (venue * 994n) / 1_000n - amount * PRICE * 200n).toBe(true);
            asked++;
          }
        }
      }),
      { seed: 20541, numRuns: 500 },
    );
    expect(asked).toBeGreaterThan(300);
  });

  it('is flat without a discount for size', () => {
    expect(depositLadder({ weight: 8_000n, imfFactor: 0n, amountDecimals: 9, price: PRICE })).toEqual([
      { valueCap: null, factor: 800_000n },
    ]);
  });
});
