import { z } from 'zod';
import { beaconFields, MAX_CONTRIBUTIONS, powersOfTauSchema } from '../ceremony/transcript.js';
import { circuitName, patternText, sha256Text, wholeNumber } from '../formats/fields.js';
import { fileSchema, readFormat, writeFormat } from '../formats/readFormat.js';
import type { Setup } from '../proof/marginProof.js';

const FORMAT = 'manifest';

/** How the key came about, in words that nobody can take for a ceremony. */
export const DEVELOPMENT_SETUP = 'development, insecure';
export const CEREMONY_SETUP = 'ceremony';

// a name in the manifest's own folder, never a path
const file = z.strictObject({
  file: patternText(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be the name of a file'),
  sha256: sha256Text,
});
const files = { r1cs: file, wasm: file, sym: file, zkey: file, verificationKey: file };
const version = patternText(/^[0-9A-Za-z.+-]{1,40}$/, 'must be a version');

const common = {
  circuit: circuitName,
  /** of everything that the artifacts are made of: sources, parameters, tools */
  sourceHash: sha256Text,
  constraints: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  publicSignals: z.array(patternText(/^[A-Za-z_$][A-Za-z0-9_$]{0,63}$/, 'must be the name of a signal')),
  /** the verification key's name: see keyHash */
  keyHash: sha256Text,
  versions: z.strictObject({ circom2: version, snarkjs: version }),
};

/** What a folder of artifacts holds and where it came from: `zk-solvency/manifest`. */
export const manifestSchema = z.discriminatedUnion(
  'setup',
  [
    fileSchema(FORMAT, { ...common, setup: z.literal(DEVELOPMENT_SETUP), files: z.strictObject(files) }),
    fileSchema(FORMAT, {
      ...common,
      setup: z.literal(CEREMONY_SETUP),
      files: z.strictObject({ ...files, transcript: file }),
      /** what the transcript says, in short; the loader holds one against the other */
      ceremony: z.strictObject({
        contributions: wholeNumber(1, MAX_CONTRIBUTIONS),
        beacon: z.strictObject(beaconFields),
        powersOfTau: powersOfTauSchema,
      }),
    }),
  ],
  { error: `must have "setup": "${DEVELOPMENT_SETUP}" or "${CEREMONY_SETUP}"` },
);

export type Manifest = z.infer<typeof manifestSchema>;
export type CeremonyManifest = Extract<Manifest, { readonly setup: typeof CEREMONY_SETUP }>;

/** The kind of setup, as proofs and deployments name it. */
export const setupKind = ({ setup }: Manifest): Setup => (setup === CEREMONY_SETUP ? 'ceremony' : 'development');

/** How the keys came about, in words: what every output says that relies on them. */
export function setupInWords(manifest: Manifest): string {
  if (manifest.setup === DEVELOPMENT_SETUP) return `${DEVELOPMENT_SETUP}: whoever made them can forge proofs`;
  const { contributions, beacon, powersOfTau } = manifest.ceremony;
  const count = contributions === 1 ? '1 contribution' : `${contributions} contributions`;
  const phase1 =
    powersOfTau.origin === 'published'
      ? powersOfTau.name
      : `a phase 1 of its own, BLAKE2b ${powersOfTau.blake2b512.slice(0, 16)}`;
  return `ceremony of ${count} and a beacon (${beacon.source}), on ${phase1}`;
}

/** Reads a manifest; `where` names the file for errors. Errors: readFormat's. */
export const parseManifest = (text: string, where: string): Manifest =>
  readFormat(manifestSchema, text, { name: FORMAT, where });

export const serializeManifest = ({ format: _format, version: _version, ...fields }: Manifest): string =>
  writeFormat(FORMAT, fields);
