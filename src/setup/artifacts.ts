import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SolvencyError } from '../errors.js';
import { circuitName } from '../formats/fields.js';
import type { Setup } from '../proof/marginProof.js';
import type { CircuitInstance } from './circuits.js';
import { compileCircuit, sourceHash } from './compileCircuit.js';
import { DEVELOPMENT_KEY_VERSION, writeDevelopmentKey } from './developmentKey.js';
import { DEVELOPMENT_SETUP, type Manifest, parseManifest, serializeManifest } from './manifest.js';
import {
  exportVerificationKey,
  keyHash,
  parseVerificationKey,
  serializeVerificationKey,
  type VerificationKey,
} from './verificationKey.js';

/** What it takes to prove with a circuit, all of it checked. */
export interface Artifacts {
  readonly circuit: string;
  readonly setup: Setup;
  readonly wasm: Uint8Array;
  readonly zkey: Uint8Array;
  readonly verificationKey: VerificationKey;
  readonly keyHash: string;
  readonly manifest: Manifest;
}

/** The files of artifacts as they are, unchecked. */
export interface ArtifactFiles {
  readonly manifest: string;
  readonly wasm: Uint8Array;
  readonly zkey: Uint8Array;
  readonly verificationKey: Uint8Array;
}

export type BuildStep = 'compiling' | 'making the key';

export interface BuildOptions {
  readonly signal?: AbortSignal;
  /** told the part of the step that is done, up to 1 */
  readonly onProgress?: (step: BuildStep, fraction: number) => void;
}

type BuildSource = Pick<CircuitInstance, 'name' | 'file' | 'template' | 'parameters' | 'publicSignals'>;

const MANIFEST = 'manifest.json';
const ZKEY = 'circuit.zkey';
const VERIFICATION_KEY = 'verificationKey.json';

/**
 * Compiles a circuit and makes a development key of it (insecure: see writeDevelopmentKey) in `<folder>/<name>/`, unless
 * what is there was made from the same sources by the same tools and is intact. What is there changes in one step at the
 * end, or not at all. Errors: COMPILE_FAILED, CANCELLED, UNREADABLE.
 */
