import { resolve } from 'node:path';
import { type Artifacts, buildArtifacts, loadArtifacts } from '../../src/setup/artifacts.js';
import { circuitByName } from '../../src/setup/circuits.js';

/** Where tests and the demo build circuits and keys; kept from run to run, by the hash of their sources. */
export const ARTIFACTS = resolve(import.meta.dirname, '../../artifacts');

/** The smallest circuit with its keys, ready before any test runs (vitest runs `setup`). */
export const smallestArtifacts = (): Promise<Artifacts> => loadArtifacts(ARTIFACTS, 'tiered-8');

/** Circuits that tests prove with, the smallest of each kind. */
const PROVEN = [
  'tiered-8',
  'liabilities-4x4',
  'liabilities-16x1',
  'liabilities-start',
  'liabilities-opening',
  'liabilities-coverage-16',
];

export async function setup(): Promise<void> {
  for (const name of PROVEN) await buildArtifacts(circuitByName(name), ARTIFACTS);
}
