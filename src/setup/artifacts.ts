import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { keyChainOf, requireTranscribed } from '../ceremony/keyChain.js';
import { type Ceremony, notSound, parseCeremony } from '../ceremony/transcript.js';
import { SolvencyError } from '../errors.js';
import { circuitName } from '../formats/fields.js';
import type { Setup } from '../proof/marginProof.js';
import { CIRCUITS, type CircuitInstance } from './circuits.js';
import { compileCircuit, sourceHash } from './compileCircuit.js';
import { DEVELOPMENT_KEY_VERSION, writeDevelopmentKey } from './developmentKey.js';
import { hashFile } from './hashFile.js';
import {
  CEREMONY_SETUP,
  type CeremonyManifest,
  DEVELOPMENT_SETUP,
  type Manifest,
  parseManifest,
  serializeManifest,
  setupKind,
} from './manifest.js';
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
  /** the record of the ceremony, where the manifest says that there was one */
  readonly transcript?: Uint8Array;
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
 * end, or not at all; keys from a ceremony are never replaced. Errors: COMPILE_FAILED, CANCELLED, UNREADABLE,
 * ARTIFACT_ALTERED (a ceremony's, damaged or of other sources).
 */
export async function buildArtifacts(
  circuit: BuildSource,
  folder: string,
  { signal, onProgress }: BuildOptions = {},
): Promise<Manifest> {
  const place = placeOf(folder, circuit.name);
  const present = await readIntact(place, circuit);
  if (present !== undefined) return present;
  if ((await setupOf(folder, circuit.name).catch(() => undefined)) === CEREMONY_SETUP) {
    throw new SolvencyError(
      'ARTIFACT_ALTERED',
      `The keys of ${circuit.name} are a ceremony's, and they are damaged or the circuit's sources are others now. A development key does not replace them: restore them, or move ${place} away.`,
      { details: { circuit: circuit.name } },
    );
  }
  onProgress?.('compiling', 0);
  return installArtifacts(
    circuit,
    folder,
    async ({ r1cs, zkey }) => {
      onProgress?.('making the key', 0);
      await writeDevelopmentKey(r1cs, zkey, {
        ...(signal === undefined ? {} : { signal }),
        onProgress: (fraction) => onProgress?.('making the key', fraction),
      });
      return { setup: DEVELOPMENT_SETUP };
    },
    signal,
  );
}

/** Where a key is made for artifacts: the compiled circuit, the file to write, and paths of files beside it. */
export interface KeyPlace {
  readonly r1cs: string;
  readonly zkey: string;
  at(name: string): string;
}

/** How a key was made, as the manifest says it; of a ceremony's also the name of its record, written beside the key. */
export type MadeSetup =
  | { readonly setup: typeof DEVELOPMENT_SETUP }
  | (Pick<CeremonyManifest, 'setup' | 'ceremony'> & { readonly transcript: string });

/**
 * Compiles a circuit, has its key made, and puts both into `<folder>/<name>/` with a manifest that pins every file, in one
 * step. Errors: COMPILE_FAILED, CANCELLED, those of `makeKey`, and INSECURE_KEY for a key that is not what its setup says.
 */
export async function installArtifacts(
  circuit: BuildSource,
  folder: string,
  makeKey: (place: KeyPlace) => Promise<MadeSetup>,
  signal: AbortSignal | undefined,
): Promise<Manifest> {
  const place = placeOf(folder, circuit.name);
  const stage = `${place}.${randomBytes(6).toString('hex')}.tmp`;
  const at = (name: string): string => join(stage, name);
  try {
    await mkdir(stage, { recursive: true });
    const compiled = await compileCircuit(circuit, stage, signal === undefined ? {} : { signal });
    const made = await makeKey({ r1cs: compiled.r1cs, zkey: at(ZKEY), at });
    const key = await exportVerificationKey(at(ZKEY));
    await writeFile(at(VERIFICATION_KEY), serializeVerificationKey(key));

    const pin = async (path: string) => ({ file: basename(path), sha256: await hashFile(path) });
    const files = {
      r1cs: await pin(compiled.r1cs),
      wasm: await pin(compiled.wasm),
      sym: await pin(compiled.sym),
      zkey: await pin(at(ZKEY)),
      verificationKey: await pin(at(VERIFICATION_KEY)),
    };
    const common = {
      format: 'zk-solvency/manifest' as const,
      version: 1 as const,
      circuit: circuit.name,
      sourceHash: await hashSources(circuit, made.setup),
      constraints: compiled.constraints,
      publicSignals: [...circuit.publicSignals],
      keyHash: keyHash(key),
      versions: { circom2: versionOf('circom2'), snarkjs: versionOf('snarkjs') },
    };
    const manifest: Manifest =
      made.setup === DEVELOPMENT_SETUP
        ? { ...common, setup: made.setup, files }
        : {
            ...common,
            setup: made.setup,
            ceremony: made.ceremony,
            files: { ...files, transcript: await pin(at(made.transcript)) },
          };
    await writeFile(at(MANIFEST), serializeManifest(manifest));
    // what was verified is elsewhere: the copies must hold by themselves
    if (manifest.setup === CEREMONY_SETUP) await loadFrom(stage, circuit.name);
    if (signal?.aborted) throw new SolvencyError('CANCELLED', 'The setup was cancelled.');
    return (await replaceFolder(stage, place))
      ? manifest
      : ((await readIntact(place, circuit)) ?? fail('INTERNAL', 'Two setups ran at once. Run it again.'));
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/**
 * Reads the artifacts of a circuit from `<folder>/<name>/` and checks every file against the manifest before any is used.
 * Keys are a ceremony's only when its record is there and tells of this very key, and the key holds the steps of the record.
 * Errors: ARTIFACT_MISSING, ARTIFACT_ALTERED (names the file), INSECURE_KEY, and readFormat's for the manifest.
 */
export const loadArtifacts = (folder: string, name: string): Promise<Artifacts> =>
  loadFrom(placeOf(folder, name), name);

async function loadFrom(place: string, name: string): Promise<Artifacts> {
  const text = (await readArtifact(place, MANIFEST, name)).toString('utf8');
  const manifest = checkedManifest(text, name);
  const { files } = manifest;
  for (const { file, sha256 } of [files.r1cs, files.sym]) {
    const found = await hashFile(join(place, file)).catch((cause) => missing(name, file, cause));
    if (found !== sha256) altered(file);
  }
  const transcript = await readTranscript(place, manifest);
  return artifactsFromMemory({
    manifest: text,
    wasm: await readArtifact(place, files.wasm.file, name),
    zkey: await readArtifact(place, files.zkey.file, name),
    verificationKey: await readArtifact(place, files.verificationKey.file, name),
    ...(transcript === undefined ? {} : { transcript }),
  });
}

const readTranscript = async (place: string, { files, circuit }: Manifest): Promise<Buffer | undefined> =>
  'transcript' in files ? readArtifact(place, files.transcript.file, circuit) : undefined;

/** Artifacts from their files' contents, after the checks of loadArtifacts. */
export function artifactsFromMemory(given: ArtifactFiles): Artifacts {
  const { wasm, zkey, verificationKey, transcript } = given;
  const manifest = parseManifest(given.manifest, MANIFEST);
  requireHash(wasm, manifest.files.wasm);
  requireHash(zkey, manifest.files.zkey);
  const ceremony = checkedTranscript(manifest, transcript);
  if (ceremony !== undefined) requireTranscribed(keyChainOf(zkey), ceremony);
  return {
    circuit: manifest.circuit,
    setup: setupKind(manifest),
    wasm,
    zkey,
    ...checkedKey(verificationKey, manifest),
    manifest,
  };
}

/**
 * The verification key of a circuit alone, checked like that of loadArtifacts, but that nothing is read of the proving key:
 * what the manifest and the record of a ceremony say of it is believed.
 */
export async function loadVerificationKey(
  folder: string,
  name: string,
): Promise<{ readonly verificationKey: VerificationKey; readonly keyHash: string; readonly manifest: Manifest }> {
  const place = placeOf(folder, name);
  const manifest = checkedManifest((await readArtifact(place, MANIFEST, name)).toString('utf8'), name);
  const bytes = await readArtifact(place, manifest.files.verificationKey.file, name);
  checkedTranscript(manifest, await readTranscript(place, manifest));
  return { ...checkedKey(bytes, manifest), manifest };
}

/** What the manifest of a circuit says; undefined when there is none. No other file is looked at. */
export async function manifestOf(folder: string, name: string): Promise<Manifest | undefined> {
  const text = await readFile(join(placeOf(folder, name), MANIFEST), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : checkedManifest(text, name);
}

/** How the keys of a circuit came about, by its manifest alone; undefined when there are none. */
export const setupOf = async (folder: string, name: string): Promise<Manifest['setup'] | undefined> =>
  (await manifestOf(folder, name))?.setup;

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
  if (!isOfItsCircuit(manifest)) altered(MANIFEST);
  return { verificationKey, keyHash: hash };
}

/** No file's hash covers names and counts: of a circuit that is pinned here they must be its own. */
function isOfItsCircuit({ circuit, constraints, publicSignals }: Manifest): boolean {
  const known = CIRCUITS.find(({ name }) => name === circuit);
  if (known === undefined) return true;
  return known.r1cs.constraints === constraints && isDeepStrictEqual(known.publicSignals, publicSignals);
}

/** The record of a ceremony, which must be the pinned file and tell of this circuit and this key; undefined without one. */
function checkedTranscript(manifest: Manifest, bytes: Uint8Array | undefined): Ceremony | undefined {
  if (manifest.setup === DEVELOPMENT_SETUP) return undefined;
  const { files, ceremony: told } = manifest;
  if (bytes === undefined) return missing(manifest.circuit, files.transcript.file, undefined);
  requireHash(bytes, files.transcript);
  const ceremony = parseCeremony(Buffer.from(bytes).toString('utf8'), files.transcript.file);
  const { beacon, contributions, powersOfTau } = ceremony;
  const isThisKey =
    ceremony.circuit === manifest.circuit &&
    ceremony.r1cs.sha256 === files.r1cs.sha256 &&
    beacon?.after === files.zkey.sha256 &&
    beacon.keyHash === manifest.keyHash;
  if (!isThisKey) throw notSound('its record is not of this key');
  const { source, value, iterationsExponent } = beacon;
  const said = { contributions: contributions.length, beacon: { source, value, iterationsExponent }, powersOfTau };
  if (!isDeepStrictEqual(said, told)) throw notSound('the manifest tells of it otherwise than its record');
  return ceremony;
}

/** The manifest in a folder whose every file is intact and made from these sources. */
async function readIntact(place: string, circuit: BuildSource): Promise<Manifest | undefined> {
  try {
    const manifest = checkedManifest(await readFile(join(place, MANIFEST), 'utf8'), circuit.name);
    if (manifest.sourceHash !== (await hashSources(circuit, manifest.setup))) return undefined;
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

/** Of everything that decides what is built: the texts, what is instantiated, the tools; a ceremony's key is made once. */
const hashSources = async (circuit: BuildSource, setup: Manifest['setup']): Promise<string> => {
  const keyMaker = setup === DEVELOPMENT_SETUP ? { keyMaker: DEVELOPMENT_KEY_VERSION } : {};
  return sha256(JSON.stringify({ circuit: await sourceHash(circuit), ...keyMaker }));
};

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
