import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { buildArtifacts } from '../../src/setup/artifacts.js';
import { CIRCUITS } from '../../src/setup/circuits.js';
import {
  type CircuitSource,
  COMPILER,
  circuitSources,
  compileCircuit,
  WARNINGS,
} from '../../src/setup/compileCircuit.js';
import { ARTIFACTS } from './artifacts.js';
import { IN_MUTANT } from './switches.js';

/** Where compiled circuits of tests are kept, by the hash of what they are compiled from. */
export const COMPILED = resolve(import.meta.dirname, '../../build/test-circuits');

/** The folder of a compiled circuit; compiled once for the same sources. */
export async function compileOnce(source: CircuitSource, { keepLinear = false } = {}): Promise<string> {
  const { file, template, parameters, publicSignals } = source;
  // nothing is proven with a mutant, and keys would take longer than the rest of its tests
  const instance = CIRCUITS.find((circuit) => !keepLinear && !IN_MUTANT && isSame(circuit, source));
  if (instance !== undefined) {
    await buildArtifacts(instance, ARTIFACTS);
    return join(ARTIFACTS, instance.name);
  }
  // a copy of the project elsewhere compiles to the same
  const place = isAbsolute(file) ? relative(COMPILED, file) : file;
  const what = [COMPILER, place, template, parameters, publicSignals, keepLinear];
  const hash = createHash('sha256').update(JSON.stringify(what));
  for (const path of await circuitSources(file)) hash.update(await readFile(path));
  const folder = join(COMPILED, hash.digest('hex').slice(0, 32));
  if (!existsSync(folder)) {
    await mkdir(COMPILED, { recursive: true });
    const making = await mkdtemp(`${folder}.`);
    await compileCircuit(source, making, { keepLinear });
    // another test process may have been faster
    await rename(making, folder).catch(() => rm(making, { recursive: true, force: true }));
  }
  return folder;
}

/** An instance that is proven with as well is compiled for that, and tests look at what it compiled to. */
const isSame = (circuit: CircuitSource, source: CircuitSource): boolean =>
  circuit.template === source.template && circuit.parameters.join() === source.parameters.join();

/** What the compiler's inspection says of a circuit. */
export const warningsOf = async (source: CircuitSource): Promise<readonly string[]> =>
  JSON.parse(await readFile(join(await compileOnce(source), WARNINGS), 'utf8')) as string[];