export async function buildArtifacts(
  circuit: BuildSource,
  folder: string,
  { signal, onProgress }: BuildOptions = {},
): Promise<Manifest> {
  const place = placeOf(folder, circuit.name);
  const made = await hashSources(circuit);
  const present = await readIntact(place, circuit.name, made);
  if (present !== undefined) return present;

  const stage = `${place}.${randomBytes(6).toString('hex')}.tmp`;
  const at = (name: string): string => join(stage, name);
  try {
    await mkdir(stage, { recursive: true });
    onProgress?.('compiling', 0);
    const compiled = await compileCircuit(circuit, stage, signal === undefined ? {} : { signal });
    onProgress?.('making the key', 0);
    await writeDevelopmentKey(compiled.r1cs, at(ZKEY), {
      ...(signal === undefined ? {} : { signal }),
      onProgress: (fraction) => onProgress?.('making the key', fraction),
    });
    const key = await exportVerificationKey(at(ZKEY));
    await writeFile(at(VERIFICATION_KEY), serializeVerificationKey(key));

    const pin = async (path: string) => ({ file: basename(path), sha256: await hashFile(path) });
    const manifest: Manifest = {
      format: 'zk-solvency/manifest',
      version: 1,
      circuit: circuit.name,
      setup: DEVELOPMENT_SETUP,
      sourceHash: made,
      constraints: compiled.constraints,
      publicSignals: [...circuit.publicSignals],
      files: {
        r1cs: await pin(compiled.r1cs),
        wasm: await pin(compiled.wasm),
        sym: await pin(compiled.sym),
        zkey: await pin(at(ZKEY)),
        verificationKey: await pin(at(VERIFICATION_KEY)),
      },
      keyHash: keyHash(key),
      versions: { circom2: versionOf('circom2'), snarkjs: versionOf('snarkjs') },
    };
    await writeFile(at(MANIFEST), serializeManifest(manifest));
    if (signal?.aborted) throw new SolvencyError('CANCELLED', 'The setup was cancelled.');
    return (await replaceFolder(stage, place))
      ? manifest
      : ((await readIntact(place, circuit.name, made)) ?? fail('INTERNAL', 'Two setups ran at once. Run it again.'));
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/**
 * Reads the artifacts of a circuit from `<folder>/<name>/` and checks every file against the manifest before any is used.
 * Errors: ARTIFACT_MISSING, ARTIFACT_ALTERED (names the file), INSECURE_KEY, and readFormat's for the manifest.
 */
export async function loadArtifacts(folder: string, name: string): Promise<Artifacts> {
  const place = placeOf(folder, name);
  const manifest = await readArtifact(place, MANIFEST, name);
  const { files } = checkedManifest(manifest.toString('utf8'), name);
  for (const { file, sha256 } of [files.r1cs, files.sym]) {
    const found = await hashFile(join(place, file)).catch((cause) => missing(name, file, cause));
    if (found !== sha256) altered(file);
  }
  return artifactsFromMemory({
    manifest: manifest.toString('utf8'),
    wasm: await readArtifact(place, files.wasm.file, name),
    zkey: await readArtifact(place, files.zkey.file, name),
    verificationKey: await readArtifact(place, files.verificationKey.file, name),
  });
}

/** Artifacts from their files' contents, after the checks of loadArtifacts. */
export function artifactsFromMemory({ manifest: text, wasm, zkey, verificationKey }: ArtifactFiles): Artifacts {
  const manifest = parseManifest(text, MANIFEST);
  requireHash(wasm, manifest.files.wasm);
  requireHash(zkey, manifest.files.zkey);
  return {
    circuit: manifest.circuit,
    setup: 'development',
    wasm,
    zkey,
    ...checkedKey(verificationKey, manifest),
    manifest,
  };
}

/** The verification key of a circuit alone, checked like that of loadArtifacts. */
export async function loadVerificationKey(
  folder: string,
  name: string,
): Promise<{ readonly verificationKey: VerificationKey; readonly keyHash: string; readonly manifest: Manifest }> {
  const place = placeOf(folder, name);
  const manifest = checkedManifest((await readArtifact(place, MANIFEST, name)).toString('utf8'), name);
  const bytes = await readArtifact(place, manifest.files.verificationKey.file, name);
  return { ...checkedKey(bytes, manifest), manifest };
}

/** How the keys of a circuit came about; undefined when there are none. Reads the manifest alone. */
export async function setupOf(folder: string, name: string): Promise<Manifest['setup'] | undefined> {
  const text = await readFile(join(placeOf(folder, name), MANIFEST), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : checkedManifest(text, name).setup;
}

function placeOf(folder: string, name: string): string {
  // names come from proofs too: one that is a path must not lead out of the folder
  if (!circuitName.safeParse(name).success) fail('INVALID_INPUT', 'The name of the circuit is not a plain name.');
  return join(folder, name);
}

function checkedManifest(text: string, name: string): Manifest {
  const manifest = parseManifest(text, `${name}/${MANIFEST}`);
  if (manifest.circuit !== name) altered(MANIFEST);
  return manifest;
}

function checkedKey(
  bytes: Uint8Array,
  manifest: Manifest,
): { readonly verificationKey: VerificationKey; readonly keyHash: string } {
  const { verificationKey: pinned } = manifest.files;
  requireHash(bytes, pinned);
  const verificationKey = parseVerificationKey(Buffer.from(bytes).toString('utf8'), pinned.file);
  const hash = keyHash(verificationKey);
  // the hash of the file is the file's; this one is what verifiers trust
  if (hash !== manifest.keyHash || verificationKey.nPublic !== manifest.publicSignals.length) altered(pinned.file);
  return { verificationKey, keyHash: hash };
}

/** The manifest in a folder whose every file is intact and made from these sources. */
async function readIntact(place: string, name: string, sourceHash: string): Promise<Manifest | undefined> {
  try {
    const manifest = checkedManifest(await readFile(join(place, MANIFEST), 'utf8'), name);
    if (manifest.sourceHash !== sourceHash) return undefined;
    for (const { file, sha256 } of Object.values(manifest.files)) {
      if ((await hashFile(join(place, file))) !== sha256) return undefined;
    }
    return manifest;
  } catch {
    // missing or of an older version: it is made anew
    return undefined;
  }
}

/** Puts a finished folder in its place; false when another process did so in the same moment. */
async function replaceFolder(stage: string, place: string): Promise<boolean> {
  const old = `${stage}.old`;
  try {
    await rename(place, old).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(stage, place);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    await rename(old, place).catch(() => {});
    throw error;
  } finally {
    await rm(old, { recursive: true, force: true });
  }
}

/** Of everything that decides what is built: the texts, what is instantiated, the tools. */
const hashSources = async (circuit: BuildSource): Promise<string> =>
  sha256(JSON.stringify({ circuit: await sourceHash(circuit), keyMaker: DEVELOPMENT_KEY_VERSION }));

const require = createRequire(import.meta.url);

/** The version of an installed package, also of one that does not export its package.json. */
function versionOf(name: string): string {
  const path = (require.resolve.paths(name) ?? []).map((folder) => join(folder, name, 'package.json'));
  for (const candidate of path) {
    try {
      return (require(candidate) as { readonly version: string }).version;
    } catch {
      // not in this folder; the next one up
    }
  }
  return fail('INTERNAL', `The package ${name} is not installed. Install the dependencies.`);
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function requireHash(
  data: Uint8Array,
  { file, sha256: expected }: { readonly file: string; readonly sha256: string },
): void {
  if (sha256(data) !== expected) altered(file);
}

const readArtifact = (place: string, file: string, name: string): Promise<Buffer> =>
  readFile(join(place, file)).catch((cause) => missing(name, file, cause));

function missing(name: string, file: string, cause: unknown): never {
  throw new SolvencyError(
    'ARTIFACT_MISSING',
    `${file} of the circuit ${name} is missing. Make it with: zk-solvency setup ${name}`,
    { details: { circuit: name, file }, cause },
  );
}

function altered(file: string): never {
  throw new SolvencyError(
    'ARTIFACT_ALTERED',
    `${file} is not the file that the manifest names: it was changed or is damaged. Run the setup again.`,
    { details: { file } },
  );
}

function fail(code: 'INVALID_INPUT' | 'INTERNAL', message: string): never {
  throw new SolvencyError(code, message);
}
