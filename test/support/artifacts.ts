import { resolve } from 'node:path';
import { type Artifacts, loadArtifacts } from '../../src/setup/artifacts.js';

/** Where tests and the demo build circuits and keys; kept from run to run, by the hash of their sources. */
export const ARTIFACTS = resolve(import.meta.dirname, '../../artifacts');

/** The smallest circuit with its keys, ready before any test runs. */
export const smallestArtifacts = (): Promise<Artifacts> => loadArtifacts(ARTIFACTS, 'tiered-8');
