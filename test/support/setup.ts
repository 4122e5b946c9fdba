import { twoAtATime } from '../../scripts/support/twoAtATime.js';
import { buildArtifacts } from '../../src/setup/artifacts.js';
import { circuitByName } from '../../src/setup/circuits.js';
import { ARTIFACTS } from './artifacts.js';
import { compileOnce } from './compileOnce.js';
import { SHARED } from './smallCircuits.js';

/** Circuits that tests prove with, the smallest of each kind; those that take longest first. */
const PROVEN = [
  'portfolio-8',
  'hybrid-4-45',
  'greeks-4',
  'standard-8',
  'weighted-8',
  'quantized-8',
  'tail-4-45',
  'parametric-4',
  'tiered-8',
  'liabilities-coverage-16',
  'liabilities-4x4',
  'liabilities-16x1',
  'liabilities-opening',
  'liabilities-start',
];

/** What several test files need, made before any test runs: of two that made it at once, one would do so in vain. */
export async function setup(): Promise<void> {
  const makes = [
    ...PROVEN.map((name) => () => buildArtifacts(circuitByName(name), ARTIFACTS)),
    ...SHARED.map((source) => () => compileOnce(source)),
  ];
  await twoAtATime(makes, async (make) => {
    await make();
  });
}
