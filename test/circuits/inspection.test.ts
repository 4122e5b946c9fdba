import { describe, expect, it } from 'vitest';
import { CIRCUITS, circuitByName } from '../../src/setup/circuits.js';
import { smallestArtifacts } from '../support/artifacts.js';
import { warningsOf } from '../support/compileOnce.js';
import { SMALL } from '../support/smallCircuits.js';

/** What the compiler's inspection says of our templates, and why each is right. */
const EXPLAINED: readonly (readonly [RegExp, string])[] = [
  [/"Ranged\(\d+\)": .* bits\.out /, 'the decomposition itself is the check; its bits are used inside Num2Bits'],
  [
    /"ListHash\(\d+,\d+\)": .* used(\[0\])? /,
    'only the first flag of each tail block decides; the others follow from it',
  ],
  [
    /"(CollateralValue|PositionMargin|PositionTerms|QuantizedPosition|\w+Position)\(\)": Local signal row\.\w+ /,
    'TableLookup constrains the whole row',
  ],
  [/"ExpiryChange\(\)": Local signal row\.(key|underlying|perpetual|charge) /, 'TableLookup constrains the whole row'],
  [/"ExpiryChange\(\)": Local signal row\.chargeWithPerpetual /, 'TableLookup constrains the whole row'],
  [
    /"(\w+Margin|MeasuredHoldings)\(\d+,\d+\)": .* collateral\.value /,
    'only the portfolio model needs values before haircuts',
  ],
  [/"TailMargin\([\d,]+\)": .* measures\.stress /, 'a tail by itself has no stress scenarios'],
  [/"PortfolioMargin\([\d,]+\)": .* underlying\.used /, 'an unused slot has id 0, which nothing names'],
  [/"(NakedShorts|ExpiryMargins)\(\d+\)": .*\.positive /, 'only what is short counts; SignSplit constrains both parts'],
  [/"NakedShorts\(\d+\)": Local signal netting\[0\] /, 'the first slot has none before it'],
  [/"LiabilitiesOpening\(\)": .* book\.challenge /, 'a verifier has the totals, and compresses them there itself'],
  [/"ExpiryMargins\(\d+\)": Local signal sorted\[\d+\]\.expiry /, 'StrikeOrder has put the places in runs by it'],
];

describe('the compiler’s inspection', () => {
  it('has nothing to say that is not explained', async () => {
    const warnings: string[] = [];
    for (const source of SMALL) warnings.push(...(await warningsOf(source)));
    expect(warnings.filter((warning) => !EXPLAINED.some(([pattern]) => pattern.test(warning)))).toEqual([]);
    for (const [pattern, reason] of EXPLAINED)
      expect(
        warnings.some((warning) => pattern.test(warning)),
        reason,
      ).toBe(true);
  });

  it('has looked at every family', () => {
    const families = new Set(CIRCUITS.map(({ template }) => template));
    expect(new Set(SMALL.map(({ template }) => template))).toEqual(families);
  });
});

describe('circuits.json', () => {
  it.each(CIRCUITS.map((circuit) => [circuit.name, circuit] as const))('%s is within its budget', (_, circuit) => {
    expect(circuit.r1cs.constraints).toBeLessThanOrEqual(circuit.budget);
  });

  it('the smallest compiles to the constraints that it pins', async () => {
    const { circuit, manifest } = await smallestArtifacts();
    expect(manifest.constraints).toBe(circuitByName(circuit).r1cs.constraints);
  });
});
