import { expect, it } from 'vitest';
import { laneElements } from '../../src/measure/changesHash.js';
import type { MeasuredContract } from '../../src/measure/measureRow.js';
import { factorLoss } from '../../src/measure/parametricLoss.js';
import { leastPivots } from '../../src/measure/pivots.js';
import { scenarioMeasures } from '../../src/measure/scenarioMeasures.js';
import { shockedLoss } from '../../src/measure/shockedLoss.js';
import { tailRules } from '../../src/measure/tailRules.js';
import type { TailMeasure } from '../../src/snapshot/snapshot.js';

// the worked examples of docs/models.md, in quote units of 1e-12 and measures of 1e-21
const UNIT = 10n ** 12n;
const MEASURE_UNIT = 10n ** 21n;
const FINE = 10n ** 9n;

it('Greeks: a fall of 8% with volatility up ten points costs 71,200', () => {
  const shock = { key: 0n, move: [(-8n * FINE) / 100n], volatility: [FINE / 10n] };
  const net = { delta: 500_000n * UNIT, gamma: -6_000_000n * UNIT, vega: -120_000n * UNIT };
  expect(shockedLoss(shock, net)).toBe(71_200n * MEASURE_UNIT);
});

it('parametric: two factors of correlation 0.8 cost 5,601.75', () => {
  // quantile 2.326 x volatility x the Cholesky factor of the correlation: 1; 0.8, 0.6
  const cholesky = [
    [93_040_000n, 0n],
    [93_040_000n, 69_780_000n],
  ];
  const contract = { exposures: [100_000n * UNIT, -60_000n * UNIT] } as unknown as MeasuredContract;
  // the page has whole cents, to the nearest
  const cents = (factorLoss([1n], [contract], cholesky) + 5n * 10n ** 18n) / 10n ** 19n;
  expect(cents).toBe(560_175n);
});

it.each([
  ['expected shortfall', 65_840n],
  ['value at risk', 50_000n],
] as const)('%s: 6.25 of 250 losses are in the tail', (measure, cents) => {
  const losses = [900n, 700n, 650n, 600n, 580n, 560n, 500n, ...Array<bigint>(243).fill(10n)];
  const scenarios = losses.map((_, day) => `day ${day}`);
  const rules = { ...tailRules({ measure, confidence: 975_000n, scenarios } satisfies TailMeasure), stressCount: 0n };
  const totals = laneElements(
    losses.map((loss) => -loss * UNIT),
    6,
  );
  const pivots = leastPivots(totals, rules);
  expect(pivots.pivot).toBe(500n * UNIT);
  expect(scenarioMeasures(totals, rules, pivots).tail / 10n ** 19n).toBe(cents);
});
