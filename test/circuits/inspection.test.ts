import { describe, expect, it } from 'vitest';
import { CIRCUITS } from '../../src/setup/circuits.js';
import { compileForTest } from '../support/circuit.js';

/** What the compiler's inspection says of our templates, and why each is right. */
const EXPLAINED: readonly (readonly [RegExp, string])[] = [
  [/"Ranged\(\d+\)": .* bits\.out /, 'the decomposition itself is the check; its bits are used inside Num2Bits'],
  [/"ListHash\(\d+,\d+\)": .* used /, 'only the first flag of each tail block decides; the others follow from it'],
  [
    /"(CollateralValue|PositionMargin)\(\)": Local signal row\.(key|tier|extension) /,
    'TableLookup constrains the whole row',
  ],
];

describe('the compiler’s inspection', () => {
  it('has nothing to say that is not explained', async () => {
    const circuit = CIRCUITS[0];
    if (circuit === undefined) throw new Error('there are no circuits');
    const { warnings } = await compileForTest(circuit);
    expect(warnings.filter((warning) => !EXPLAINED.some(([pattern]) => pattern.test(warning)))).toEqual([]);
    for (const [pattern, reason] of EXPLAINED)
      expect(
        warnings.some((warning) => pattern.test(warning)),
        reason,
      ).toBe(true);
  });
});

describe('circuits.json', () => {
  it.each(CIRCUITS.map((circuit) => [circuit.name, circuit] as const))('%s is within its budget', (_, circuit) => {
    expect(circuit.r1cs.constraints).toBeLessThanOrEqual(circuit.budget);
  });

  it('the smallest compiles to the constraints that it pins', async () => {
    const circuit = CIRCUITS[0];
    if (circuit === undefined) throw new Error('there are no circuits');
    const { r1cs } = await compileForTest(circuit);
    expect(r1cs.constraints.length).toBe(circuit.r1cs.constraints);
  });
});
